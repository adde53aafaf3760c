import type { RoleName } from '../incident/coordination.ts';
import type { Principal } from '../incident/principal.ts';
import type { Incident } from '../incident/state.ts';
import type { PersonPolicy } from '../policy/policy.ts';

/** Slack ids of people of the policy; those whom Slack does not know are left out. */
export const slackIdsOf = (
  people: readonly PersonPolicy[],
  ids: readonly string[],
): readonly string[] =>
  people.flatMap(({ id, slackUserId }) =>
    slackUserId !== null && ids.includes(id) ? [slackUserId] : [],
  );

/** Slack ids of those whom PagerDuty knows by these. */
export const slackIdsOfPager = (
  people: readonly PersonPolicy[],
  pagerIds: readonly string[],
): readonly string[] =>
  people.flatMap(({ pagerdutyUserId, slackUserId }) =>
    slackUserId !== null && pagerdutyUserId !== null && pagerIds.includes(pagerdutyUserId)
      ? [slackUserId]
      : [],
  );

export const holdersOf = (incident: Incident, role: RoleName): readonly string[] =>
  incident.roles.filter((holder) => holder.role === role).map(({ person }) => person.id);

/** Ids of those who answer for the incident: its commander, or else who acknowledged it. */
export function leadsOf(incident: Incident): readonly string[] {
  const commanders = holdersOf(incident, 'commander');
  if (commanders.length > 0) return commanders;
  return incident.state === 'acknowledged' ? personIds(incident.acknowledgedBy) : [];
}

/** The id of the person who acted, if it was one. */
export const personIds = (by: Principal): readonly string[] =>
  by.kind === 'person' ? [by.id] : [];

/** Who acted, in a few words; the channel only where it is another one than this. */
export function whoActed(by: Principal): string {
  switch (by.kind) {
    case 'source':
      return `source ${by.sourceId}`;
    case 'system':
      return 'Tocsin';
    case 'person':
      return by.via === 'slack' ? by.name : `${by.name} (${channelNames[by.via]})`;
  }
}

const channelNames: Readonly<Record<'api' | 'console' | 'pagerduty', string>> = {
  api: 'API',
  console: 'console',
  pagerduty: 'PagerDuty',
};
