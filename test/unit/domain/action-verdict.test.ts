import { describe, expect, it } from 'vitest';
import type { ActionCommand } from '../../../lib/domain/action/command.ts';
import type { Signal } from '../../../lib/domain/action/observation.ts';
import { standingAfter } from '../../../lib/domain/action/standing.ts';
import { alertSignal, metricSignal, workloadSignal } from '../../../lib/domain/action/verdict.ts';
import type { EpochMs } from '../../../lib/domain/shared/time.ts';
import { at } from './samples.ts';
import {
  approveCommand,
  bad,
  ben,
  byRunbook,
  good,
  plannedCommand,
  policy,
  request,
  requestCommand,
  seen,
  startCommand,
  Story,
  unknown,
} from './action-samples.ts';

interface Signals {
  readonly alert?: Signal;
  readonly metric?: Signal;
}

const sampled = (nowMs: EpochMs, { alert = good, metric = good }: Signals = {}): ActionCommand => ({
  kind: 'sampled',
  observation: seen('after', nowMs),
  alert,
  metric,
});

/** Samples each ten seconds from minute 3 on. */
function sample(story: Story, ...all: readonly Signals[]): Story {
  all.forEach((of, index) => story.do(at(3, index * 10_000), sampled(at(3, index * 10_000), of)));
  return story;
}

const many = (count: number, of: Signals = {}): readonly Signals[] =>
  Array.from({ length: count }, () => of);

describe('a verdict', () => {
  it('is “verified” after three good signals for the soak', () => {
    const story = sample(new Story().validating(), ...many(12));
    expect(story.now.state).toBe('validating');
    story.do(at(5), sampled(at(5)));
    expect(story.now).toMatchObject({
      state: 'verified',
      outcome: 'All three signals were good for 2 min, in 13 samples in a row.',
    });
    expect(story.types().filter((type) => type === 'sampled')).toHaveLength(1);
  });

  it.each(['pause', 'resume', 'revert'] as const)('is not waited for after “%s”', (verb) => {
    const story = new Story()
      .do(at(1), requestCommand({ request: { ...request, verb } }))
      .do(at(1), plannedCommand({ verb }));
    story.do(at(2), approveCommand(ben, story.now)).do(at(2), startCommand(at(2)));
    story.do(at(2, 100), { kind: 'answered' });
    story.do(at(3), { kind: 'looked', observation: seen('after', at(3)) });
    expect(story.now).toMatchObject({ state: 'done', nextAtMs: null });
  });

  it('counts an instant once, however many look at it', () => {
    const story = sample(new Story().validating(), ...many(2));
    const denied = story.try(at(3, 10_000), sampled(at(3, 10_000)));
    expect(denied).toBe('It was sampled just now.');
    expect(story.now.goodSamples).toBe(2);
  });

  it('begins anew after each one that was not good', () => {
    const story = sample(new Story().validating(), ...many(11), { metric: unknown }, ...many(12));
    expect(story.now).toMatchObject({ state: 'validating', goodSamples: 12 });
    const told = story.events.filter(({ type }) => type === 'action.sampled');
    expect(told).toMatchObject([{ wasGood: false }, { wasGood: true }, { wasGood: false }]);
  });

  it('begins anew after a gap of which nobody knows anything', () => {
    const story = sample(new Story().validating(), ...many(5));
    story.do(at(5), sampled(at(5)));
    expect(story.now).toMatchObject({ state: 'validating', goodSamples: 1, goodSinceMs: at(5) });
  });

  it.each([
    [
      'failed',
      { alert: bad, metric: unknown },
      'It was done and has not helped within 10 min. Workload good: 3 of 3 pods are ready; ' +
        'alert bad: not as it should be; metric unknown: no data.',
    ],
    [
      'unverified',
      { metric: unknown },
      'It was done, and whether it helped could not be told within 10 min: a person must. ' +
        'Workload good: 3 of 3 pods are ready; alert good: as it should be; ' +
        'metric unknown: no data.',
    ],
  ])('is “%s” at the end of its time', (state, of, outcome) => {
    const story = new Story().validating();
    story.do(at(12, 49_999), sampled(at(12, 49_999), of));
    expect(story.now.state).toBe('validating');
    story.do(at(13), sampled(at(13), of));
    expect(story.now).toMatchObject({ state, outcome });
    expect(story.events.at(-1)).toMatchObject({ wasApplied: true });
  });

  it('sees a good run through that began in time, and no further', () => {
    const story = new Story().validating();
    for (const second of [0, 30, 60, 90]) {
      story.do(at(12, second * 1000), sampled(at(12, second * 1000)));
    }
    expect(story.now.state).toBe('validating');
    story.do(at(13, 40_000), sampled(at(13, 40_000), { metric: bad }));
    expect(story.now.state).toBe('failed');
  });

  it('is never good when the target cannot be read', () => {
    const story = new Story().validating();
    story.do(at(13), { kind: 'sampled', observation: null, alert: good, metric: good });
    expect(story.now.state).toBe('unverified');
  });

  it('is “failed” as soon as somebody has changed the target', () => {
    const story = new Story().validating();
    const observation = seen('after', at(4), { facts: { template: 'newer' } });
    story.do(at(4), { kind: 'sampled', observation, alert: good, metric: good });
    expect(story.now.state).toBe('failed');
    expect(story.try(at(5), sampled(at(5)))).toMatch(/is failed by now/);
  });

  it('takes a runbook back to proposing when it failed', () => {
    const story = new Story().validating().do(at(13), sampled(at(13), { alert: bad }));
    const action = { ...story.now, origin: byRunbook() };
    const of = { actions: policy.actions, nowMs: at(13) };
    const standing = standingAfter(action, null, of);
    expect(standing).toMatchObject({ runbookId: 'bad-deploy', version: 1, demotedRevision: 3 });
    expect(standingAfter(action, standing, of)).toBeNull();
    expect(standingAfter(story.now, null, of)).toBeNull();
    expect(standingAfter({ ...action, state: 'unverified' }, null, of)).toBeNull();
  });
});

describe('the signals', () => {
  const check = { name: 'error rate', atLeast: null, atMost: 5 };
  const reading = (value: number | null, why = ''): Parameters<typeof metricSignal>[0][number] => ({
    check,
    value,
    why,
  });

  it.each([
    [[], 'unknown', 'the target has no checks'],
    [[reading(2)], 'good', 'error rate is 2'],
    [[reading(5)], 'good', 'error rate is 5'],
    [[reading(2), reading(7)], 'bad', 'error rate is 7, and must be at most 5'],
    [[reading(2), reading(null, 'no data')], 'unknown', 'error rate has no value: no data'],
    [[reading(Number.NaN, 'not a number')], 'unknown', 'error rate has no value: not a number'],
    [[reading(null, 'no data'), reading(9)], 'bad', 'error rate is 9, and must be at most 5'],
  ] as const)('of checks %#', (readings, kind, says) => {
    expect(metricSignal(readings)).toEqual({ kind, says });
  });

  it('of a check with both bounds names both', () => {
    const both = { name: 'pods', atLeast: 2, atMost: 4 };
    expect(metricSignal([{ check: both, value: 1, why: '' }]).says).toBe(
      'pods is 1, and must be at least 2 and at most 4',
    );
  });

  const alert = (
    atSource: 'firing' | 'resolved' | 'cannot-tell' | null,
    isToldResolved = false,
  ) => ({
    name: 'HighErrors',
    atSource,
    isToldResolved,
  });

  it.each([
    [[], 'good', 'none fires at its source'],
    [[alert('resolved')], 'good', 'none fires at its source'],
    [[alert('resolved'), alert('firing')], 'bad', 'HighErrors still fires at its source'],
    [[alert('cannot-tell')], 'unknown', 'whether HighErrors still fires cannot be read'],
    [[alert('cannot-tell', true)], 'good', 'the source told that all are resolved'],
    [[alert(null, true)], 'unknown', 'whether HighErrors still fires cannot be read'],
  ] as const)('of alerts %#', (readings, kind, says) => {
    expect(alertSignal(readings)).toEqual({ kind, says });
  });

  it('of the workload is the platform’s', () => {
    expect(workloadSignal(null).kind).toBe('unknown');
    expect(workloadSignal(seen('after', at(3))).kind).toBe('good');
    const convergence = { kind: 'waiting', says: '2 of 3' } as const;
    expect(workloadSignal(seen('after', at(3), { convergence })).kind).toBe('bad');
  });
});
