import { drawProfile, type Profile } from './engine/profile.ts';
import type { PlantedParts } from './engine/app-under-test.ts';
import type { TraceLine } from './engine/trace.ts';
import { checkRest } from './oracle/final.ts';
import type { Violation } from './oracle/verdict.ts';
import { Platform } from './platform.ts';
import { Workload } from './workload.ts';
import { World } from './world.ts';

/** After the faults stop, the world gets this long to come to rest. */
const settleMs = 40 * 60_000;

/** What one seed came to. */
export interface Outcome {
  readonly seed: number;
  readonly profile: Profile;
  readonly violation: Violation | null;
  readonly traceHash: string;
  readonly trace: readonly TraceLine[];
  /** How often each situation worth reaching was reached. */
  readonly counters: ReadonlyMap<string, number>;
  readonly calls: number;
  readonly simulatedMs: number;
}

/** Runs one seed: chaos, heal, settle, and what must hold at rest. */
export async function runSeed(
  seed: number,
  { planted = {}, isExplained = false }: RunOptions = {},
): Promise<Outcome> {
  const profile = drawProfile(seed);
  const world = new World({ profile, planted, isExplained });
  const platform = new Platform(world);
  const workload = new Workload(world, platform);
  const startMs = world.scheduler.nowMs;
  workload.start();
  await world.scheduler.runUntil(world.weather.healsAtMs + settleMs);
  // A deadline can fall on the last instant: what follows from it takes a few seconds.
  for (let more = 0; more < 10 && underWay(platform, workload).length > 0; more += 1) {
    await world.scheduler.runUntil(world.scheduler.nowMs + 2_000);
  }
  if (world.verdict.violation === null) {
    const { oracle, bounds, store, pager, scheduler } = world;
    const busy = underWay(platform, workload);
    await checkRest({ oracle, bounds, store, pager, nowMs: scheduler.nowMs, busy });
  }
  return {
    seed,
    profile,
    violation: world.verdict.violation,
    traceHash: world.trace.hash,
    trace: world.trace.lines,
    counters: world.counters,
    calls: platform.calls,
    simulatedMs: world.scheduler.nowMs - startMs,
  };
}

/** What is still at work. Ticks go on for ever, and so do the repeats of an Alertmanager. */
function underWay(platform: Platform, workload: Workload): readonly string[] {
  const many = (count: number, what: string): readonly string[] =>
    Array.from({ length: count }, () => what);
  return [
    ...[...platform.running.values()].filter((name) => name !== 'clock' && name !== 'ingest'),
    ...many(workload.pageStream.backlog, 'a record for page'),
    ...many(workload.relayStream.backlog, 'a record for relay'),
    ...many(workload.webhooksUnderWay, 'a webhook'),
  ];
}

export interface RunOptions {
  readonly planted?: PlantedParts;
  /** Keeps the lines of the trace. */
  readonly isExplained?: boolean;
}
