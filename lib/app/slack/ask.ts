import type { ChatPlace } from '../../domain/announce/message.ts';
import type { Ask } from '../verbs/ask.ts';
import type { SlackDeps } from './deps.ts';
import { incidentOfPlace } from './here.ts';
import type { SlackPrincipal } from './principal.ts';
import type { Received } from './replying.ts';

/** What is the same for everything that a person of Slack asks for. */
export function askOf(
  deps: SlackDeps,
  asked: SlackPrincipal & { readonly received: Received; readonly place: ChatPlace | null },
): Omit<Ask, 'verb'> {
  const { tenant, person, place, received } = asked;
  return {
    tenant,
    person,
    by: { kind: 'person', via: 'slack', id: person.id, name: person.name },
    args: '',
    drawn: null,
    fields: null,
    occurredAtMs: null,
    message: null,
    requestId: received.requestId,
    seal: received.seal,
    here: () => incidentOfPlace(deps, tenant.id, place),
  };
}
