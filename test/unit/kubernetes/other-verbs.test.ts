import { describe, expect, it } from 'vitest';
import { judgeStep } from '../../../lib/domain/action/judge-step.ts';
import { refTo } from '../../../lib/domain/kubernetes/refs.ts';
import type { JsonObject } from '../../../lib/domain/shared/json.ts';
import { autoscaler, deployment, rolloutReplicaSet, workload } from './objects.ts';
import { carryOut, createWorld, mustLook, stepAt, target, workloadPlace } from './world.ts';

const ref = refTo('Deployment', 'shop', 'checkout');
const hpa = refTo('HorizontalPodAutoscaler', 'shop', 'checkout-hpa');
const onRollout = target(workloadPlace('Rollout'));
const rolloutRef = refTo('Rollout', 'shop', 'checkout');
const updating = { observedGeneration: '1', currentPodHash: 'hash17', stableRS: 'hash16' };
const rollout = (status: JsonObject = updating): JsonObject =>
  workload({ kind: 'Rollout', status });
const applied = (plan: Parameters<typeof stepAt>[0]) => ({
  actionId: 'a0123',
  step: stepAt(plan, 0),
  wasSent: true,
});

describe('Scaling', () => {
  it.each([
    [{ replicas: '6' }, 6],
    [{ by: '+3' }, 7],
    [{ by: '50%' }, 6],
    [{ by: '-1' }, 3],
    [{ by: '-50%' }, 2],
  ] as const)('%o is an absolute number in the plan', async (parameters, replicas) => {
    const world = createWorld([deployment('17')]);
    const plan = await world.mustPlan({ verb: 'scale', parameters });
    expect(stepAt(plan, 0).to['replicas']).toBe(replicas);
    await carryOut(world, plan);
    expect(world.cluster.find(ref)?.['spec']).toMatchObject({ replicas });
    expect(plan.risk).toBe(replicas > 4 ? 'narrow' : 'wide');
  });

  it('is complete when as many replicas are available', async () => {
    const world = createWorld([deployment('17')]);
    const plan = await world.mustPlan({ verb: 'scale', parameters: { replicas: '6' } });
    await carryOut(world, plan);
    expect((await mustLook(world, plan)).convergence.kind).toBe('waiting');
    const scaled = world.cluster.find(ref) ?? {};
    const status = { observedGeneration: 2, replicas: 6, availableReplicas: 5 };
    world.cluster.put({ ...scaled, status });
    expect((await mustLook(world, plan)).convergence.says).toBe('5 of 6 replicas are available.');
    world.cluster.put({ ...scaled, status: { ...status, availableReplicas: 6 } });
    expect((await mustLook(world, plan)).convergence.kind).toBe('converged');
  });

  it('raises the floor of an autoscaler instead of fighting it', async () => {
    const world = createWorld([deployment('17'), autoscaler({ min: 2, max: 20 })]);
    const plan = await world.mustPlan({ verb: 'scale', parameters: { replicas: '10' } });
    await carryOut(world, plan);
    expect(world.cluster.find(hpa)?.['spec']).toMatchObject({ minReplicas: 10, maxReplicas: 20 });
    expect(world.cluster.find(ref)?.['spec']).toMatchObject({ replicas: 4 });
    expect(plan.locks).toEqual([
      'kubernetes/main/shop/Deployment/checkout',
      'kubernetes/main/shop/HorizontalPodAutoscaler/checkout-hpa',
    ]);
    expect(plan.followUps[0]?.says).toContain('back to 2');
    expect(plan.risk).toBe('narrow');
    const seen = await mustLook(world, plan);
    expect(judgeStep(applied(plan), seen)).toBe('applied');
    expect(seen.convergence.says).toBe('4 of 10 replicas are available.');
  });

  it('does not raise a floor that somebody else has moved', async () => {
    const world = createWorld([deployment('17'), autoscaler({ min: 2 })]);
    const plan = await world.mustPlan({ verb: 'scale', parameters: { replicas: '10' } });
    world.cluster.put(autoscaler({ min: 5 }));
    expect(await world.actuator.send(plan, stepAt(plan, 0))).toMatchObject({ ok: false });
    expect(world.cluster.find(hpa)?.['spec']).toMatchObject({ minReplicas: 5 });
  });

  it('says that a floor under what runs takes nothing away at once', async () => {
    const world = createWorld([deployment('17'), autoscaler()]);
    const plan = await world.mustPlan({ verb: 'scale', parameters: { replicas: '3' } });
    expect(plan.risks.join(' ')).toContain('goes down to 3 only when its metrics say so');
  });

  it('sets replicas where the autoscaler is off, since there are none', async () => {
    const stopped = deployment('17', { spec: { replicas: 0 } });
    const world = createWorld([stopped, autoscaler({ min: 2 })]);
    const plan = await world.mustPlan({ verb: 'scale', parameters: { replicas: '3' } });
    await carryOut(world, plan);
    expect(world.cluster.find(ref)?.['spec']).toMatchObject({ replicas: 3 });
  });

  it('warns while a rollout is under way', async () => {
    const world = createWorld([deployment('17', { status: { updatedReplicas: 1 } })]);
    const plan = await world.mustPlan({ verb: 'scale', parameters: { replicas: '6' } });
    expect(plan.risks.join(' ')).toContain('Roll back first.');
  });
});

describe('Restarting', () => {
  it('has one fixed time, so that a repeat restarts nothing again', async () => {
    const world = createWorld([deployment('17')]);
    const plan = await world.mustPlan({ verb: 'restart' });
    world.advance(120_000);
    await carryOut(world, plan);
    expect(JSON.stringify(world.cluster.find(ref)?.['spec'])).toContain(
      '"kubectl.kubernetes.io/restartedAt":"2026-11-21T10:00:00Z"',
    );
    expect(judgeStep(applied(plan), await mustLook(world, plan))).toBe('applied');
  });

  it('uses the field of Argo Rollouts for its own', async () => {
    const world = createWorld([rollout({ ...updating, phase: 'Healthy' })]);
    const plan = await world.mustPlan({ verb: 'restart', target: onRollout });
    await carryOut(world, plan);
    const after = world.cluster.find(rolloutRef) ?? {};
    expect(after['spec']).toMatchObject({ restartAt: '2026-11-21T10:00:00Z' });
    expect((await mustLook(world, plan)).convergence.kind).toBe('waiting');
    const status = {
      observedGeneration: '2',
      phase: 'Healthy',
      restartedAt: '2026-11-21T10:00:00Z',
    };
    world.cluster.put({ ...after, status });
    expect((await mustLook(world, plan)).convergence.kind).toBe('converged');
  });
});

describe('Pausing and resuming', () => {
  it('is a field, and back', async () => {
    const world = createWorld([deployment('17')]);
    const pause = await world.mustPlan({ verb: 'pause' });
    await carryOut(world, pause);
    expect(world.cluster.find(ref)?.['spec']).toMatchObject({ paused: true });
    expect((await mustLook(world, pause)).convergence.kind).toBe('waiting');
    const seen = world.cluster.find(ref) ?? {};
    world.cluster.put({ ...seen, status: { observedGeneration: 2 } });
    expect((await mustLook(world, pause)).convergence.kind).toBe('converged');
    await carryOut(world, await world.mustPlan({ verb: 'resume' }));
    expect(world.cluster.find(ref)?.['spec']).toMatchObject({ paused: false });
  });
});

describe('Argo Rollouts', () => {
  const sets = [rolloutReplicaSet('16', 'a:16', 4), rolloutReplicaSet('17', 'a:17', 1)];

  it('aborts through its status, and is done when the stable version serves alone', async () => {
    const world = createWorld([rollout(), ...sets]);
    const plan = await world.mustPlan({ verb: 'abort', target: onRollout });
    await carryOut(world, plan);
    const aborted = world.cluster.find(rolloutRef) ?? {};
    expect(aborted['status']).toMatchObject({ abort: true });
    expect(aborted['metadata']).toMatchObject({ generation: 1 });
    const seen = await mustLook(world, plan);
    expect(judgeStep(applied(plan), seen)).toBe('applied');
    expect(seen.convergence.kind).toBe('waiting');
    const degraded = { ...updating, abort: true, phase: 'Degraded' };
    const routed = (weight: number) => ({
      ...degraded,
      canary: { weights: { canary: { weight } } },
    });
    world.cluster.put({ ...aborted, status: routed(20) });
    expect((await mustLook(world, plan)).convergence.says).toContain('still gets 20 %');
    world.cluster.put({ ...aborted, status: routed(0) });
    expect((await mustLook(world, plan)).convergence.kind).toBe('converged');
    world.cluster.put(rolloutReplicaSet('16', 'a:16', 2));
    expect((await mustLook(world, plan)).convergence.says).toContain('2 of 4 stable replicas');
  });

  it('does not abort what moved on since the plan', async () => {
    const world = createWorld([rollout(), ...sets]);
    const plan = await world.mustPlan({ verb: 'abort', target: onRollout });
    world.cluster.put(rollout({ ...updating, currentPodHash: 'hash18' }));
    expect(await world.actuator.send(plan, stepAt(plan, 0))).toMatchObject({ ok: false });
  });

  it('retries and promotes as assignments of the status', async () => {
    const world = createWorld([rollout({ ...updating, abort: true }), ...sets]);
    await carryOut(world, await world.mustPlan({ verb: 'retry', target: onRollout }));
    expect(world.cluster.find(rolloutRef)?.['status']).toMatchObject({ abort: false });
    const promote = await world.mustPlan({ verb: 'promote', target: onRollout });
    await carryOut(world, promote);
    const promoted = world.cluster.find(rolloutRef) ?? {};
    expect(promoted['status']).toMatchObject({ promoteFull: true });
    // The controller takes the flag back once it is done; that is still the plan's state.
    world.cluster.put({
      ...promoted,
      status: { observedGeneration: '1', currentPodHash: 'b', stableRS: 'b', phase: 'Healthy' },
    });
    const seen = await mustLook(world, promote);
    expect(judgeStep(applied(promote), seen)).toBe('applied');
    expect(seen.convergence.kind).toBe('converged');
  });
});
