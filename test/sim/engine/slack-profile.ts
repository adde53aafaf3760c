import type { FaultRates } from './fault-rates.ts';
import { createRandom, type Random } from './random.ts';

/** What one seed decides about Slack. */
export interface SlackRates {
  /** Nothing is ever told to Slack: the twin of a run that is compared with it. */
  readonly isOff: boolean;
  /** Whether the run is compared with one in which Slack is off. */
  readonly isCompared: boolean;
  /** How the announcer's own calls fail, and those of Slack's Web API. */
  readonly faults: FaultRates;
  /** Share of the time in which they do. */
  readonly stormy: number;
  /** Minutes after the start, and how long the workspace is then out of reach. */
  readonly outage: { readonly fromMs: number; readonly lengthMs: number } | null;
  /** Posts that a channel takes in three seconds before Slack answers 429. */
  readonly postsInThreeSeconds: number;
  /** How many requests people send from there, and the share of them that comes again. */
  readonly requests: number;
  readonly replayed: number;
  readonly hasOwnChannels: boolean;
  readonly repeatUpdatesMs: number | null;
}

const minuteMs = 60_000;

const some = (random: Random, most: number): number =>
  random.chance(0.4) ? 0 : most * random.next() ** 2;

/** Slack takes part in two of five seeds; one of ten of those has it away for hours. */
export function drawSlack(seed: number, chaosMs: number): SlackRates | null {
  const random = createRandom(seed, 'slack profile');
  if (!random.chance(0.4)) return null;
  const isRough = random.chance(0.6);
  const most = isRough ? 0.1 : 0;
  const isLong = random.chance(0.1);
  const lengthMs = isLong ? random.int(120, 360) * minuteMs : random.int(2, 30) * minuteMs;
  return {
    isOff: false,
    isCompared: random.chance(0.4),
    faults: {
      killedBefore: some(random, most / 3),
      killedAfter: some(random, most / 3),
      answerLost: some(random, most),
      throttled: some(random, most),
      conflict: 0,
      slow: some(random, most),
    },
    stormy: isRough ? random.next() : 0,
    outage:
      isLong || random.chance(0.5)
        ? { fromMs: random.int(0, Math.round(chaosMs * 0.7)), lengthMs }
        : null,
    postsInThreeSeconds: random.pick([3, 4, 20]),
    requests: random.chance(0.2) ? 0 : random.int(3, 30),
    replayed: some(random, 1),
    hasOwnChannels: random.chance(0.5),
    repeatUpdatesMs: random.pick([null, 5 * minuteMs, 15 * minuteMs]),
  };
}
