import type { RunbookMode } from '../../../lib/domain/policy/action-policy.ts';
import type { FaultRates } from './fault-rates.ts';
import type { Random } from './random.ts';

/** From when, counted from the start, and for how long. */
export interface Span {
  readonly fromMs: number;
  readonly lengthMs: number;
}

/** How the cluster's API server behaves. */
export interface ClusterRates {
  readonly faults: FaultRates;
  /** Of writes, at all times: few are made, and each matters. */
  readonly writes: FaultRates;
  /** Share of the time in which single calls fail. */
  readonly stormy: number;
  /** Gone altogether: refusing, or silent, which takes writes all the same. */
  readonly dead: (Span & { readonly isSilent: boolean }) | null;
  /** Every write is answered 403. */
  readonly forbidden: Span | null;
  /** Our credentials are not taken. */
  readonly expired: Span | null;
  /** Share of the reads that come from a cache, up to 20 s old. */
  readonly stale: number;
  /** Share of the writes that arrive up to 30 s late. */
  readonly stuck: number;
  /** Share of the rollouts whose status says that they are done, and they are not. */
  readonly lying: number;
}

/** What people and machines do to the targets beside us. */
export interface DeedRates {
  readonly deploys: number;
  /** One cause breaks all targets at once. */
  readonly isShared: boolean;
  readonly bad: number;
  readonly crashing: number;
  /** Share of the deploys of which the change feed hears. */
  readonly told: number;
  /** How likely a GitOps controller puts what we changed back. */
  readonly reverted: number;
  /** How likely somebody deploys right after a plan was made. */
  readonly deploysAfterPlan: number;
  readonly requests: number;
  readonly approve: number;
  readonly thinkMs: number;
  /** Two approve at the very same instant. */
  readonly together: number;
  /** Somebody approves again by another account. */
  readonly twoAccounts: number;
  /** Somebody approves what another plan said. */
  readonly stalePlans: number;
  readonly deny: number;
  readonly resolve: number;
  readonly halts: number;
  readonly locks: number;
  readonly revokes: number;
}

/** What one seed decides about actions. */
export interface ActionRates {
  readonly seed: number;
  readonly cluster: ClusterRates;
  readonly deeds: DeedRates;
  /** Share of the time in which a check gives no value, or a wrong one. */
  readonly metrics: { readonly missing: number; readonly lying: number };
  readonly halt: { readonly lagMs: number; readonly unreadable: Span | null };
  /** Share of the workers that run in the second region. */
  readonly secondRegion: number;
  readonly runbookMode: RunbookMode;
  readonly hasApi: boolean;
  readonly freeze: Span | null;
  /** How the bus treats what it carries to us. */
  readonly bus: { readonly lost: number; readonly twice: number; readonly lateMs: number };
}

export const minuteMs = 60_000;

const some = (random: Random, most: number): number =>
  random.chance(0.4) ? 0 : most * random.next() ** 2;

function spanIn(random: Random, chaosMs: number, mostMinutes: number): Span {
  const fromMs = random.int(0, Math.round(chaosMs * 0.8));
  return { fromMs, lengthMs: random.int(1, mostMinutes) * minuteMs };
}

const perhaps = <Value>(random: Random, probability: number, draw: () => Value): Value | null =>
  random.chance(probability) ? draw() : null;

interface Frame {
  readonly seed: number;
  readonly chaosMs: number;
  readonly isRough: boolean;
}

/** What there is of targets, and of people and machines at work on them. */
export function drawActions(random: Random, frame: Frame): ActionRates {
  const { seed, chaosMs, isRough } = frame;
  return {
    seed,
    cluster: drawCluster(random, frame),
    deeds: drawDeeds(random),
    metrics: { missing: some(random, 0.6), lying: some(random, 0.4) },
    halt: {
      lagMs: random.pick([0, 1_000, 4_500]),
      unreadable: perhaps(random, 0.15, () => spanIn(random, chaosMs, 6)),
    },
    secondRegion: random.chance(0.4) ? random.next() : 0,
    runbookMode: random.pick(['automatic', 'automatic', 'propose', 'shadow']),
    hasApi: random.chance(0.75),
    freeze: perhaps(random, 0.15, () => spanIn(random, chaosMs, 20)),
    bus: {
      lost: some(random, isRough ? 0.3 : 0),
      twice: some(random, 0.5),
      lateMs: random.pick([100, 100, 3_000, 30_000]),
    },
  };
}

function drawCluster(random: Random, { chaosMs, isRough }: Frame): ClusterRates {
  const most = isRough ? random.pick([0.08, 0.25]) : 0;
  return {
    faults: {
      killedBefore: some(random, most / 2),
      killedAfter: some(random, most / 2),
      answerLost: some(random, most * 2),
      throttled: some(random, most),
      conflict: 0,
      slow: some(random, most),
    },
    writes: {
      killedBefore: some(random, 0.3),
      killedAfter: some(random, 0.3),
      answerLost: some(random, 0.4),
      throttled: some(random, 0.2),
      conflict: 0,
      slow: some(random, 0.3),
    },
    stormy: isRough ? random.next() : 0,
    dead: perhaps(random, 0.25, () => ({
      ...spanIn(random, chaosMs, random.chance(0.3) ? 120 : 15),
      isSilent: random.chance(0.5),
    })),
    forbidden: perhaps(random, 0.12, () => spanIn(random, chaosMs, 10)),
    expired: perhaps(random, 0.12, () => spanIn(random, chaosMs, 10)),
    stale: some(random, 0.4),
    stuck: some(random, 0.4),
    lying: some(random, 0.4),
  };
}

const drawDeeds = (random: Random): DeedRates => ({
  deploys: random.int(2, 8),
  isShared: random.chance(0.3),
  bad: 0.3 + 0.6 * random.next(),
  crashing: some(random, 0.3),
  told: random.chance(0.5) ? 1 : random.next(),
  reverted: some(random, 0.5),
  deploysAfterPlan: some(random, 0.4),
  requests: random.int(0, 8),
  approve: random.chance(0.1) ? 0 : 0.5 + 0.5 * random.next(),
  thinkMs: random.pick([5_000, 30_000, 240_000]),
  together: some(random, 1),
  twoAccounts: some(random, 1),
  stalePlans: some(random, 1),
  deny: some(random, 0.2),
  resolve: some(random, 0.4),
  halts: random.chance(0.4) ? random.int(1, 3) : 0,
  locks: random.chance(0.3) ? random.int(1, 2) : 0,
  revokes: random.chance(0.3) ? random.int(1, 3) : 0,
});
