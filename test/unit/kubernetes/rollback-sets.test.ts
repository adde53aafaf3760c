import { describe, expect, it } from 'vitest';
import { judgeStep } from '../../../lib/domain/action/judge-step.ts';
import { refTo } from '../../../lib/domain/kubernetes/refs.ts';
import type { JsonObject } from '../../../lib/domain/shared/json.ts';
import { controllerRevision, pod, podTemplate, rolloutReplicaSet, workload } from './objects.ts';
import { carryOut, createWorld, mustLook, stepAt, target, workloadPlace } from './world.ts';

const onStateful = target(workloadPlace('StatefulSet'));
const statefulSet = (spec: JsonObject = {}): JsonObject =>
  workload({
    kind: 'StatefulSet',
    spec,
    status: { currentRevision: 'checkout-rev1', updateRevision: 'checkout-rev3' },
  });
const history = [
  controllerRevision('StatefulSet', 1, 'shop/checkout:1.4.0'),
  controllerRevision('StatefulSet', 2, 'shop/checkout:1.4.1'),
  controllerRevision('StatefulSet', 3, 'shop/checkout:1.4.2'),
];
const bad = { 'controller-revision-hash': 'checkout-rev3' };
const stuck = [
  pod('checkout-2', bad, { isReady: false }),
  pod('checkout-3', bad, { isReady: false }),
  pod('checkout-1', { 'controller-revision-hash': 'checkout-rev1' }),
];
const ref = refTo('StatefulSet', 'shop', 'checkout');

describe('Rolling a StatefulSet back', () => {
  it('goes to the last revision that was rolled out to the end', async () => {
    const world = createWorld([statefulSet(), ...history]);
    const plan = await world.mustPlan({ verb: 'rollback', target: onStateful });
    expect(plan.basis).toContain('Revision 1 (shop/checkout:1.4.0) is the last one on record');
    await carryOut(world, plan);
    const after = world.cluster.find(ref);
    expect(after?.['spec']).toMatchObject({ template: podTemplate('shop/checkout:1.4.0') });
    expect(JSON.stringify(after)).not.toContain('$patch');
    expect(plan.steps).toHaveLength(1);
    expect(plan.risk).toBe('wide');
  });

  it('deletes its stuck pods as further steps, the highest first, by uid', async () => {
    const world = createWorld([statefulSet(), ...history, ...stuck]);
    const plan = await world.mustPlan({ verb: 'rollback', target: onStateful });
    expect(plan.risk).toBe('irreversible');
    expect(plan.steps.map(({ says }) => says).slice(1)).toEqual([
      'Delete the stuck pod checkout-3, so that it starts with the good template',
      'Delete the stuck pod checkout-2, so that it starts with the good template',
    ]);
    await world.actuator.send(plan, stepAt(plan, 0));
    const step = stepAt(plan, 1);
    const before = await mustLook(world, plan, 1);
    expect(judgeStep({ actionId: 'a0123', step, wasSent: false }, before)).toBe('before');
    await world.actuator.send(plan, step);
    const after = await mustLook(world, plan, 1);
    expect(judgeStep({ actionId: 'a0123', step, wasSent: true }, after)).toBe('applied');
    expect(world.cluster.writes().map(({ verb }) => verb)).toEqual(['patch', 'delete']);
  });

  it('never deletes another pod of the same name', async () => {
    const world = createWorld([statefulSet(), ...history, ...stuck]);
    const plan = await world.mustPlan({ verb: 'rollback', target: onStateful });
    world.cluster.remove(refTo('Pod', 'shop', 'checkout-3'));
    world.cluster.put({
      ...pod('checkout-3', bad),
      metadata: { name: 'checkout-3', namespace: 'shop', uid: 'new' },
    });
    const sent = await world.actuator.send(plan, stepAt(plan, 1));
    expect(sent).toMatchObject({ ok: false, error: { kind: 'conflict' } });
    expect(world.cluster.find(refTo('Pod', 'shop', 'checkout-3'))).not.toBeNull();
  });

  it('leaves pods alone that start beside each other anyway', async () => {
    const parallel = statefulSet({ podManagementPolicy: 'Parallel' });
    const world = createWorld([parallel, ...history, ...stuck]);
    const plan = await world.mustPlan({ verb: 'rollback', target: onStateful });
    expect(plan.steps).toHaveLength(1);
  });

  it('never takes the newest revision for an earlier one, though its record lacks new defaults', async () => {
    const defaulted = statefulSet({
      template: podTemplate('shop/checkout:1.4.2', { newDefault: true }),
    });
    const world = createWorld([defaulted, ...history]);
    const plan = await world.mustPlan({
      verb: 'rollback',
      target: onStateful,
      healthyVersions: ['1.4.2', '1.4.1'],
    });
    expect(plan.title).toBe('Roll back StatefulSet shop/checkout to revision 2');
  });

  it('warns of a partition', async () => {
    const parted = statefulSet({ updateStrategy: { rollingUpdate: { partition: 2 } } });
    const world = createWorld([parted, ...history]);
    const { risks } = await world.mustPlan({ verb: 'rollback', target: onStateful });
    expect(risks).toContain('Its partition keeps the pods below it as they are.');
  });
});

describe('Rolling a DaemonSet back', () => {
  it('puts the template of its ControllerRevision back', async () => {
    const world = createWorld([
      workload({ kind: 'DaemonSet' }),
      controllerRevision('DaemonSet', 1, 'shop/checkout:1.4.1'),
      controllerRevision('DaemonSet', 2, 'shop/checkout:1.4.2'),
    ]);
    const plan = await world.mustPlan({
      verb: 'rollback',
      target: target(workloadPlace('DaemonSet')),
      parameters: { to: '1' },
    });
    await carryOut(world, plan);
    expect(world.cluster.find(refTo('DaemonSet', 'shop', 'checkout'))?.['spec']).toMatchObject({
      template: podTemplate('shop/checkout:1.4.1'),
    });
  });
});

describe('Undoing an Argo Rollout', () => {
  const onRollout = target(workloadPlace('Rollout'));
  const sets = [
    rolloutReplicaSet('15', 'a:15'),
    rolloutReplicaSet('16', 'a:16'),
    rolloutReplicaSet('17', 'shop/checkout:1.4.2', 4),
  ];

  it('goes back to the stable version of an unfinished update', async () => {
    const rollout = workload({
      kind: 'Rollout',
      status: { stableRS: 'hash15', currentPodHash: 'hash17' },
    });
    const world = createWorld([rollout, ...sets]);
    const plan = await world.mustPlan({ verb: 'rollback', target: onRollout });
    expect(plan.title).toBe('Roll back Rollout shop/checkout to revision 15');
    await carryOut(world, plan);
    const after = world.cluster.find(refTo('Rollout', 'shop', 'checkout'));
    expect(after?.['spec']).toMatchObject({ template: podTemplate('a:15') });
    expect(after?.['metadata']).toMatchObject({ annotations: { 'tocsin.dev/action': 'a0123.s1' } });
  });
});
