import type { FaultRates } from './fault-rates.ts';
import type { ActionRates } from './action-profile.ts';
import { drawReconcile, type ReconcileRates } from './reconcile-profile.ts';
import { createRandom, type Random } from './random.ts';
import { drawSlack, type SlackRates } from './slack-profile.ts';

/** How the network between senders and us behaves, while faults are on. */
export interface NetworkRates {
  readonly requestLost: number;
  readonly answerLost: number;
  readonly duplicated: number;
  readonly delayed: number;
  readonly maxDelayMs: number;
}

export interface TickRates {
  readonly missing: number;
  readonly repeated: number;
  readonly delayed: number;
}

export interface StreamRates {
  readonly redelivered: number;
  /** Share of the chaos during which the stream stands still. */
  readonly stalled: number;
}

export interface PagerRates {
  readonly down: number;
  readonly slow: number;
  readonly rejecting: number;
  /** Events that one routing key may send in a minute before the pager answers 429. */
  readonly perMinute: number;
}

export interface PeopleRates {
  readonly acknowledge: number;
  readonly unacknowledge: number;
  readonly resolve: number;
  readonly reopen: number;
  readonly remark: number;
  readonly byApi: number;
  /** Acknowledges at the very instant of a deadline. */
  readonly lastSecond: number;
  readonly thinkMs: number;
  /** How late the pager may tell of it: after 15 minutes its word alone does not count. */
  readonly toldLateMs: number;
}

export interface AlertRates {
  readonly groups: number;
  readonly alertsPerGroup: number;
  readonly changesPerAlert: number;
  readonly isPair: boolean;
  readonly gossipLost: number;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
  readonly maxAlerts: number;
  readonly isFlapping: boolean;
}

/** Everything that one seed decides before anything happens: swarm testing. */
export interface Profile {
  readonly seed: number;
  readonly chaosMs: number;
  /** Longest usual time of one half of a port call. */
  readonly latencyMs: number;
  /** Share of the chaos in which single calls fail; the rest is quiet, so that bounds can hold. */
  readonly stormy: number;
  readonly faults: FaultRates;
  readonly network: NetworkRates;
  readonly ticks: TickRates;
  readonly stream: StreamRates;
  readonly pager: PagerRates;
  readonly people: PeopleRates;
  readonly alertmanager: AlertRates;
  readonly cloudIncidents: number;
  readonly unreadableBodies: number;
  readonly stormGroups: number;
  /** Null where nobody has Slack. */
  readonly slack: SlackRates | null;
  /** Null where there is no token for PagerDuty's REST API. */
  readonly reconcile: ReconcileRates | null;
  /** Null where nothing may be acted on. */
  readonly actions: ActionRates | null;
}

/** Either absent, or anything up to `most`, small values being likelier. */
const rate = (random: Random, most: number): number =>
  random.chance(0.4) ? 0 : most * random.next() ** 2;

const rates = (random: Random, most: FaultRates): FaultRates => ({
  killedBefore: rate(random, most.killedBefore),
  killedAfter: rate(random, most.killedAfter),
  answerLost: rate(random, most.answerLost),
  throttled: rate(random, most.throttled),
  conflict: rate(random, most.conflict),
  slow: rate(random, most.slow),
});

/** Draws the actors, faults and intensities of one seed. A third of all seeds know no call faults. */
export function drawProfile(seed: number): Profile {
  const random = createRandom(seed, 'profile');
  const isRough = random.chance(0.65);
  // A stream of its own: seeds that know no hard weather are as they were before there was any.
  const hard = createRandom(seed, 'hard weather');
  const isHard = hard.chance(0.3);
  const most = isRough ? (isHard ? 0.25 : 0.12) : 0;
  const chaosMs = 60_000 * random.int(20, 60);
  return {
    seed,
    chaosMs,
    slack: drawSlack(seed, chaosMs),
    reconcile: drawReconcile(seed, chaosMs),
    actions: null,
    latencyMs: random.pick([0, 5, 40, 200]),
    stormy: isRough ? random.next() : 0,
    faults: rates(random, {
      killedBefore: most / 3,
      killedAfter: most / 3,
      answerLost: most,
      throttled: most,
      conflict: most,
      slow: most / 3,
    }),
    network: {
      requestLost: rate(random, isRough ? 0.2 : 0.02),
      answerLost: rate(random, isRough ? 0.3 : 0.05),
      duplicated: rate(random, 0.4),
      delayed: rate(random, 0.3),
      maxDelayMs: random.pick([2_000, 30_000, 300_000]),
    },
    ticks: {
      missing: rate(random, isRough ? 0.3 : 0),
      repeated: rate(random, 0.4),
      delayed: rate(random, isRough ? 0.4 : 0),
    },
    stream: { redelivered: rate(random, 0.3), stalled: rate(random, 0.7) },
    pager: {
      down: rate(random, 0.5),
      slow: rate(random, 0.2),
      rejecting: rate(random, 0.1),
      perMinute: random.pick([6, 30, 120]),
    },
    people: { ...drawPeople(random), toldLateMs: isHard ? hard.pick(latenessMs) : 0 },
    alertmanager: drawAlerts(random),
    cloudIncidents: random.chance(0.5) ? random.int(1, 5) : 0,
    unreadableBodies: random.chance(0.2) ? random.int(1, 3) : 0,
    stormGroups: random.chance(0.2) ? random.int(5, 14) : 0,
  };
}

const latenessMs: readonly [number, ...number[]] = [0, 20_000, 180_000, 1_500_000];

const drawPeople = (random: Random): Omit<PeopleRates, 'toldLateMs'> => ({
  acknowledge: random.chance(0.2) ? 0 : random.next(),
  unacknowledge: rate(random, 0.8),
  resolve: rate(random, 0.7),
  reopen: rate(random, 0.5),
  remark: rate(random, 0.5),
  byApi: random.chance(0.4) ? 0 : random.next(),
  lastSecond: rate(random, 1),
  thinkMs: random.pick([20_000, 120_000, 600_000]),
});

const drawAlerts = (random: Random): AlertRates => ({
  groups: random.int(1, 4),
  alertsPerGroup: random.int(1, 4),
  changesPerAlert: random.int(1, 5),
  isPair: random.chance(0.6),
  gossipLost: rate(random, 1),
  groupIntervalMs: random.pick([15_000, 60_000, 180_000]),
  repeatIntervalMs: random.pick([120_000, 600_000, 1_800_000]),
  maxAlerts: random.chance(0.15) ? random.int(1, 3) : 0,
  isFlapping: random.chance(0.3),
});
