import { showTrace } from './engine/trace.ts';
import type { Outcome } from './run.ts';

/** What many seeds came to. */
export class Totals {
  seeds = 0;
  calls = 0;
  simulatedMs = 0;
  readonly failed: number[] = [];
  readonly counters = new Map<string, number>();

  add({ seed, calls, simulatedMs, violation, counters }: Outcome): void {
    this.seeds += 1;
    this.calls += calls;
    this.simulatedMs += simulatedMs;
    if (violation !== null) this.failed.push(seed);
    for (const [situation, times] of counters) {
      this.counters.set(situation, times + (this.counters.get(situation) ?? 0));
    }
  }
}

/** The line that repeats a seed; with a kept trace, what happened as well. */
export function describeOutcome({ seed, profile, violation, traceHash, trace }: Outcome): string {
  const kind = profile.actions === null ? '' : ' --actions';
  const lines = trace.length === 0 ? '' : `\n${showTrace(trace, 5000)}`;
  if (violation === null) return `seed ${seed} holds, trace ${traceHash}${lines}`;
  const { invariant, message, atMs } = violation;
  return (
    `seed ${seed} breaks ${invariant} at ${new Date(atMs).toISOString()}: ${message}\n` +
    `  repeat it: npm run sim -- --from ${seed} --seeds 1${kind} --explain${lines}`
  );
}

/** Counters, speed and verdict. */
export function describeTotals(totals: Totals, tookMs: number): string {
  const situations = [...totals.counters]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([situation, times]) => `  ${String(times).padStart(7)}  ${situation}`);
  const hours = (totals.simulatedMs / 3_600_000).toFixed(0);
  const perSecond = ((1000 * totals.calls) / tookMs).toFixed(0);
  return [
    ...situations,
    `${totals.seeds} seeds, ${totals.failed.length} broken; ${hours} simulated hours and ` +
      `${totals.calls} port calls in ${(tookMs / 1000).toFixed(1)} s (${perSecond} calls/s)`,
  ].join('\n');
}
