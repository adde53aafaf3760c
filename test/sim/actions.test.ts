import { beforeAll, describe, expect, it } from 'vitest';
import { plantedActionBugs } from './planted/action-catalogue.ts';
import { actionRegressions } from './regressions.ts';
import { describeOutcome, Totals } from './report.ts';
import { runSeed } from './run.ts';

const seeds = 120;
const budgetMs = 240_000;
/** As for the other planted bugs: any change of the code moves the seeds. */
const patience = 120;

/** What must have happened at least once, or the seeds prove little. */
const situations = [
  'a call is known by answer',
  'a call is known by observation',
  'a call is made again',
  'a lost call has done nothing',
  'a target acted on twice in an incident',
  'a write arrives late',
  'action asked for by a person',
  'action asked for by a runbook, automatic',
  'action asked for by a runbook, propose',
  'action asked for by a runbook, shadow',
  'action cancelled',
  'action denied',
  'action executing',
  'action expired',
  'action failed',
  'action observing',
  'action refused',
  'action shadow',
  'action uncertain',
  'action unverified',
  'action validating',
  'action verified',
  'actions halted',
  'answerLost on cluster.get',
  'answerLost on cluster.patch',
  'answerLost on rows.load',
  'answerLost on signals.alert',
  'an event for acting is lost',
  'credentials of the cluster have expired',
  'deployed as a call was made',
  'deployed between plan and start',
  'killedAfter on cluster.get',
  'killedAfter on cluster.patch',
  'killedAfter on store.commit',
  'killedBefore on cluster.get',
  'killedBefore on cluster.patch',
  'killedBefore on store.commit',
  'metric lying',
  'metric missing',
  'one cause breaks all targets',
  'people are refused: already',
  'people are refused: not_allowed',
  'people are refused: stale',
  'put back by somebody else',
  'reopened since an action has failed',
  'resolved as an action is approved',
  'slow on cluster.patch',
  'stale read of a target',
  'started by a runbook itself',
  'started with approvals',
  'the autoscaler changes replicas',
  'the cluster forbids',
  'the cluster is refusing on cluster.get',
  'the cluster is silent on cluster.get',
  'the kill switch cannot be read',
  'the kill switch read in the second region',
  'throttled on cluster.patch',
  'two approve at once',
  'two workers at once',
  'waits: a limit is reached',
  'waits: halted',
  'waits: locked',
  'waits: the kill switch cannot be read',
  'waits: the target cannot be read',
  'waits: the target is in use',
];

describe('actions in a simulated world', () => {
  const totals = new Totals();
  const broken: string[] = [];

  beforeAll(async () => {
    for (let seed = 1; seed <= seeds; seed += 1) {
      const outcome = await runSeed(seed, { hasActions: true });
      totals.add(outcome);
      if (outcome.violation !== null) broken.push(describeOutcome(outcome));
    }
  }, budgetMs);

  it(`keep every promise in ${seeds} seeds`, () => {
    expect(broken).toEqual([]);
  });

  it.each(situations)('reach: %s', (situation) => {
    expect(totals.counters.get(situation) ?? 0).toBeGreaterThan(0);
  });

  it.each(Object.entries(actionRegressions))('hold in seed %s: %s', async (seed) => {
    const outcome = await runSeed(Number(seed), { hasActions: true });
    expect(outcome.violation, describeOutcome(outcome)).toBeNull();
  });

  it.each([2, 33])('are decided by the seed: %i', async (seed) => {
    const first = await runSeed(seed, { hasActions: true, isExplained: true });
    const second = await runSeed(seed, { hasActions: true, isExplained: true });
    expect(second.trace).toEqual(first.trace);
    expect(first.trace.length).toBeGreaterThan(10);
  });
});

describe('a planted bug about actions is caught', () => {
  it.each(plantedActionBugs)(
    'by $invariant: $name',
    async ({ parts, invariant, fromSeed }) => {
      let caught: string | null = null;
      for (let seed = fromSeed; seed < fromSeed + patience && caught === null; seed += 1) {
        const outcome = await runSeed(seed, { planted: parts, hasActions: true });
        caught = outcome.violation?.invariant ?? null;
      }
      expect(caught).toBe(invariant);
    },
    budgetMs,
  );
});
