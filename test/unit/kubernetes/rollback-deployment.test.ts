import { describe, expect, it } from 'vitest';
import { judgeStep } from '../../../lib/domain/action/judge-step.ts';
import { refTo } from '../../../lib/domain/kubernetes/refs.ts';
import { autoscaler, deployment, podTemplate, replicaSet } from './objects.ts';
import { carryOut, createWorld, mustLook, stepAt, target, workloadPlace } from './world.ts';

const ref = refTo('Deployment', 'shop', 'checkout');
const cause = 'kubernetes.io/change-cause';

const history = [
  replicaSet('15', 'shop/checkout:1.4.0', { annotations: { [cause]: 'release 1.4.0' } }),
  replicaSet('16', 'shop/checkout:1.4.1', { annotations: { [cause]: 'release 1.4.1' } }),
  replicaSet('17', 'shop/checkout:1.4.2', { available: 4 }),
];

const live = deployment('17', {
  annotations: {
    [cause]: 'release 1.4.2',
    'kubectl.kubernetes.io/last-applied-configuration': '{}',
    note: 'added later',
  },
});

describe('Rolling a Deployment back', () => {
  it('leaves what kubectl rollout undo --to-revision=16 leaves, and the mark', async () => {
    const world = createWorld([live, ...history]);
    const plan = await world.mustPlan({ verb: 'rollback', healthyVersions: ['1.4.1'] });
    expect(plan.title).toBe('Roll back Deployment shop/checkout to revision 16');
    await carryOut(world, plan);
    const after = world.cluster.find(ref);
    expect(after?.['spec']).toMatchObject({ template: podTemplate('shop/checkout:1.4.1') });
    expect(JSON.stringify(after)).not.toContain('pod-template-hash');
    expect(after?.['metadata']).toMatchObject({
      generation: 2,
      annotations: {
        [cause]: 'release 1.4.1',
        'kubectl.kubernetes.io/last-applied-configuration': '{}',
        'deployment.kubernetes.io/revision': '17',
        'tocsin.dev/action': 'a0123.s1',
      },
    });
    // Kubectl's undo loses what the old ReplicaSet does not have; so do we.
    expect(JSON.stringify(after)).not.toContain('added later');
  });

  it('holds the whole target, so that sending it twice changes nothing more', async () => {
    const world = createWorld([live, ...history]);
    const plan = await world.mustPlan({ verb: 'rollback', healthyVersions: ['1.4.1'] });
    await carryOut(world, plan);
    const again = await world.actuator.send(plan, stepAt(plan, 0));
    expect(again).toMatchObject({ ok: false, error: { kind: 'conflict', isLost: false } });
    expect(world.cluster.writes()).toHaveLength(1);
  });

  it('refuses by itself to overwrite a newer deploy', async () => {
    const world = createWorld([live, ...history]);
    const plan = await world.mustPlan({ verb: 'rollback', healthyVersions: ['1.4.1'] });
    world.cluster.put(deployment('18', { image: 'shop/checkout:1.4.3' }));
    expect(await world.actuator.send(plan, stepAt(plan, 0))).toMatchObject({ ok: false });
    expect(world.cluster.writes()).toHaveLength(0);
    const seen = await mustLook(world, plan);
    expect(judgeStep({ actionId: 'a0123', step: stepAt(plan, 0), wasSent: false }, seen)).toBe(
      'changed',
    );
  });

  it('is not voided by an autoscaler, and never touches replicas', async () => {
    const world = createWorld([live, ...history, autoscaler({ min: 2 })]);
    const plan = await world.mustPlan({ verb: 'rollback', healthyVersions: ['1.4.1'] });
    const scaled = deployment('17', { spec: { replicas: 9 } });
    world.cluster.put(scaled);
    await carryOut(world, plan);
    const after = world.cluster.find(ref);
    expect(after?.['spec']).toMatchObject({
      replicas: 9,
      template: podTemplate('shop/checkout:1.4.1'),
    });
    expect(JSON.stringify(stepAt(plan, 0).call)).not.toContain('replicas');
  });

  it('works on an object without annotations', async () => {
    const bare = deployment('17', { metadata: { annotations: null } });
    const world = createWorld([bare, ...history]);
    const plan = await world.mustPlan({ verb: 'rollback', healthyVersions: ['1.4.1'] });
    await carryOut(world, plan);
    expect(world.cluster.find(ref)?.['metadata']).toMatchObject({
      annotations: { [cause]: 'release 1.4.1', 'tocsin.dev/action': 'a0123.s1' },
    });
  });

  it('tells in the plan what changes, why this revision, and what remains', async () => {
    const git = { host: 'gh', repository: 'acme/shop', branch: 'main', path: 'checkout' };
    const world = createWorld([live, ...history]);
    const plan = await world.mustPlan({
      verb: 'rollback',
      healthyVersions: ['1.4.1'],
      target: target(workloadPlace('Deployment'), { git }),
    });
    expect(plan.changes).toEqual([
      { what: 'revision', from: '17', to: '16, as a new one' },
      { what: 'change-cause', from: 'release 1.4.2', to: 'release 1.4.1' },
      { what: 'containers web image', from: 'shop/checkout:1.4.2', to: 'shop/checkout:1.4.1' },
    ]);
    expect(plan.basis).toBe(
      'Revision 16 (shop/checkout:1.4.1) was healthy by the change feed, which knows it as 1.4.1.',
    );
    expect(plan.undo).toBe(
      'Ask for `rollback checkout` with `to` 17, while that revision is kept.',
    );
    expect(plan.followUps[0]?.says).toContain('Ask for `revert checkout`');
    expect(plan.risk).toBe('wide');
    expect(plan.dryRun.kind).toBe('passed');
    expect(plan.locks).toEqual(['kubernetes/main/shop/Deployment/checkout']);
    expect(plan.versions).toEqual({
      from: ['shop/checkout:1.4.2', '1.4.2'],
      to: ['shop/checkout:1.4.1', '1.4.1'],
      isGuess: false,
    });
    expect(plan.convergeWithinMs).toBe(660_000);
    expect(plan.target).toMatchObject({
      uid: 'uid-checkout',
      platform: 'kubernetes',
      place: 'main',
    });
  });

  it('says of a guess that it is one, so that one approval more is asked for', async () => {
    const world = createWorld([live, ...history]);
    const plan = await world.mustPlan({ verb: 'rollback' });
    expect(plan.versions.isGuess).toBe(true);
    expect(plan.risks[0]).toBe(
      'Nothing tells that this revision was ever healthy: one approval more is needed.',
    );
  });

  it('warns of Recreate and of tags that may have been overwritten', async () => {
    const same = replicaSet('16', 'shop/checkout:1.4.2', { annotations: {} });
    const other = {
      ...same,
      spec: { template: { ...podTemplate('shop/checkout:1.4.2', { hostname: 'x' }) } },
    };
    const world = createWorld([
      deployment('17', { spec: { strategy: { type: 'Recreate' } } }),
      other,
    ]);
    const { risks } = await world.mustPlan({ verb: 'rollback' });
    expect(risks.join(' ')).toContain('all pods end before the first new one starts');
    expect(risks.join(' ')).toContain('the old code does not return');
  });

  it('refuses while it is paused, and says what to do', async () => {
    const world = createWorld([deployment('17', { spec: { paused: true } }), ...history]);
    expect(await world.plan({ verb: 'rollback' })).toMatchObject({
      ok: false,
      error: {
        reason: 'paused',
        message:
          'Deployment shop/checkout is paused: a rollback would not roll. Ask for `resume` first.',
      },
    });
  });
});
