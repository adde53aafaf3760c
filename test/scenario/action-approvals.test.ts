import { expect, test } from 'vitest';
import { seconds, minutes } from '../../lib/domain/shared/time.ts';
import type { StoredDelivery } from '../../lib/ports/store.ts';
import { createActionWorld, people, type ActionWorld } from './action-world.ts';
import { failing } from './harness.ts';
import { t0 } from './samples.ts';

const rolled = ['checkout: v2 -> v1'];

/** A world in which nobody knows who deployed: two people must approve. */
function createUnfed(): ActionWorld {
  const world = createActionWorld();
  world.isFed = false;
  return world;
}

test('two approvers at once are two, and it is done once', async () => {
  const world = createUnfed();
  const incident = await world.openOn('checkout');
  const action = await world.proposed(incident);
  expect(action.approvalsNeeded).toBe(2);
  expect(await world.approve(action, 'grace')).toBeNull();
  expect(world.done).toEqual([]);

  const other = createUnfed();
  const same = await other.proposed(await other.openOn('checkout'));
  const answers = await other.approveTogether(same, ['grace', 'edsger']);
  expect(answers).toEqual([null, null]);
  expect(other.done).toEqual(rolled);
  expect(
    other
      .action(same.id)
      .approvals.map(({ personId }) => personId)
      .toSorted(),
  ).toEqual(['edsger', 'grace']);
});

test('one person is one approval, however often they click', async () => {
  const world = createUnfed();
  const action = await world.proposed(await world.openOn('checkout'));
  expect(await world.approve(action, 'grace')).toBeNull();
  expect(await world.approve(action, 'grace')).toBe('Grace Hopper has already approved this plan.');
  await world.untilOver();
  expect(world.done).toEqual([]);
  expect(world.how(action.id)).toBe(
    'expired: It expired with 1 of 2 approvals; nothing was done. ' +
      'Ask for it again if it is still wanted.',
  );
});

test('who asks, who deployed and who only responds does not approve', async () => {
  const world = createActionWorld();
  const action = await world.proposed(await world.openOn('checkout'));
  expect(await world.approve(action, 'ada')).toBe(
    'Ada Byron has asked for this action, and nobody approves what they ask for. ' +
      'Grace Hopper or Barbara Liskov may.',
  );
  expect(await world.approve(action, 'edsger')).toBe(
    'Edsger Dijkstra is an author of the change, and nobody approves about their own. ' +
      'Grace Hopper or Barbara Liskov may.',
  );
  expect(await world.approve(action, 'alan')).toBe(
    'Alan Turing may not approve: that needs the role approver in the policy. ' +
      'Grace Hopper or Barbara Liskov may.',
  );
  await world.untilOver();
  expect(world.done).toEqual([]);
});

test('an approval is of one plan', async () => {
  const world = createActionWorld();
  const incident = await world.openOn('checkout');
  const action = await world.proposed(incident);
  const other = await world.proposed(incident, { by: 'alan', target: 'search' });
  expect(await world.approve(action, 'grace', other.planHash)).toBe(
    `The plan is ${action.planHash.slice(0, 8)} and not ${other.planHash.slice(0, 8)}: ` +
      'look at it and approve that one.',
  );
  expect(await world.approve(action, 'grace', action.planHash.slice(0, 8))).toBeNull();
  expect(world.done).toEqual(rolled);
});

test('nothing starts after the incident was resolved', async () => {
  const world = createActionWorld();
  const incident = await world.openOn('checkout');
  const action = await world.proposed(incident);
  world.runs.stream = false;
  await world.resolve(incident);
  expect(await world.approve(action, 'grace')).toBe(
    'The incident is resolved: nothing starts any more. Reopen it first.',
  );
  world.runs.stream = true;
  await world.bring(await world.commits(incident));
  expect(world.how(action.id)).toBe('cancelled: The incident was resolved before it started.');
  expect(await world.approve(action, 'grace')).toBe(
    `Action ${action.id} is cancelled by now: The incident was resolved before it started.`,
  );
  expect(world.done).toEqual([]);
});

test('what is approved and waits is cancelled by the resolve, what runs runs to its end', async () => {
  const world = createActionWorld();
  const incident = await world.openOn('checkout');
  const running = await world.proposed(incident);
  const waiting = await world.proposed(incident, { target: 'search' });
  await world.approve(running, 'grace');
  await world.halt('barbara', 'the cluster is being moved');
  await world.approve(waiting, 'grace');
  await world.approve(waiting, 'barbara');
  expect(world.how(waiting.id)).toBe('approved');
  await world.resolve(incident);
  await world.untilOver();
  expect(world.how(waiting.id)).toBe('cancelled: The incident was resolved before it started.');
  expect(world.how(running.id)).toMatch(/^verified: /);
  expect(world.done).toEqual(rolled);
});

test('an approver who loses the role before the start does not count', async () => {
  const world = createActionWorld();
  const incident = await world.openOn('checkout');
  const action = await world.proposed(incident);
  world.runs.stream = false;
  await world.approve(action, 'grace');
  world.redeploy((tenant) => ({
    ...tenant,
    people: [people.ada, people.barbara, { ...people.grace, roles: ['responder'] }],
  }));
  world.runs.stream = true;
  await world.fastForward(minutes(1));
  expect(world.how(action.id)).toBe(
    'refused: 0 of 1 approvals hold as it was to start: Grace Hopper may not approve: that needs ' +
      'the role approver in the policy. Nothing was done; ask for it again.',
  );
  expect(world.done).toEqual([]);
});

test('without an answer a proposal ends after ten minutes, and an approval is late then', async () => {
  const world = createActionWorld();
  const action = await world.proposed(await world.openOn('checkout'));
  world.runs.scheduler = false;
  await world.fastForward(minutes(10));
  expect(await world.approve(action, 'grace')).toBe(
    'The proposal expired at 2026-05-12T03:14:05.000Z; ask for the action again.',
  );
  world.runs.scheduler = true;
  await world.fastForward(minutes(1));
  expect(world.how(action.id)).toBe(
    'expired: It expired with 0 of 1 approvals; nothing was done. ' +
      'Ask for it again if it is still wanted.',
  );
  await world.fastForward(minutes(60 * 24));
  expect(world.done).toEqual([]);
});

test('whoever denies ends it, and says why', async () => {
  const world = createActionWorld();
  const action = await world.proposed(await world.openOn('checkout'));
  expect(await world.deny(action, 'alan', 'the database is the cause')).toBeNull();
  expect(world.how(action.id)).toBe(
    'denied: Denied by Alan Turing (api): the database is the cause',
  );
  expect(await world.approve(action, 'grace')).toBe(
    `Action ${action.id} is denied by now: ` +
      'Denied by Alan Turing (api): the database is the cause',
  );
  expect(world.done).toEqual([]);
});

test('what runs can not be denied any more', async () => {
  const world = createActionWorld();
  const action = await world.proposed(await world.openOn('checkout'));
  await world.approve(action, 'grace');
  await world.fastForward(seconds(1));
  expect(await world.deny(action, 'alan', 'too late')).toBe(
    `Action ${action.id} has started and runs to its end; \`halt\` stops what follows.`,
  );
});

test('what nobody may do is refused at the request', async () => {
  const world = createActionWorld();
  const incident = await world.openOn('checkout');
  await expect(world.ask(incident, { target: 'payroll' })).rejects.toThrow(
    'There is no target payroll in the policy. It names checkout, search and reports.',
  );
  await world.resolve(incident);
  await expect(world.ask(incident)).rejects.toThrow(
    'The incident is resolved; reopen it to act on a target.',
  );
});

test('a click whose answer is lost is one approval, kept with the request that it was', async () => {
  const world = createUnfed();
  const action = await world.proposed(await world.openOn('checkout'));
  world.storeFaults.push(
    ...Array.from({ length: 3 }, () => ({
      call: 'commit',
      failure: failing('timeout'),
      isApplied: true,
      isFor: (transaction: unknown) => JSON.stringify(transaction).includes('action.approved'),
    })),
  );
  expect(await world.approve(action, 'grace', action.planHash, click('grace'))).toBeNull();
  expect(world.action(action.id).approvals).toHaveLength(1);
  expect(world.store.deliveries().map(({ deliveryId }) => deliveryId)).toContain('click-of-grace');
});

test('a refused click leaves nothing behind', async () => {
  const world = createUnfed();
  const action = await world.proposed(await world.openOn('checkout'));
  const version = world.now(world.onlyIncident()).version;
  await world.approve(action, 'ada', action.planHash, click('ada'));
  expect(world.now(world.onlyIncident()).version).toBe(version);
  expect(world.store.deliveries().map(({ deliveryId }) => deliveryId)).not.toContain(
    'click-of-ada',
  );
});

const click = (by: string): StoredDelivery => ({
  key: { tenant: 'acme', sourceId: 'slack', groupHash: `click ${by}`, setDigest: `click ${by}` },
  deliveryId: `click-of-${by}`,
  receivedAtMs: t0,
  bodyHash: '',
  body: null,
  outcome: { kind: 'empty', incidentIds: [], alerts: 0, reason: 'approve' },
  threadHashes: [],
});
