import { expect, test } from 'vitest';
import type { Origin } from '../../lib/domain/action/action.ts';
import type { Incident } from '../../lib/domain/incident/state.ts';
import type { RunbookMode, RunbookPolicy } from '../../lib/domain/policy/action-policy.ts';
import { minutes, seconds } from '../../lib/domain/shared/time.ts';
import { createActionWorld, type ActionChange, type ActionWorld } from './action-world.ts';
import { checkoutDown, over } from './samples.ts';

const rolled = ['checkout: v2 -> v1'];

const runbook = (mode: RunbookMode): RunbookPolicy => ({
  id: 'bad-deploy',
  title: 'Bad deploy',
  // Matches no incident by itself: the scenarios ask in its name.
  when: { match: [], changedWithinMs: null, services: ['nothing'] },
  action: { verb: 'rollback', target: 'checkout', parameters: {} },
  steps: [],
  proposes: 'Rolls back.',
  willNot: 'Nothing else.',
  mode,
  revision: 3,
});

const withRunbook =
  (mode: RunbookMode): ActionChange =>
  (policy) => ({
    ...policy,
    runbooks: [runbook(mode)],
    guardrails: { ...policy.guardrails, perTarget: 5 },
  });

const byRunbook = (mode: RunbookMode): Origin => ({
  kind: 'runbook',
  runbookId: 'bad-deploy',
  mode,
});

async function approved(world: ActionWorld): Promise<{ incident: Incident; id: string }> {
  const incident = await world.openOn('checkout');
  const { id, planHash } = await world.proposed(incident);
  expect(await world.approve(world.action(id), 'grace', planHash)).toBeNull();
  return { incident, id };
}

test('what has not helped calls people, opens a resolved incident, and is not done again', async () => {
  const world = createActionWorld();
  world.targets.measured = { kind: 'value', value: 0.2 };
  const { incident, id } = await approved(world);
  await world.resolve(incident);
  expect(world.now(incident).state).toBe('resolved');
  await world.fastForward(minutes(15));
  expect(world.how(id)).toBe(
    'failed: It was done and has not helped within 10 min. Workload good: 3 of 3 pods are new; ' +
      'alert good: none fires at its source; metric bad: Error rate is 0.2, and must be at most 0.01.',
  );
  expect(world.now(incident).state).toBe('triggered');
  await world.untilOver();
  expect(world.done).toEqual(rolled);
});

test('what has not helped an open incident escalates it', async () => {
  const world = createActionWorld();
  world.targets.alertAtSource = 'firing';
  const { incident, id } = await approved(world);
  await world.acknowledge(incident);
  await world.fastForward(minutes(15));
  expect(world.how(id)).toMatch(/^failed: .*alert bad: CheckoutDown still fires at its source/);
  const types = (await world.events(incident)).map(({ event }) => event.type);
  expect(types).toContain('escalation.requested');
  expect(world.done).toEqual(rolled);
});

test('metrics that vanish are no success', async () => {
  const world = createActionWorld();
  world.targets.measured = { kind: 'none', why: 'no such series' };
  const { id } = await approved(world);
  await world.untilOver();
  expect(world.how(id)).toBe(
    'unverified: It was done, and whether it helped could not be told within 10 min: a person ' +
      'must. Workload good: 3 of 3 pods are new; alert good: none fires at its source; ' +
      'metric unknown: Error rate has no value: no such series.',
  );
});

test('metrics that come and go never add up to a proof', async () => {
  const world = createActionWorld();
  const { id } = await approved(world);
  await world.fastForward(seconds(75));
  for (let turn = 0; turn < 25; turn += 1) {
    world.targets.measured = { kind: 'none', why: 'no such series' };
    await world.fastForward(seconds(10));
    world.targets.measured = { kind: 'value', value: 0 };
    await world.fastForward(seconds(20));
  }
  expect(world.how(id)).not.toMatch(/^verified/);
});

test('without a check in the policy an action ends as unverified, as its plan has said', async () => {
  const world = createActionWorld((policy) => ({
    ...policy,
    targets: policy.targets.map((target) => ({ ...target, checks: [] })),
  }));
  const { id } = await approved(world);
  expect(world.action(id).plan?.risks).toEqual([
    'The policy names no check for checkout, so that nothing can prove that it helped: it will ' +
      'end as unverified, and a person must look.',
  ]);
  await world.untilOver();
  expect(world.how(id)).toMatch(/^unverified: .*metric unknown: the target has no checks/);
});

test.each([
  { apiUrl: 'https://alertmanager.example', isTold: true, ends: /^unverified: .*alert unknown/ },
  { apiUrl: null, isTold: false, ends: /^unverified: .*alert unknown/ },
  { apiUrl: null, isTold: true, ends: /^verified: / },
])('a source that cannot tell is believed only where it told and has no API', async (given) => {
  const { apiUrl, isTold, ends } = given;
  const world = createActionWorld();
  world.targets.alertAtSource = 'cannot-tell';
  world.redeploy((tenant) => ({
    ...tenant,
    sources: tenant.sources.map((source) => ({ ...source, apiUrl })),
  }));
  const { id } = await approved(world);
  const groupKey = '{}:{service="checkout"}';
  if (isTold) await world.post({ alerts: [over(checkoutDown)], groupKey });
  await world.untilOver();
  expect(world.how(id)).toMatch(ends);
});

test('a platform that gives up ends it as failed', async () => {
  const world = createActionWorld();
  world.targets.convergence = { kind: 'broken', says: 'the new pods crash' };
  const { id } = await approved(world);
  await world.untilOver();
  expect(world.how(id)).toMatch(/^failed: The platform gave up: the new pods crash/);
  expect(world.done).toEqual(rolled);
});

test('somebody who deploys over it ends it as failed, and is not overwritten', async () => {
  const world = createActionWorld();
  world.targets.measured = { kind: 'value', value: 0.2 };
  const { id } = await approved(world);
  await world.fastForward(minutes(2));
  world.targets.deploy('checkout', 'v3');
  await world.untilOver();
  expect(world.how(id)).toMatch(
    /^failed: Somebody has changed the target since \(version is v3, not v1\)/,
  );
  expect(world.done).toEqual(rolled);
});

test('a runbook that has earned it acts without anybody, once in an incident', async () => {
  const world = createActionWorld(withRunbook('automatic'));
  const incident = await world.openOn('checkout');
  const { action } = await world.ask(incident, { origin: byRunbook('automatic') });
  expect(world.done).toEqual(rolled);
  await world.untilOver();
  expect(world.how(action.id)).toMatch(/^verified: /);
  const again = await world.ask(incident, { verb: 'restart', origin: byRunbook('automatic') });
  expect(world.how(again.action.id)).toBe(
    'refused: checkout was already acted on in this incident, and no runbook does so twice. ' +
      'A person may ask for it.',
  );
  expect(world.done).toEqual(rolled);
});

test('a rule in shadow does nothing', async () => {
  const world = createActionWorld(withRunbook('shadow'));
  const incident = await world.openOn('checkout');
  const { action } = await world.ask(incident, { origin: byRunbook('shadow') });
  await world.untilOver();
  expect(world.how(action.id)).toBe(
    'shadow: In shadow: nothing was done. What people do is compared with it.',
  );
  expect(world.done).toEqual([]);
});

test('one failure takes a rule back to proposing, until its revision is raised', async () => {
  const world = createActionWorld(withRunbook('automatic'));
  world.targets.convergence = { kind: 'broken', says: 'the new pods crash' };
  const incident = await world.openOn('checkout');
  const { action } = await world.ask(incident, { origin: byRunbook('automatic') });
  await world.untilOver();
  expect(world.how(action.id)).toMatch(/^failed: /);
  await world.resolve(incident);
  await world.fastForward(minutes(60));

  world.targets.deploy('checkout', 'v2');
  const next = await world.openOn('reports');
  const demoted = await world.ask(next, { origin: byRunbook('automatic') });
  expect(world.how(demoted.action.id)).toBe('proposed');
  expect(world.done).toEqual(rolled);

  world.redeploy((tenant) => ({
    ...tenant,
    actions: { ...tenant.actions, runbooks: [{ ...runbook('automatic'), revision: 4 }] },
  }));
  const trusted = await world.ask(await world.openOn('search'), { origin: byRunbook('automatic') });
  await world.fastForward(seconds(5));
  expect(world.how(trusted.action.id)).toMatch(/^observing|^executing|^validating/);
});

test('in a freeze a runbook is refused', async () => {
  const world = createActionWorld((policy) => {
    const changed = withRunbook('automatic')(policy);
    const freezes = [{ name: 'End of year', from: 0, until: 8_000_000_000_000 }];
    return { ...changed, guardrails: { ...changed.guardrails, freezes } };
  });
  const incident = await world.openOn('checkout');
  const { action } = await world.ask(incident, { origin: byRunbook('automatic') });
  expect(world.how(action.id)).toBe(
    'refused: The freeze “End of year” holds, in which no runbook acts. A person may ask for it.',
  );
});
