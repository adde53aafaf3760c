import { expect, test } from 'vitest';
import type { Commit } from '../../lib/domain/incident/event.ts';
import { minutes, seconds } from '../../lib/domain/shared/time.ts';
import { createActionWorld } from './action-world.ts';

test('an approved rollback is done once and proven, every step of it in the log', async () => {
  const world = createActionWorld();
  const incident = await world.openOn('checkout');
  const action = await world.proposed(incident);
  expect(action).toMatchObject({ state: 'proposed', approvalsNeeded: 1 });

  await world.fastForward(seconds(20));
  const approvedAtMs = world.clock.now();
  expect(await world.approve(action, 'grace')).toBeNull();
  expect(world.done).toEqual(['checkout: v2 -> v1']);
  expect((world.targets.mutations[0]?.atMs ?? 0) - approvedAtMs).toBeLessThan(seconds(15));

  await world.untilOver();
  expect(world.how(action.id)).toBe(
    'verified: All three signals were good for 30 s, in 4 samples in a row.',
  );
  const log = await world.events(incident);
  const own = log.flatMap(({ event }) => ('actionId' in event ? event.type : []));
  expect(own).toEqual([
    'action.requested',
    'action.planned',
    'action.approved',
    'action.started',
    'action.step_sent',
    'action.step_applied',
    'action.converged',
    'action.sampled',
    'action.ended',
  ]);
  expect(world.done).toHaveLength(1);
  expect(world.now(incident).actions).toMatchObject([
    { state: 'verified', approvedBy: ['Grace Hopper'] },
  ]);
  expect(world.lease('checkout')).toMatchObject({ holder: null, fence: 1 });
});

test('an action that is not good at once is sampled until all three signals are', async () => {
  const world = createActionWorld();
  const incident = await world.openOn('checkout');
  const action = await world.proposed(incident);
  world.targets.measured = { kind: 'value', value: 0.2 };
  world.targets.convergence = { kind: 'waiting', says: '1 of 3 pods is new' };
  await world.approve(action, 'grace');
  await world.fastForward(minutes(2));
  expect(world.how(action.id)).toBe('observing');
  world.targets.convergence = { kind: 'converged', says: '3 of 3 pods are new' };
  await world.fastForward(minutes(2));
  expect(world.how(action.id)).toBe('validating');
  world.targets.measured = { kind: 'value', value: 0 };
  await world.untilOver();
  expect(world.how(action.id)).toMatch(/^verified: /);
});

test('a plan of three steps is carried out step by step', async () => {
  const world = createActionWorld();
  world.targets.steps = 3;
  const incident = await world.openOn('checkout');
  const action = await world.proposed(incident);
  await world.approve(action, 'grace');
  await world.untilOver();
  expect(world.done).toEqual([
    'checkout: v2 -> half-1',
    'checkout: half-1 -> half-2',
    'checkout: half-2 -> v1',
  ]);
  expect(world.how(action.id)).toMatch(/^verified: /);
});

test('the schedule alone carries an action through when the stream brings nothing', async () => {
  const world = createActionWorld();
  const incident = await world.openOn('checkout');
  world.runs.stream = false;
  const { action } = await world.ask(incident);
  await world.fastForward(minutes(2));
  expect(world.how(action.id)).toBe('proposed');
  await world.approve(world.action(action.id), 'grace');
  await world.untilOver();
  expect(world.how(action.id)).toMatch(/^verified: /);
  expect(world.done).toHaveLength(1);
});

test('the same commits again, and runs side by side, do nothing twice', async () => {
  const world = createActionWorld();
  const brought: Commit[] = [];
  world.besides.onCommits.push((commits) => {
    brought.push(...commits.map(({ value }) => value));
    return Promise.resolve();
  });
  const incident = await world.openOn('checkout');
  const action = await world.proposed(incident);
  await world.approve(action, 'grace');
  for (let again = 0; again < 3; again += 1) {
    await world.bring(brought);
    await Promise.all([world.drive(world.actDue()), world.drive(world.actDue())]);
  }
  await world.untilOver();
  expect(world.done).toHaveLength(1);
  const types = (await world.events(incident)).map(({ event }) => event.type);
  expect(types.filter((type) => type === 'action.started')).toHaveLength(1);
  expect(types.filter((type) => type === 'action.requested')).toHaveLength(1);
});

test('two workers that decide at the same instant send once', async () => {
  const world = createActionWorld();
  const incident = await world.openOn('checkout');
  const action = await world.proposed(incident);
  world.runs.stream = false;
  await world.approve(action, 'grace');
  await Promise.all([1, 2, 3].map(() => world.drive(world.actDue())));
  await world.untilOver();
  expect(world.done).toEqual(['checkout: v2 -> v1']);
  expect(world.targets.calls.filter((call) => call === 'send')).toHaveLength(1);
  expect(world.how(action.id)).toMatch(/^verified: /);
});

test('the same request finds the action that it made', async () => {
  const world = createActionWorld();
  const incident = await world.openOn('checkout');
  const first = await world.ask(incident);
  const again = await world.ask(incident);
  expect(again.action.id).toBe(first.action.id);
  expect(again.events).toEqual([]);
});
