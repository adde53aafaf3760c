import type { ChatView } from '../../domain/announce/message.ts';
import type { TenantPolicy } from '../../domain/policy/policy.ts';
import { err, type Result } from '../../domain/shared/result.ts';
import type { SlackActor } from '../../domain/slack/request.ts';
import { refused } from '../verbs/answers.ts';
import type { Scene, SlackDeps, Told } from './deps.ts';
import { principalOf, strangerText, type SlackPrincipal } from './principal.ts';

/** A request whose signature was found good. */
export interface Received {
  /** Those of the policy whose signing secret it was signed with; never none. */
  readonly tenants: readonly [TenantPolicy, ...TenantPolicy[]];
  /** Digest of the whole body, in which Slack puts something new each time. */
  readonly seal: string;
  readonly requestId: string;
}

/** What a stranger gets to see, and in which workspace. */
export interface Stranger {
  readonly tenant: TenantPolicy;
  readonly reply: Told;
}

/** Whose request it is; a stranger leaves a line in the log. */
export function whoAsks(
  deps: SlackDeps,
  { tenants, requestId }: Received,
  actor: SlackActor,
): Result<SlackPrincipal, Stranger> {
  const principal = principalOf(tenants, actor);
  if (principal.ok) return principal;
  const [tenant] = tenants;
  deps.log.warn('A request of a stranger in Slack was refused.', {
    who: actor.userId,
    team: actor.teamId,
    via: 'slack',
    tenant: tenant.id,
    policyVersion: deps.policy.version,
    requestId,
    outcome: 'refused',
    why: principal.error,
  });
  return err({ tenant, reply: refused(strangerText) });
}

/** What a reply is shown with. */
export async function sceneOf(
  { consoleUrl }: SlackDeps,
  tenant: TenantPolicy,
  reply: Told,
): Promise<Scene> {
  const isCard = reply.kind === 'card';
  return { tenant, consoleUrl: isCard ? await consoleUrl(tenant.id, reply.incident.id) : '' };
}

/** Opens a window for whoever has just clicked. False, with a line in the log, when Slack does not. */
export async function openView(
  { chat, log }: SlackDeps,
  to: { readonly tenant: string; readonly triggerId: string; readonly requestId: string },
  view: ChatView,
): Promise<boolean> {
  const { tenant, triggerId, requestId } = to;
  const opened = await chat.openView(tenant, { triggerId, view });
  if (!opened.ok) {
    log.warn('Slack did not open a window.', { tenant, requestId, why: opened.error });
  }
  return opened.ok;
}
