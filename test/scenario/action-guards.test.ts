import { expect, test } from 'vitest';
import { haltActions } from '../../lib/app/actions/halt.ts';
import { lockTarget, unlockTarget } from '../../lib/app/actions/locks.ts';
import { readTargets } from '../../lib/app/actions/read-actions.ts';
import type { GuardrailPolicy } from '../../lib/domain/policy/action-policy.ts';
import { after, minutes, seconds } from '../../lib/domain/shared/time.ts';
import {
  createActionWorld,
  principalOf,
  type ActionChange,
  type ActionWorld,
  type PersonId,
} from './action-world.ts';
import { failing } from './harness.ts';
import { t0 } from './samples.ts';

const guardrails =
  (change: Partial<GuardrailPolicy>): ActionChange =>
  (policy) => ({ ...policy, guardrails: { ...policy.guardrails, ...change } });

/** An incident on a service with an action on its target, approved by Grace. */
async function approvedOn(world: ActionWorld, service: string, by: PersonId = 'ada') {
  const incident = await world.openOn(service);
  const action = await world.proposed(incident, { target: service, by });
  expect(await world.approve(action, 'grace')).toBeNull();
  return { incident, action };
}

test('halted, nothing starts; resumed, what waited starts by itself', async () => {
  const world = createActionWorld();
  await world.halt('barbara', 'the cluster is being moved');
  const { incident, action } = await approvedOn(world, 'checkout');
  await world.fastForward(minutes(2));
  expect(world.how(action.id)).toBe('approved');
  expect(await world.waits(incident)).toEqual([
    'All actions were halted by Barbara Liskov (api) (the cluster is being moved); ' +
      '`tocsin halt --off` lets them go on, in Slack `unhalt`.',
  ]);
  expect(world.done).toEqual([]);
  await world.resume('barbara', 'it is moved');
  await world.fastForward(seconds(15));
  expect(world.done).toEqual(['checkout: v2 -> v1']);
});

test('halted between two steps, the second is not made until it is resumed', async () => {
  const world = createActionWorld();
  world.targets.steps = 2;
  world.targets.beforeCall = async (call) => {
    if (call !== 'send' || world.done.length > 0) return;
    const by = principalOf('barbara');
    await haltActions(world.acting, { tenant: 'acme', by, reason: 'wait' });
  };
  const { action } = await approvedOn(world, 'checkout');
  await world.fastForward(minutes(2));
  expect(world.done).toEqual(['checkout: v2 -> half-1']);
  expect(world.how(action.id)).toBe('executing');
  await world.resume('barbara', 'go on');
  await world.untilOver();
  expect(world.done).toEqual(['checkout: v2 -> half-1', 'checkout: half-1 -> v1']);
  expect(world.how(action.id)).toMatch(/^verified: /);
});

test('halted for good between two steps, it ends as failed and people are called', async () => {
  const world = createActionWorld();
  world.targets.steps = 2;
  world.targets.beforeCall = async (call) => {
    if (call !== 'send' || world.done.length > 0) return;
    const by = principalOf('barbara');
    await haltActions(world.acting, { tenant: 'acme', by, reason: 'wait' });
  };
  const { action } = await approvedOn(world, 'checkout');
  await world.untilOver();
  expect(world.how(action.id)).toBe(
    'failed: It could not go on after 1 of 2 steps: All actions were halted by Barbara Liskov ' +
      '(api) (wait); `tocsin halt --off` lets them go on, in Slack `unhalt`. A person must look at the target.',
  );
});

test('a switch that cannot be read counts as thrown', async () => {
  const world = createActionWorld();
  const unreadable = { call: 'loadHalt', failure: failing('unavailable') };
  world.rowFaults.push(...Array.from({ length: 500 }, () => unreadable));
  const { incident, action } = await approvedOn(world, 'checkout');
  await world.fastForward(minutes(12));
  expect(await world.waits(incident)).toEqual([
    'The kill switch cannot be read, which counts as halted; it is read again by itself.',
  ]);
  expect(world.how(action.id)).toBe(
    'refused: Nothing was done; it had to wait until its end: The kill switch cannot be read, ' +
      'which counts as halted; it is read again by itself. Ask for it again.',
  );
  expect(world.done).toEqual([]);
  const errors = world.log.lines().filter(({ level }) => level === 'error');
  const messages = errors.map(({ message }) => message);
  expect(new Set(messages)).toEqual(
    new Set(['The kill switch cannot be read: no action goes on.']),
  );
  world.expectErrors(...messages);
});

test('a switch thrown after it was read stops the start all the same', async () => {
  const world = createActionWorld();
  const { store, ...acting } = world.acting;
  let isFirst = true;
  world.worker = {
    ...acting,
    store: {
      ...store,
      loadIncident: world.acting.store.loadIncident,
      loadCommits: world.acting.store.loadCommits,
      commit: async (transaction) => {
        if (transaction.action?.mustNotBeHalted === true && isFirst) {
          isFirst = false;
          const by = principalOf('barbara');
          await haltActions(world.acting, { tenant: 'acme', by, reason: 'just now' });
        }
        return world.acting.store.commit(transaction);
      },
    },
  };
  const { action } = await approvedOn(world, 'checkout');
  expect(world.how(action.id)).toBe('approved');
  expect(world.done).toEqual([]);
});

test('a locked target waits until it is unlocked', async () => {
  const world = createActionWorld();
  const lock = {
    tenant: 'acme',
    targetId: 'checkout',
    by: principalOf('barbara'),
    reason: 'audit',
  };
  const untilMs = after(t0, minutes(30));
  expect(await world.drive(lockTarget(world.acting, { ...lock, untilMs }))).toMatchObject({
    ok: true,
  });
  const { incident, action } = await approvedOn(world, 'checkout');
  expect(world.how(action.id)).toBe('approved');
  expect(await world.waits(incident)).toEqual([
    'kubernetes/main/shop/Deployment/checkout is locked by Barbara Liskov (api) until ' +
      '2026-05-12T03:34:05.000Z (audit); `tocsin unlock` frees it, in Slack `unlock`.',
  ]);
  const states = await world.drive(readTargets(world.acting, 'acme'));
  expect(states).toMatchObject({
    value: { targets: [{ lock: { reason: 'audit' } }, { lock: null }, { lock: null }] },
  });
  expect(await world.drive(unlockTarget(world.acting, lock))).toMatchObject({ ok: true });
  await world.fastForward(minutes(1));
  expect(world.done).toEqual(['checkout: v2 -> v1']);
  const again = await world.drive(unlockTarget(world.acting, lock));
  expect(again).toMatchObject({ error: { message: 'The target checkout is not locked.' } });
});

test('two incidents want one target: the second waits until the first has ended', async () => {
  const world = createActionWorld(guardrails({ perTarget: 5 }));
  const action = await world.proposed(await world.openOn('checkout'));
  const other = await world.openOn('search');
  const second = await world.proposed(other, { by: 'alan', target: 'checkout' });
  await world.approve(action, 'grace');
  expect(world.done).toEqual(['checkout: v2 -> v1']);
  // Its API server still answers from a cache.
  world.targets.sees.set('checkout', { version: 'v2', generation: 7 });
  await world.approve(second, 'grace');
  expect(await world.waits(other)).toEqual([
    `Action ${action.id} is at work on kubernetes/main/shop/Deployment/checkout; ` +
      'this one starts when that has ended.',
  ]);
  world.targets.sees.clear();
  await world.untilOver();
  expect(world.how(action.id)).toMatch(/^verified: /);
  expect(world.how(second.id)).toBe(
    'refused: The target is already as it was to be: somebody else has done it. Nothing was done.',
  );
  expect(world.done).toEqual(['checkout: v2 -> v1']);
});

test.each([
  {
    limit: 'target',
    change: { perTarget: 1 },
    targets: ['checkout', 'checkout'],
    message:
      'The limit of 1 started within 15 min is reached for target checkout; the next may start ' +
      'at 2026-05-12T03:19:05.000Z.',
  },
  {
    limit: 'team',
    change: { perTeam: 1 },
    targets: ['checkout', 'search'],
    message:
      'The limit of 1 started within 15 min is reached for team payments; the next may start ' +
      'at 2026-05-12T03:19:05.000Z.',
  },
  {
    limit: 'all',
    change: { inAll: 2 },
    targets: ['checkout', 'search', 'reports'],
    message:
      'The limit of 2 started within 15 min is reached for all teams together; the next may ' +
      'start at 2026-05-12T03:19:05.000Z.',
  },
])('over the limit for $limit an action waits', async ({ change, targets, message }) => {
  const world = createActionWorld(guardrails({ approvalWithinMs: minutes(60), ...change }));
  const began: string[] = [];
  for (const target of targets.slice(0, -1))
    began.push((await approvedOn(world, target)).action.id);
  await world.fastForward(minutes(4));
  for (const id of began) expect(world.how(id)).toMatch(/^verified: /);
  const last = targets.at(-1) ?? '';
  if (targets.indexOf(last) < targets.length - 1) world.targets.deploy(last, 'v2');
  const { incident, action } = await approvedOn(world, last, 'alan');
  expect(world.how(action.id)).toBe('approved');
  expect(await world.waits(incident)).toEqual([message]);
  await world.fastForward(minutes(20));
  expect(world.how(action.id)).toMatch(/^verified: /);
});

test('in a freeze a person needs one approval more', async () => {
  const freeze = { name: 'End of year', from: t0 - 1, until: after(t0, minutes(60)) };
  const world = createActionWorld(guardrails({ freezes: [freeze] }));
  const incident = await world.openOn('checkout');
  const action = await world.proposed(incident);
  expect(action.approvalsNeeded).toBe(2);
  const [planned] = await world.events(incident, 'action.planned');
  expect(planned?.event).toMatchObject({
    approvalsReason: '2 people must approve, since the freeze “End of year” holds.',
  });
});
