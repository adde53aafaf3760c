import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lib/domain/shared/time.ts';
import { call } from './action-world.ts';
import { checkoutDown, createWorld } from './world.ts';

type Targets = readonly { readonly id: string; readonly lock: unknown }[];

describe('a lock', () => {
  it('holds until its end, with who and why; unlocking is harmless to repeat', async () => {
    const world = createWorld();
    const lockNow = async () => {
      const { answer } = await call(world, 'targets');
      return (answer['targets'] as Targets).find(({ id }) => id === 'checkout')?.lock;
    };
    const lock = { by: 'Ada Byron (api)', reason: 'migration', until: '2026-05-12T04:34:05.000Z' };

    const set = await call(world, 'targets/checkout/lock', {
      body: { reason: 'migration', for: '1h30m' },
    });

    expect([set.status, set.answer]).toEqual([200, { target: 'checkout', lock }]);
    expect(await lockNow()).toEqual(lock);
    await world.clock.advance(minutes(90));
    expect(await lockNow()).toBeNull();
    await call(world, 'targets/checkout/lock', { body: { reason: 'x' } });
    expect(await lockNow()).toMatchObject({ until: null });
    const unlocked = () => call(world, 'targets/checkout/unlock', { body: {} });
    expect((await unlocked()).answer).toMatchObject({ changed: true, lock: null });
    expect((await unlocked()).answer).toMatchObject({
      changed: false,
      message: 'The target checkout is not locked.',
    });
  });

  it.each([
    [{}, 400, 'reason is missing'],
    [{ reason: 'x', for: 'soon' }, 400, 'for is "soon"'],
    [{ reason: 'x', for: '31d' }, 400, 'up to 30d'],
    [{ reason: 'x', for: '0s' }, 400, 'up to 30d'],
    [{ reason: 'x', until: 'ever' }, 400, 'may not hold'],
  ])('that is not right is refused: %o', async (body, code, message) => {
    const { status, answer } = await call(createWorld(), 'targets/checkout/lock', { body });
    expect(status).toBe(code);
    expect(JSON.stringify(answer['error'])).toContain(JSON.stringify(message).slice(1, -1));
  });

  it('is of a target of the policy', async () => {
    const { status, answer } = await call(createWorld(), 'targets/nowhere/lock', {
      body: { reason: 'x' },
    });
    expect([status, answer['error']]).toMatchObject([
      409,
      { message: 'There is no target nowhere in the policy; name one that is there.' },
    ]);
  });
});

describe('the kill switch', () => {
  it('is thrown and lifted, each once, with who and why', async () => {
    const world = createWorld();
    const halted = {
      on: true,
      by: 'Ada Byron (api)',
      reason: 'storm',
      at: '2026-05-12T03:04:05.000Z',
    };
    const off = { on: false, by: '', reason: '', at: null };

    expect((await call(world, 'halt')).answer).toEqual({ tenant: 'default', halt: off });
    const thrown = await call(world, 'halt', { body: { on: true, reason: 'storm' } });
    await world.clock.advance(minutes(1));
    const again = await call(world, 'halt', { body: { on: true, reason: 'other' } });

    expect([thrown.answer['halt'], again.answer['halt']]).toEqual([halted, halted]);
    expect((await call(world, 'targets')).answer['halt']).toEqual(halted);
    expect((await call(world, 'halt?tenant=other')).answer['halt']).toEqual(off);
    const lifted = await call(world, 'halt', { body: { on: false, reason: 'over' } });
    expect(lifted.answer['halt']).toMatchObject({ on: false, reason: 'over' });
  });

  it('is thrown by everybody who responds, and lifted by approvers', async () => {
    const world = createWorld();
    const responder = 'arn:aws:iam::111122223333:user/eve';
    const asks = (on: boolean) =>
      call(world, 'halt', { body: { on, reason: 'storm' }, as: responder });

    expect((await asks(true)).status).toBe(200);
    const { status, answer } = await asks(false);
    expect([status, answer['error']]).toMatchObject([
      403,
      { message: 'Eve may call a halt, not lift it: that needs the role approver in the policy.' },
    ]);
    expect((await call(world, 'halt')).answer['halt']).toMatchObject({ on: true });
  });

  it.each([
    [{}],
    [{ on: 'yes', reason: 'x' }],
    [{ on: true }],
    [{ on: true, reason: 'x', by: 'y' }],
  ])('is not thrown by %o', async (body) => {
    const world = createWorld();
    expect((await call(world, 'halt', { body })).status).toBe(400);
    expect((await call(world, 'halt')).answer['halt']).toMatchObject({ on: false });
  });
});

describe('a step of a checklist', () => {
  it('is ticked by its number, and ticked back', async () => {
    const world = createWorld();
    const incident = await world.raise(checkoutDown);
    const checklist = { runbookId: 'restore', title: 'Restore', steps: ['a', 'b'], willNot: '' };
    await world.act(incident, { kind: 'start-checklist', checklist });
    const tick = (body: object) => call(world, `incidents/${incident.id}/steps`, { body });
    const done = { by: 'Ada Byron (api)', at: '2026-05-12T03:04:05.000Z' };

    const first = await tick({ runbook: 'restore', step: 2 });

    expect(first.answer).toMatchObject({
      changed: true,
      checklist: { runbook: 'restore', steps: [{ done: null }, { done }] },
    });
    expect((await tick({ runbook: 'restore', step: 2 })).answer).toMatchObject({ changed: false });
    expect((await tick({ runbook: 'restore', step: 2, done: false })).answer).toMatchObject({
      changed: true,
      checklist: { steps: [{ done: null }, { done: null }] },
    });
    expect((await tick({ runbook: 'restore', step: 3 })).answer['error']).toMatchObject({
      message: 'The checklist has steps 1 to 2; 3 was ticked.',
    });
    expect((await tick({ runbook: 'none', step: 1 })).status).toBe(409);
    expect((await tick({ runbook: 'restore', step: 0 })).status).toBe(400);
    const nowhere = { body: { runbook: 'restore', step: 1 } };
    expect((await call(world, 'incidents/aaaaa-bbbbbbb/steps', nowhere)).status).toBe(404);
  });
});

describe('the score', () => {
  it('is of every runbook of the policy', async () => {
    const world = createWorld();
    const { answer } = await call(world, 'actions/score');
    const [runbook] = answer['runbooks'] as readonly object[];
    expect(answer).toMatchObject({ tenant: 'default', actions: 0, isCut: false });
    expect(runbook).toMatchObject({
      runbook: 'bad-deploy',
      mode: 'shadow',
      shadows: 0,
      precisionPct: null,
    });
  });
});
