import type { CheckPolicy } from '../policy/action-policy.ts';
import { after, between, describeSpan, seconds, type EpochMs } from '../shared/time.ts';
import type { Action } from './action.ts';
import type { Observation, Sample, Signal } from './observation.ts';
import type { Verification } from './plan.ts';

/** What the samples so far say. `go-on`: nothing yet. */
export type Verdict =
  | { readonly kind: 'go-on' }
  | { readonly kind: 'verified' | 'failed' | 'unverified'; readonly says: string };

/** Nobody knows what happened between two samples that lie further apart. */
const longestGapMs = seconds(60);

const namesOfSignals = ['workload', 'alert', 'metric'] as const;

/** Whether all three say that it is good. */
export const isGood = (sample: Sample): boolean =>
  namesOfSignals.every((name) => sample[name].kind === 'good');

/** Whether both say the same of each signal; their words may differ. */
export const isSameSample = (a: Sample, b: Sample): boolean =>
  namesOfSignals.every((name) => a[name].kind === b[name].kind);

/** The signals of a sample in words: `Workload good: 3 of 3 ready; alert unknown: …`. */
export const signalsIn = (sample: Sample): string =>
  `Workload ${shown(sample.workload)}; alert ${shown(sample.alert)}; metric ${shown(sample.metric)}.`;

const shown = ({ kind, says }: Signal): string =>
  says === '' ? kind : `${kind}: ${says.replace(/[.!?]$/, '')}`;

/** What one more sample changes. */
export interface JudgedSample {
  readonly goodSinceMs: EpochMs | null;
  readonly goodSamples: number;
  readonly verdict: Verdict;
}

/**
 * Judges by the newest sample and those before it. Verified: all three signals good at each of so
 * many samples, for so long, without a gap. At the end of its time, failed when something is bad,
 * and unverified when something is not known; a good run that has begun by then is seen through.
 */
export function judgeSample(
  before: Pick<Action, 'goodSinceMs' | 'goodSamples' | 'lastSample' | 'convergedAtMs'>,
  of: { readonly sample: Sample; readonly verification: Verification },
): JudgedSample {
  const { sample, verification } = of;
  const { soakMs, samples, validateWithinMs } = verification;
  if (isGood(sample)) {
    const { goodSinceMs, goodSamples } = goodRun(before, sample);
    const heldMs = between(goodSinceMs, sample.atMs);
    const isVerified = heldMs >= soakMs && goodSamples >= samples;
    const says =
      `All three signals were good for ${describeSpan(heldMs)}, ` +
      `in ${goodSamples} samples in a row.`;
    const verdict: Verdict = isVerified ? { kind: 'verified', says } : { kind: 'go-on' };
    return { goodSinceMs, goodSamples, verdict };
  }
  const untilMs = after(before.convergedAtMs ?? sample.atMs, validateWithinMs);
  const verdict: Verdict =
    sample.atMs < untilMs ? { kind: 'go-on' } : lastWord(sample, verification);
  return { goodSinceMs: null, goodSamples: 0, verdict };
}

function goodRun(
  { goodSinceMs, goodSamples, lastSample }: Parameters<typeof judgeSample>[0],
  { atMs }: Sample,
): { readonly goodSinceMs: EpochMs; readonly goodSamples: number } {
  const isRun =
    goodSinceMs !== null && lastSample !== null && between(lastSample.atMs, atMs) <= longestGapMs;
  return isRun
    ? { goodSinceMs, goodSamples: goodSamples + 1 }
    : { goodSinceMs: atMs, goodSamples: 1 };
}

function lastWord(sample: Sample, { validateWithinMs }: Verification): Verdict {
  const isBad = namesOfSignals.some((name) => sample[name].kind === 'bad');
  const within = describeSpan(validateWithinMs);
  return isBad
    ? { kind: 'failed', says: `It was done and has not helped within ${within}.` }
    : {
        kind: 'unverified',
        says: `It was done, and whether it helped could not be told within ${within}: a person must.`,
      };
}

/** What the platform says of the workload. */
export function workloadSignal(observation: Observation | null): Signal {
  if (observation === null) return { kind: 'unknown', says: 'the target cannot be read' };
  const { kind, says } = observation.convergence;
  return kind === 'converged' ? { kind: 'good', says } : { kind: 'bad', says };
}

/** What a source says of one of the incident's firing alerts, asked just now. */
export interface AlertReading {
  readonly name: string;
  /** Null: asking failed. */
  readonly atSource: 'firing' | 'resolved' | 'cannot-tell' | null;
  /** The source has no address to ask, and has itself told us that the alert is resolved. */
  readonly isToldResolved: boolean;
}

/** One signal of all the incident's alerts: none that fires, and none of which it is not known. */
export function alertSignal(readings: readonly AlertReading[]): Signal {
  const firing = readings.find(({ atSource }) => atSource === 'firing');
  if (firing !== undefined)
    return { kind: 'bad', says: `${firing.name} still fires at its source` };
  const unknown = readings.find(
    ({ atSource, isToldResolved }) =>
      atSource === null || (atSource === 'cannot-tell' && !isToldResolved),
  );
  if (unknown !== undefined) {
    return { kind: 'unknown', says: `whether ${unknown.name} still fires cannot be read` };
  }
  const told = readings.filter(({ atSource }) => atSource === 'cannot-tell').length;
  const says = told === 0 ? 'none fires at its source' : 'the source told that all are resolved';
  return { kind: 'good', says };
}

/** What one check of the target measured; null when asking failed. */
export interface CheckReading {
  readonly check: Pick<CheckPolicy, 'name' | 'atLeast' | 'atMost'>;
  readonly value: number | null;
  /** Why there is no value. */
  readonly why: string;
}

/** One signal of all checks: each must have a value, and each within its bounds. */
export function metricSignal(readings: readonly CheckReading[]): Signal {
  if (readings.length === 0) return { kind: 'unknown', says: 'the target has no checks' };
  const bad = readings.find(({ check, value }) => value !== null && !isWithin(check, value));
  if (bad !== undefined) {
    return {
      kind: 'bad',
      says: `${bad.check.name} is ${String(bad.value)}, ${boundsOf(bad.check)}`,
    };
  }
  const none = readings.find(({ value }) => value === null || Number.isNaN(value));
  if (none !== undefined) {
    return { kind: 'unknown', says: `${none.check.name} has no value: ${none.why}` };
  }
  const says = readings.map(({ check, value }) => `${check.name} is ${String(value)}`).join(', ');
  return { kind: 'good', says };
}

const isWithin = ({ atLeast, atMost }: CheckReading['check'], value: number): boolean =>
  Number.isNaN(value) ||
  ((atLeast === null || value >= atLeast) && (atMost === null || value <= atMost));

function boundsOf({ atLeast, atMost }: CheckReading['check']): string {
  const parts = [
    ...(atLeast === null ? [] : [`at least ${atLeast}`]),
    ...(atMost === null ? [] : [`at most ${atMost}`]),
  ];
  return `and must be ${parts.join(' and ')}`;
}
