import { expect, test } from 'vitest';
import type { SendFailure } from '../../lib/app/targets/actuator.ts';
import type { Action } from '../../lib/domain/action/action.ts';
import { minutes, seconds } from '../../lib/domain/shared/time.ts';
import type { PortFailure } from '../../lib/ports/failure.ts';
import { createActionWorld, type ActionWorld } from './action-world.ts';

const rolled = ['checkout: v2 -> v1'];
const timedOut: SendFailure = { kind: 'timeout', message: 'No answer within 40 s.', isLost: true };
const unreachable: PortFailure = { kind: 'unavailable', message: 'The API server is away.' };

async function approved(world: ActionWorld): Promise<Action> {
  const action = await world.proposed(await world.openOn('checkout'));
  expect(await world.approve(action, 'grace')).toBeNull();
  return action;
}

const typesOf = async (world: ActionWorld): Promise<readonly string[]> =>
  (await world.events(world.onlyIncident())).map(({ event }) => event.type);

test('a lost answer of a call that was carried out is found by its mark', async () => {
  const world = createActionWorld();
  world.targets.faults.push({ call: 'send', failure: timedOut, isApplied: true });
  const action = await approved(world);
  expect(world.how(action.id)).toBe('uncertain');
  await world.untilOver();
  expect(world.how(action.id)).toMatch(/^verified: /);
  expect(world.done).toEqual(rolled);
  expect(await typesOf(world)).toContain('action.step_uncertain');
});

test('a lost call that was not carried out is sent once more, after its time is over', async () => {
  const world = createActionWorld();
  world.targets.faults.push({ call: 'send', failure: timedOut, isApplied: false });
  const action = await approved(world);
  const sentAtMs = world.clock.now();
  await world.untilOver();
  expect(world.how(action.id)).toMatch(/^verified: /);
  expect(world.done).toEqual(rolled);
  const [mutation] = world.targets.mutations;
  expect((mutation?.atMs ?? 0) - sentAtMs).toBeGreaterThanOrEqual(seconds(45));
  expect(await typesOf(world)).toContain('action.step_not_applied');
});

test('a call that is lost twice is not sent a third time', async () => {
  const world = createActionWorld();
  const fault = { call: 'send', failure: timedOut, isApplied: false } as const;
  world.targets.faults.push(fault, fault, fault);
  const action = await approved(world);
  await world.untilOver();
  expect(world.how(action.id)).toBe(
    'refused: The call was sent 2 times and has had no effect. Nothing was done.',
  );
  expect(world.targets.calls.filter((call) => call === 'send')).toHaveLength(2);
  expect(world.done).toEqual([]);
});

test('while the target cannot be read nothing is sent, and people are told after a minute', async () => {
  const world = createActionWorld();
  world.targets.faults.push({ call: 'send', failure: timedOut, isApplied: true });
  const action = await approved(world);
  world.targets.isUnreadable = unreachable;
  await world.fastForward(minutes(5));
  expect(world.how(action.id)).toBe('uncertain');
  expect(await world.waits(world.onlyIncident())).toEqual([
    'The target cannot be read, so it is not known whether the last call has had an effect. ' +
      'It is read on.',
  ]);
  expect(world.lease('checkout')?.holder?.actionId).toBe(action.id);
  world.targets.isUnreadable = null;
  await world.untilOver();
  expect(world.how(action.id)).toMatch(/^verified: /);
  expect(world.done).toEqual(rolled);
});

test('a target that stays unreadable ends as failed, and people are called', async () => {
  const world = createActionWorld();
  world.targets.faults.push({ call: 'send', failure: timedOut, isApplied: true });
  const action = await approved(world);
  world.targets.isUnreadable = unreachable;
  await world.fastForward(minutes(25));
  expect(world.how(action.id)).toBe(
    'failed: The target could not be read until 10 min after its time (The API server is away.): ' +
      'what became of it is not known. A person must look at it.',
  );
  expect(await typesOf(world)).toContain('escalation.requested');
  expect(world.targets.calls.filter((call) => call === 'send')).toHaveLength(1);
});

test('a refusal of the target is told with its own words, and not tried again', async () => {
  const world = createActionWorld();
  const message = 'deployments.apps "checkout" is forbidden: no verb patch';
  const failure: SendFailure = { kind: 'rejected', message, isLost: false };
  world.targets.faults.push({ call: 'send', failure, isApplied: false });
  const action = await approved(world);
  await world.untilOver();
  expect(world.how(action.id)).toBe(
    `refused: The target refused the call: ${message}. Nothing was done.`,
  );
  expect(world.targets.calls.filter((call) => call === 'send')).toHaveLength(1);
  expect(world.lease('checkout')?.holder).toBeNull();
});

test('a deploy between the approval and the start is never overwritten', async () => {
  const world = createActionWorld();
  const action = await world.proposed(await world.openOn('checkout'));
  world.targets.deploy('checkout', 'v3');
  await world.approve(action, 'grace');
  await world.untilOver();
  expect(world.how(action.id)).toBe(
    'refused: The target has changed since the plan (version is v3, not v2; generation is 8, ' +
      'not 7). Nothing was done; ask for it again to get a plan of how it is now.',
  );
  expect(world.done).toEqual([]);
});

test('a deploy in the last moment is refused by the call itself', async () => {
  const world = createActionWorld();
  world.targets.beforeCall = (call) => {
    if (call === 'send') world.targets.deploy('checkout', 'v3');
    return Promise.resolve();
  };
  const action = await approved(world);
  await world.untilOver();
  expect(world.how(action.id)).toBe(
    'refused: The target refused the call: the object has been modified: it runs v3. It has ' +
      'changed since the plan: version is v3, not v2; generation is 8, not 7. Nothing was done.',
  );
  expect(world.done).toEqual([]);
});

test('a worker that sleeps through its call does nothing when it wakes', async () => {
  const world = createActionWorld();
  let isFirst = true;
  world.targets.beforeCall = async (call) => {
    if (call !== 'send' || !isFirst) return;
    isFirst = false;
    await world.clock.sleep(minutes(5));
  };
  const action = await world.proposed(await world.openOn('checkout'));
  await world.approve(action, 'grace');
  await world.untilOver();
  expect(world.how(action.id)).toMatch(/^verified: /);
  expect(world.done).toEqual(rolled);
});

test('a refusal that comes after the call was sent anew is not believed', async () => {
  const world = createActionWorld();
  const failure: SendFailure = { kind: 'rejected', message: 'Not now.', isLost: false };
  world.targets.faults.push({ call: 'send', failure, isApplied: false });
  let sends = 0;
  world.targets.beforeCall = async (call) => {
    if (call !== 'send') return;
    sends += 1;
    await world.clock.sleep(sends === 1 ? seconds(70) : seconds(30));
  };
  const action = await world.proposed(await world.openOn('checkout'));
  await world.approve(action, 'grace');
  await world.untilOver();
  expect(world.how(action.id)).toMatch(/^verified: /);
  expect(world.done).toEqual(rolled);
});

test('a worker that sleeps between writing down a call and making it lets it be', async () => {
  const world = createActionWorld();
  const { store, ...acting } = world.acting;
  let isFirst = true;
  world.worker = {
    ...acting,
    store: {
      ...store,
      commit: async (transaction) => {
        const written = await world.acting.store.commit(transaction);
        const isCall = transaction.action?.mustNotBeHalted === true;
        if (isCall && isFirst) {
          isFirst = false;
          await world.clock.sleep(minutes(5));
        }
        return written;
      },
      loadIncident: world.acting.store.loadIncident,
      loadCommits: world.acting.store.loadCommits,
    },
  };
  const action = await world.proposed(await world.openOn('checkout'));
  await world.approve(action, 'grace');
  await world.untilOver();
  expect(world.how(action.id)).toMatch(/^verified: /);
  expect(world.done).toEqual(rolled);
  expect(world.targets.calls.filter((call) => call === 'send')).toHaveLength(1);
});

test('a target that cannot be read is planned for later, and refused when that takes too long', async () => {
  const world = createActionWorld();
  world.targets.faults.push({ call: 'plan', failure: unreachable });
  const incident = await world.openOn('checkout');
  const action = await world.proposed(incident);
  expect(action.state).toBe('planning');
  await world.fastForward(minutes(2));
  expect(world.how(action.id)).toBe('proposed');

  world.targets.isUnreadable = unreachable;
  const other = await world.proposed(incident, { target: 'search' });
  await world.fastForward(minutes(12));
  expect(world.how(other.id)).toBe(
    'refused: No plan could be made within 10 min: The API server is away.',
  );
});

test('a plan that is refused says what to do', async () => {
  const world = createActionWorld();
  const message = 'Deployment shop/checkout is paused: resume it first.';
  const failure = { kind: 'plan-refused', reason: 'paused', message } as const;
  world.targets.faults.push({ call: 'plan', failure });
  const action = await world.proposed(await world.openOn('checkout'));
  expect(world.how(action.id)).toBe(`refused: ${message}`);
});

test.each(['timeout', 'unavailable'] as const)(
  'an answer of the store that is lost (%s) as a call is written down is asked for again',
  async (kind) => {
    const world = createActionWorld();
    const action = await world.proposed(await world.openOn('checkout'));
    world.storeFaults.push({
      call: 'commit',
      failure: { kind, message: 'The answer was lost.' },
      isApplied: true,
      isFor: (transaction) => JSON.stringify(transaction).includes('action.step_sent'),
    });
    await world.approve(action, 'grace');
    await world.fastForward(seconds(2));
    expect(world.done).toEqual(rolled);
    await world.untilOver();
    expect(world.targets.calls.filter((call) => call === 'send')).toHaveLength(1);
  },
);
