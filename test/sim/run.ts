import { renderer } from './announcing.ts';
import { firstDifference } from './compare.ts';
import { withActionRates } from './engine/with-actions.ts';
import { drawProfile, type Profile } from './engine/profile.ts';
import type { PlantedParts } from './engine/app-under-test.ts';
import type { TraceLine } from './engine/trace.ts';
import { checkChat } from './oracle/chat-final.ts';
import { checkRest } from './oracle/final.ts';
import type { Violation } from './oracle/verdict.ts';
import { Platform } from './platform.ts';
import { Workload } from './workload.ts';
import { World, type WorldSetting } from './world.ts';

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
  { planted = {}, isExplained = false, hasActions = false }: RunOptions = {},
): Promise<Outcome> {
  const profile = hasActions ? withActionRates(drawProfile(seed)) : drawProfile(seed);
  const ran = await play({ profile, planted, isExplained });
  if (profile.slack?.isCompared === true && ran.world.verdict.violation === null) {
    await compare(ran.world, planted);
  }
  const { world, platform, startMs } = ran;
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

interface Played {
  readonly world: World;
  readonly platform: Platform;
  readonly startMs: number;
}

/** I29: the same once more without Slack. */
async function compare(world: World, planted: PlantedParts): Promise<void> {
  const { profile } = world;
  const slack = profile.slack && { ...profile.slack, isOff: true };
  const without = await play({
    profile: { ...profile, slack },
    planted,
    isExplained: false,
  });
  const difference = firstDifference(world, without.world);
  world.count('compared with a run without Slack');
  world.verdict.check(difference === null, 'I29', () => difference ?? '');
}

async function play(setting: WorldSetting): Promise<Played> {
  const world = new World(setting);
  const platform = new Platform(world);
  const workload = new Workload(world, platform);
  const startMs = world.scheduler.nowMs;
  workload.start();
  const healsAtMs = Math.max(
    world.weather.healsAtMs,
    world.slack?.weather.healsAtMs ?? 0,
    world.pagerSide?.healsAtMs ?? 0,
    world.actions?.weather.healsAtMs ?? 0,
  );
  await world.scheduler.runUntil(healsAtMs + settleMs);
  // A deadline can fall on the last instant: what follows from it takes a few seconds.
  for (let more = 0; more < 10 && underWay(platform, workload).length > 0; more += 1) {
    await world.scheduler.runUntil(world.scheduler.nowMs + 2_000);
  }
  if (world.verdict.violation === null) {
    const { oracle, bounds, store, pager, scheduler } = world;
    const busy = underWay(platform, workload);
    await checkRest({ oracle, bounds, store, pager, nowMs: scheduler.nowMs, busy });
    world.pagerSide?.watches.checkRest();
    world.actions?.watches.checkRest();
    if (workload.announcing !== null && world.slack !== null) {
      const { givenUp } = workload.announcing;
      checkChat({ world, side: world.slack, renderer, givenUp });
    }
  }
  return { world, platform, startMs };
}

/** Functions that are started for ever. */
const restless: ReadonlySet<string> = new Set(['clock', 'ingest', 'announce', 'reconcile', 'act']);

/**
 * What is still at work. Ticks go on for ever, and so do the repeats of an Alertmanager: the run of
 * one may fall on the last instant, and what it has stored is judged all the same.
 */
function underWay(platform: Platform, workload: Workload): readonly string[] {
  const many = (count: number, what: string): readonly string[] =>
    Array.from({ length: count }, () => what);
  return [
    ...[...platform.running.values()].filter((name) => !restless.has(name)),
    ...many(workload.pageStream.backlog, 'a record for page'),
    ...many(workload.relayStream.backlog, 'a record for relay'),
    ...many(workload.announcing?.stream.backlog ?? 0, 'a record for announce'),
    ...many(workload.webhooksUnderWay, 'a webhook'),
  ];
}

export interface RunOptions {
  readonly planted?: PlantedParts;
  /** Whether there is something to act on: a seed with it has nothing to do with one without. */
  readonly hasActions?: boolean;
  /** Keeps the lines of the trace. */
  readonly isExplained?: boolean;
}
