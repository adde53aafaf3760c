import { hours } from '../../domain/shared/time.ts';
import type { ChatFailure } from '../../ports/chat.ts';
import { openOperatorIncident } from '../operator-incident.ts';
import type { AnnounceDeps, ChatTenant } from './deps.ts';

/** The same trouble opens no second incident within this time. */
const oncePerMs = hours(24);

/**
 * The chat will not come back by itself: its credentials or the default channel are no good. Tells
 * the operators by an incident, which pages as any other. Best effort: nothing else waits for it.
 */
export async function tellOperators(
  deps: AnnounceDeps,
  tenant: ChatTenant,
  { about, reason, message }: ChatFailure,
): Promise<void> {
  const nowMs = deps.clock.now();
  deps.log.error('The chat of a tenant needs a person.', { tenant: tenant.id, reason, message });
  const topic = `chat:${about}`;
  const isFirst = await deps.store.claim({
    tenant: tenant.id,
    id: topic,
    atMs: nowMs,
    keepForMs: oncePerMs,
  });
  if (!isFirst.ok || !isFirst.value) return;
  const summary =
    about === 'channel'
      ? `Slack's default channel ${tenant.slack.channel} cannot be used (${reason}). Incidents are ` +
        'paged as before and shown in the console. Invite the app to the channel or unarchive ' +
        'it, or name another one in the policy.'
      : `Slack refuses our credentials (${reason}). Incidents are paged as before and shown in ` +
        'the console. Install the app again and put its token into the Slack secret.';
  const body = JSON.stringify({ topic, reason, atMs: nowMs });
  const opened = await openOperatorIncident(deps, {
    tenant,
    topic,
    severity: 'P2',
    rule: 'chat-out-of-reach',
    alerts: [
      {
        fingerprint: deps.hashing.digest(topic).slice(0, 16),
        startsAtMs: nowMs,
        name: 'ChatOutOfReach',
        summary,
        labels: { reason, channel: tenant.slack.channel },
      },
    ],
    body: new TextEncoder().encode(body),
    setDigest: deps.hashing.digest(body),
    requestId: `${topic} ${nowMs}`,
  });
  if (!opened.ok) deps.log.error('No incident could be opened about it.', { why: opened.error });
}
