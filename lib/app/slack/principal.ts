import type { PersonPolicy, SlackPolicy, TenantPolicy } from '../../domain/policy/policy.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { SlackActor } from '../../domain/slack/request.ts';

/** A person of the policy, in the tenant whose workspace the request came from. */
export interface SlackPrincipal {
  readonly tenant: TenantPolicy;
  readonly person: PersonPolicy;
}

/** The one answer to whoever is nobody in the policy: it never says what was wrong. */
export const strangerText =
  'You cannot steer incidents from here. Whoever keeps the policy can add your Slack user id.';

/**
 * Who a verified request is of. `tenants` are those whose signing secret it was signed with; of
 * them, the payload's own workspace and user id decide, and nothing else in it. Guests, bots and
 * whoever the policy does not name are nobody: the error says why, for the log alone.
 */
export function principalOf(
  tenants: readonly TenantPolicy[],
  actor: SlackActor,
): Result<SlackPrincipal, string> {
  const tenant = tenants.find(({ slack }) => slack !== null && isFrom(actor, slack));
  if (tenant === undefined) return err('the workspace is not the one of the policy');
  if (actor.isBot) return err('it is a bot');
  if (actor.isGuest) return err('it is a guest');
  if (actor.userId === '') return err('the payload names no user');
  const person = tenant.people.find(({ slackUserId }) => slackUserId === actor.userId);
  return person === undefined
    ? err('the policy names nobody with this user id')
    : ok({ tenant, person });
}

/** Of the workspace itself, or of the organisation for which the app was installed as a whole. */
function isFrom(actor: SlackActor, slack: Pick<SlackPolicy, 'teamId' | 'enterpriseId'>): boolean {
  const { teamId, enterpriseId, userTeamId } = actor;
  // Where the policy names an organisation, the workspace of another one is a stranger's.
  if (slack.enterpriseId !== null && enterpriseId !== slack.enterpriseId) return false;
  const homes = [slack.teamId, slack.enterpriseId];
  if (userTeamId !== null && !homes.includes(userTeamId)) return false;
  return teamId === slack.teamId || (teamId === null && slack.enterpriseId !== null);
}
