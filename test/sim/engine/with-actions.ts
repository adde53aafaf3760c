import { drawActions, minuteMs } from './action-profile.ts';
import type { Profile } from './profile.ts';
import { createRandom } from './random.ts';

/** The world of a seed with targets in it: quiet elsewhere, so that actions are what happens. */
export function withActionRates(profile: Profile): Profile {
  const random = createRandom(profile.seed, 'action profile');
  const chaosMs = random.int(20, 40) * minuteMs;
  const isRough = random.chance(0.6);
  return {
    ...profile,
    chaosMs,
    slack: null,
    reconcile: null,
    cloudIncidents: 0,
    unreadableBodies: 0,
    stormGroups: 0,
    stormy: isRough ? profile.stormy / 2 : 0,
    stream: { ...profile.stream, stalled: 0 },
    pager: { ...profile.pager, down: 0, slow: 0, rejecting: 0 },
    people: { ...profile.people, toldLateMs: 0, resolve: profile.people.resolve / 2 },
    alertmanager: {
      ...profile.alertmanager,
      groups: random.int(0, 1),
      alertsPerGroup: 1,
      maxAlerts: 0,
      groupIntervalMs: 15_000,
    },
    actions: drawActions(random, { seed: profile.seed, chaosMs, isRough }),
  };
}
