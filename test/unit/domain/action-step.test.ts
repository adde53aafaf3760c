import { describe, expect, it } from 'vitest';
import type { ActionCommand } from '../../../lib/domain/action/command.ts';
import { judgeStep } from '../../../lib/domain/action/judge-step.ts';
import type { Convergence } from '../../../lib/domain/action/observation.ts';
import { neverHalted } from '../../../lib/domain/action/unwritten.ts';
import type { EpochMs } from '../../../lib/domain/shared/time.ts';
import { at } from './samples.ts';
import { actionId, second, seen, step, Story } from './action-samples.ts';

const halt = neverHalted('acme');
const looked = (
  which: 'before' | 'after',
  nowMs: EpochMs,
  of: Parameters<typeof seen>[2] = {},
): ActionCommand => ({ kind: 'looked', observation: seen(which, nowMs, of) });

describe('a call', () => {
  it('that is answered leads to the platform', () => {
    const story = new Story().started().do(at(2, 200), { kind: 'answered' });
    expect(story.now).toMatchObject({
      state: 'observing',
      appliedAtMs: at(2, 200),
      nextAtMs: at(2, 3_200),
    });
    expect(story.events.at(-1)).toMatchObject({ knownBy: 'answer', isLast: true });
  });

  it('leads to the next step where there is one', () => {
    const story = new Story().started({ steps: [step(), second] });
    story.do(at(2, 200), { kind: 'answered' });
    expect(story.now).toMatchObject({ state: 'executing', step: 1, sends: 0, sentAtMs: null });
    story.do(at(2, 300), { kind: 'send', halt });
    expect(story.events.at(-1)).toMatchObject({ stepId: 's2', send: 1 });
    story.do(at(2, 400), { kind: 'answered' });
    expect(story.now.state).toBe('observing');
  });

  it('is not made while all is halted, and a person must look when that lasts', () => {
    const story = new Story().started({ steps: [step(), second] });
    story.do(at(2, 200), { kind: 'answered' });
    const isOn = { ...halt, isOn: true, by: 'Ann', reason: '' };
    story.do(at(3), { kind: 'send', halt: isOn }).do(at(4), { kind: 'send', halt: isOn });
    expect(story.now).toMatchObject({ state: 'executing', nextAtMs: at(4, 10_000) });
    expect(story.types().filter((type) => type === 'waiting')).toHaveLength(1);
    story.do(at(22), { kind: 'send', halt: null });
    expect(story.now).toMatchObject({
      state: 'failed',
      outcome:
        'It could not go on after 1 of 2 steps: The kill switch cannot be read, which counts as ' +
        'halted; it is read again by itself. A person must look at the target.',
    });
    expect(story.events.at(-1)).toMatchObject({ wasApplied: true });
  });

  it('is not made twice without a look', () => {
    const story = new Story().started();
    expect(story.try(at(3), { kind: 'send', halt })).toBe(
      'The step was sent; only reading the target leads on.',
    );
    expect(story.try(at(3), { kind: 'wait', reason: 'x' })).toMatch(/is executing by now/);
  });

  it('whose answer is lost leaves the outcome unknown', () => {
    const story = new Story().started().do(at(2, 40_000), { kind: 'lost', why: 'timeout' });
    expect(story.now).toMatchObject({ state: 'uncertain', nextAtMs: at(2, 42_000) });
    expect(story.try(at(3), { kind: 'lost', why: 'again' })).toBe(
      'Its outcome is already uncertain.',
    );
  });

  it('that was lost is found done by its mark', () => {
    const story = new Story().started().do(at(2, 100), { kind: 'lost', why: 'reset' });
    story.do(at(2, 2_100), looked('after', at(2, 2_100)));
    expect(story.now.state).toBe('observing');
    expect(story.events.at(-1)).toMatchObject({ knownBy: 'observation' });
  });

  it('of a worker that died is found done as well', () => {
    const story = new Story().started().do(at(4), looked('after', at(4)));
    expect(story.now.state).toBe('observing');
  });

  it('that was lost is sent again only when it must be over and did nothing', () => {
    const story = new Story().started().do(at(2, 100), { kind: 'lost', why: 'reset' });
    story.do(at(2, 44_000), looked('before', at(2, 44_000)));
    expect(story.now).toMatchObject({ state: 'uncertain', nextAtMs: at(2, 45_000) });
    story.do(at(2, 45_000), looked('before', at(2, 45_000)));
    expect(story.now).toMatchObject({ state: 'executing', sentAtMs: null, sends: 1 });
    story.do(at(2, 46_000), { kind: 'send', halt });
    expect(story.now).toMatchObject({ sends: 2 });
    story.do(at(2, 47_000), { kind: 'lost', why: 'reset' });
    story.do(at(4), looked('before', at(4)));
    expect(story.now).toMatchObject({
      state: 'refused',
      outcome: 'The call was sent 2 times and has had no effect. Nothing was done.',
    });
  });

  it('that was lost and is neither here nor there calls a person', () => {
    const story = new Story().started().do(at(2, 100), { kind: 'lost', why: 'reset' });
    story.do(at(3), looked('after', at(3), { facts: { template: 'newer' } }));
    expect(story.now.outcome).toBe(
      "The call's answer was lost, and the target is neither as before nor as planned " +
        '(template is newer, not good). A person must look at it.',
    );
    expect(story.events.at(-1)).toMatchObject({ state: 'failed', wasApplied: true });
  });

  it('that somebody else made at the same time is not ours', () => {
    const story = new Story().started().do(at(2, 100), { kind: 'lost', why: 'reset' });
    story.do(at(3), looked('after', at(3), { mark: null }));
    expect(story.now.state).toBe('refused');
    expect(story.now.outcome).toMatch(/^Somebody else has brought the target to the same state/);
  });

  it('that is refused by the target ends it, in the words of the target', () => {
    const story = new Story().started();
    story.do(at(2, 100), {
      kind: 'rejected',
      message: 'deployments "checkout" is forbidden',
      isTransient: false,
      observation: seen('before', at(2, 90)),
    });
    expect(story.now).toMatchObject({
      state: 'refused',
      outcome:
        'The target refused the call: deployments "checkout" is forbidden. Nothing was done.',
    });
  });

  it('that is refused after a first step leaves that done', () => {
    const story = new Story().started({ steps: [step(), second] });
    story.do(at(2, 100), { kind: 'answered' }).do(at(2, 200), { kind: 'send', halt });
    const facts = { template: 'newer', paused: true };
    story.do(at(2, 300), {
      kind: 'rejected',
      message: 'conflict',
      isTransient: false,
      observation: seen('before', at(2, 300), { facts }),
    });
    expect(story.now).toMatchObject({
      state: 'failed',
      outcome:
        'The target refused the call: conflict. It has changed since the plan: template is ' +
        'newer, not good. 1 of 2 steps were done and stay so; a person must look at it.',
    });
  });

  it('that came too fast is made once more', () => {
    const story = new Story().started();
    const rejected: ActionCommand = {
      kind: 'rejected',
      message: 'too many requests',
      isTransient: true,
      observation: null,
    };
    story.do(at(2, 100), rejected);
    expect(story.now).toMatchObject({ state: 'executing', nextAtMs: at(2, 5_100) });
    story.do(at(2, 5_100), { kind: 'send', halt }).do(at(2, 5_200), rejected);
    expect(story.now.state).toBe('refused');
  });

  it('that is refused and shows all the same was made', () => {
    const story = new Story().started();
    const observation = seen('after', at(2, 90));
    story.do(at(2, 100), { kind: 'rejected', message: 'x', isTransient: false, observation });
    expect(story.now.state).toBe('observing');
  });
});

describe('a target that cannot be read', () => {
  it('is read on, told after a minute, and left to a person in the end', () => {
    const story = new Story().started().do(at(2, 100), { kind: 'lost', why: 'timeout' });
    const failed: ActionCommand = { kind: 'look-failed', message: 'no answer' };
    story.do(at(2, 30_000), failed);
    expect(story.types()).not.toContain('waiting');
    story.do(at(3, 1), failed).do(at(4), failed);
    expect(story.types().filter((type) => type === 'waiting')).toHaveLength(1);
    expect(story.now).toMatchObject({ state: 'uncertain', nextAtMs: at(4, 8_000) });
    story.do(at(22), failed);
    expect(story.now).toMatchObject({ state: 'failed' });
    expect(story.now.outcome).toMatch(/what became of it is not known. A person must look/);
  });

  it('is of no concern before anything was sent', () => {
    const story = new Story().approved();
    expect(story.try(at(3), { kind: 'look-failed', message: 'x' })).toMatch(/is approved by now/);
    expect(story.try(at(3), looked('after', at(3)))).toMatch(/is approved by now/);
    expect(story.try(at(3), { kind: 'answered' })).toMatch(/is approved by now/);
  });
});

describe('a platform that converges', () => {
  const observing = (): Story => new Story().started().do(at(2), { kind: 'answered' });
  const waiting: Convergence = { kind: 'waiting', says: '1 of 3 pods are ready' };

  it('is looked at every 3 s in the first minute, and every 10 s then', () => {
    const story = observing().do(
      at(2, 3_000),
      looked('after', at(2, 3_000), { convergence: waiting }),
    );
    expect(story.now.nextAtMs).toBe(at(2, 6_000));
    story.do(at(4), looked('after', at(4), { convergence: waiting }));
    expect(story.now.nextAtMs).toBe(at(4, 10_000));
    expect(story.types().at(-1)).toBe('step_applied');
  });

  it('is measured once it is there', () => {
    const story = observing().do(at(3), looked('after', at(3)));
    expect(story.now).toMatchObject({ state: 'validating', convergedAtMs: at(3), nextAtMs: at(3) });
  });

  it.each([
    [
      'says that it will not',
      at(3),
      { convergence: { kind: 'broken' as const, says: 'pods crash' } },
      'The platform gave up: pods crash. Nothing more is done by itself.',
    ],
    [
      'takes too long',
      at(12),
      { convergence: waiting },
      'It did not converge within 10 min: 1 of 3 pods are ready. Nothing more is done by itself.',
    ],
    [
      'is put back',
      at(3),
      { facts: { template: 'bad' }, mark: null },
      'Something has put the target back to how it was (template is bad, not good). ' +
        'Nothing more is done by itself.',
    ],
    [
      'is changed by somebody',
      at(3),
      { facts: { template: 'newer' } },
      'Somebody has changed the target since (template is newer, not good). ' +
        'Nothing more is done by itself.',
    ],
  ])('fails when it %s', (_name, nowMs, of, outcome) => {
    const story = observing().do(nowMs, looked('after', nowMs, of));
    expect(story.now).toMatchObject({ state: 'failed', outcome });
    expect(story.events.at(-1)).toMatchObject({ wasApplied: true, followUps: [{ afterMs: null }] });
  });

  it('may show the change a little late', () => {
    const story = observing().do(at(2, 3_000), looked('before', at(2, 3_000)));
    expect(story.now).toMatchObject({ state: 'observing', nextAtMs: at(2, 6_000) });
  });

  it('does not mind who has put another mark on it', () => {
    const story = observing().do(at(3), looked('after', at(3), { mark: 'a2.s1' }));
    expect(story.now.state).toBe('validating');
  });
});

describe('giving up', () => {
  it.each([
    [new Story().approved(), 'refused', 'The lease was lost. Nothing was done.'],
    [new Story().started(), 'failed', 'The lease was lost. A person must look at the target.'],
    [
      new Story().validating(),
      'unverified',
      'The lease was lost. A person must look at the target.',
    ],
  ])('says what a person must do', (story, state, outcome) => {
    story.do(at(5), { kind: 'give-up', reason: 'The lease was lost' });
    expect(story.now).toMatchObject({ state, outcome });
    expect(story.try(at(6), { kind: 'give-up', reason: 'x' })).toMatch(/by now/);
  });
});

describe('judging a step', () => {
  const scale = step({
    call: {
      kind: 'kube-patch',
      ref: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'checkout' },
      subresource: 'scale',
      type: 'merge',
      body: {},
    },
    from: { replicas: 2 },
    to: { replicas: 5 },
  });
  const restart = step({ from: { uid: 'u' }, to: { uid: 'u' } });
  const mark = `${actionId}.s1`;

  it.each([
    ['as before', step(), false, { template: 'bad' }, null, 'before'],
    ['as before, with an older mark', step(), true, { template: 'bad' }, 'a9.s1', 'before'],
    ['as wanted, with our mark', step(), true, { template: 'good' }, mark, 'applied'],
    ['as wanted, with another mark', step(), true, { template: 'good' }, 'a9.s1', 'same-by-other'],
    ['as before, with our mark: put back', step(), true, { template: 'bad' }, mark, 'changed'],
    ['neither', step(), true, { template: 'x' }, mark, 'changed'],
    ['without the fact', step(), false, {}, null, 'changed'],
    ['as wanted by a call without marks', scale, true, { replicas: 5 }, null, 'applied'],
    ['as wanted before it was sent', scale, false, { replicas: 5 }, null, 'same-by-other'],
    ['both, without our mark', restart, true, { uid: 'u' }, null, 'before'],
    ['both, with our mark', restart, true, { uid: 'u' }, mark, 'applied'],
  ] as const)('%s', (_name, of, wasSent, facts, seenMark, state) => {
    const question = { actionId, step: of, wasSent };
    expect(judgeStep(question, { facts, mark: seenMark })).toBe(state);
  });
});
