import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeStep } from '../../../lib/domain/action/judge-step.ts';
import type { Plan, PlanStep } from '../../../lib/domain/action/plan.ts';
import { BAD, FIX, GOOD, planOf, REF, start, type Running } from './harness.ts';

/** Typed as what it stands for. */
const containing = (text: string): string => expect.stringContaining(text) as string;

async function planned(world: Running, of = world.planning()): Promise<Plan> {
  const draft = await world.actuator.plan(of);
  if (!draft.ok) throw new Error(JSON.stringify(draft.error));
  return planOf(draft.value, of.actionId);
}

const stepOf = (plan: Plan, index: number): PlanStep => {
  const step = plan.steps[index];
  if (step === undefined) throw new Error(`no step ${index}`);
  return step;
};

async function seen(world: Running, plan: Plan, index: number, wasSent: boolean) {
  const step = stepOf(plan, index);
  const look = await world.actuator.look(plan, step);
  if (!look.ok) throw new Error(JSON.stringify(look.error));
  const state = judgeStep({ actionId: plan.actionId, step, wasSent }, look.value);
  return { state, convergence: look.value.convergence, facts: look.value.facts };
}

describe('rollback of an Application', () => {
  it('switches auto-sync off, rolls back, and is done once it is healthy', async () => {
    const world = await start();
    const plan = await planned(world);
    expect(plan.steps.map(({ call }) => call.kind)).toEqual(['argocd-patch', 'argocd-rollback']);
    expect(plan.dryRun.kind).toBe('unavailable');
    expect((await seen(world, plan, 0, false)).state).toBe('before');

    expect((await world.actuator.send(plan, stepOf(plan, 0))).ok).toBe(true);
    expect((await seen(world, plan, 0, true)).state).toBe('applied');
    expect((await seen(world, plan, 1, false)).state).toBe('before');

    expect((await world.actuator.send(plan, stepOf(plan, 1))).ok).toBe(true);
    const sent = await seen(world, plan, 1, true);
    expect(sent).toMatchObject({ state: 'applied', convergence: { kind: 'waiting' } });

    world.pass(1750);
    // The operation has succeeded, and the health is still that of the version before.
    expect((await seen(world, plan, 1, true)).convergence.kind).toBe('waiting');
    world.pass(5000);
    const done = await seen(world, plan, 1, true);
    expect(done).toMatchObject({ state: 'applied', convergence: { kind: 'converged' } });
    expect(done.convergence.says).toContain('OutOfSync');
    expect(done.facts['newest entry of the history']).toBe(2);
  });

  it('is tried without effect first where auto-sync is off', async () => {
    const world = await start({ application: { automated: null } });
    const plan = await planned(world);
    expect(plan.dryRun.kind).toBe('passed');
    expect(plan.steps.map(({ call }) => call.kind)).toEqual(['argocd-rollback']);
    expect((await seen(world, plan, 0, false)).state).toBe('before');
    const { facts } = await seen(world, plan, 0, false);
    expect(facts['newest entry of the history']).toBe(1);
  });

  it('sees a lost answer as applied, and one that never came through as before', async () => {
    const world = await start({ application: { automated: null } });
    const plan = await planned(world);
    world.setFaults({ kind: 'down', operation: 'rollback', times: 1 });
    const never = await world.actuator.send(plan, stepOf(plan, 0));
    expect(never).toMatchObject({ ok: false, error: { isLost: true } });
    expect((await seen(world, plan, 0, true)).state).toBe('before');
    world.setFaults({ kind: 'lost', operation: 'rollback', times: 1 });
    const lost = await world.actuator.send(plan, stepOf(plan, 0));
    expect(lost).toMatchObject({ ok: false, error: { isLost: true } });
    expect((await seen(world, plan, 0, true)).state).toBe('applied');
  });

  it('says that a sync window holds it, and waits', async () => {
    const world = await start({ application: { automated: null } });
    await world.people('window', { closed: true });
    const plan = await planned(world);
    expect(plan.dryRun.kind).toBe('unavailable');
    expect(plan.risks[0]).toContain('sync window');
    await world.actuator.send(plan, stepOf(plan, 0));
    world.pass(60_000);
    const held = await seen(world, plan, 0, true);
    expect(held).toMatchObject({ state: 'applied', convergence: { kind: 'waiting' } });
    expect(held.convergence.says).toContain('Allow manual syncs');
    await world.people('window', { closed: false });
    world.pass(60_000);
    expect((await seen(world, plan, 0, true)).convergence.kind).toBe('converged');
  });

  it('notices a deploy between plan and start', async () => {
    const world = await start();
    const plan = await planned(world);
    await world.people('push', { revision: FIX });
    world.pass(10_000);
    expect((await seen(world, plan, 0, false)).state).toBe('changed');
    const late = await world.actuator.send(plan, stepOf(plan, 1));
    expect(late).toMatchObject({ ok: false, error: { isLost: false } });
  });

  it('has Argo CD refuse the patch when auto-sync was changed since', async () => {
    const world = await start();
    const plan = await planned(world);
    await world.argocd.patch(REF, [
      { op: 'replace', path: '/spec/syncPolicy/automated', value: { prune: false } },
    ]);
    const refused = await world.actuator.send(plan, stepOf(plan, 0));
    expect(refused).toMatchObject({ error: { kind: 'conflict', isLost: false } });
  });

  it('is broken when the operation fails', async () => {
    const world = await start();
    const plan = await planned(world);
    await world.actuator.send(plan, stepOf(plan, 0));
    await world.people('push', { revision: GOOD, outcome: 'failing' });
    await world.actuator.send(plan, stepOf(plan, 1));
    world.pass(10_000);
    const { convergence } = await seen(world, plan, 1, true);
    expect(convergence).toMatchObject({ kind: 'broken' });
    expect(convergence.says).toContain('failed to apply');
  });

  it('shows that somebody switched auto-sync on again as a change', async () => {
    const world = await start();
    const plan = await planned(world);
    await world.actuator.send(plan, stepOf(plan, 0));
    await world.actuator.send(plan, stepOf(plan, 1));
    world.pass(10_000);
    const on = [{ op: 'add', path: '/spec/syncPolicy/automated', value: {} }];
    expect((await world.argocd.patch(REF, on)).ok).toBe(true);
    expect((await seen(world, plan, 1, true)).state).toBe('changed');
  });

  it('puts back the settings that auto-sync had, and only when asked', async () => {
    const world = await start();
    const plan = await planned(world);
    await world.actuator.send(plan, stepOf(plan, 0));
    await world.actuator.send(plan, stepOf(plan, 1));
    world.pass(3_600_000);
    expect((await seen(world, plan, 1, true)).facts['auto-sync']).toBe('off');

    await world.people('push', { revision: FIX });
    const resume = await planned(world, {
      ...world.planning({ verb: 'resume' }),
      actionId: 'afedcba987654321',
    });
    expect((await seen(world, resume, 0, false)).state).toBe('before');
    expect((await world.actuator.send(resume, stepOf(resume, 0))).ok).toBe(true);
    expect(await world.argocd.application(REF)).toMatchObject({
      value: { spec: { syncPolicy: { automated: { prune: true, selfHeal: true } } } },
    });
    expect((await seen(world, resume, 0, true)).convergence.kind).toBe('waiting');
    world.pass(10_000);
    expect(await seen(world, resume, 0, true)).toMatchObject({
      state: 'applied',
      convergence: { kind: 'converged' },
    });
  });
});

describe('what Argo CD is not asked for', () => {
  it.each([
    ['one entry', { history: [{ revision: BAD }] }, {}, 'no_earlier_revision'],
    ['an owner', { owner: 'checkout-set' }, {}, 'owner_would_heal'],
    ['an unknown id', {}, { parameters: { to: '77' } }, 'bad_parameter'],
    ['what runs', {}, { parameters: { to: '1' } }, 'already_there'],
    ['another verb', {}, { verb: 'scale' as const }, 'verb_not_for_target'],
    ['pause when off', { automated: null }, { verb: 'pause' as const }, 'paused'],
    ['resume when on', {}, { verb: 'resume' as const }, 'not_paused'],
    ['resume of nothing', { automated: null }, { verb: 'resume' as const }, 'not_paused'],
    [
      'a bad version',
      { automated: null, outcomes: { [GOOD]: 'failing' as const } },
      {},
      'dry_run_failed',
    ],
  ])('%s', async (_case, application, request, reason) => {
    const world = await start({ application });
    const refused = await world.actuator.plan(world.planning(request));
    expect(refused).toMatchObject({ ok: false, error: { kind: 'plan-refused', reason } });
  });

  it('anything while it is deleted, or while another operation runs', async () => {
    const world = await start({ application: { automated: null } });
    await world.people('sync', { revision: BAD });
    expect(await world.actuator.plan(world.planning())).toMatchObject({
      error: { reason: 'operation_in_progress' },
    });
    world.pass(10_000);
    await world.people('delete');
    expect(await world.actuator.plan(world.planning())).toMatchObject({
      error: { reason: 'gone' },
    });
  });

  it('what the account may not, with the right that it lacks', async () => {
    const world = await start({ rights: ['sync'] });
    const refused = await world.actuator.plan(world.planning());
    expect(refused).toMatchObject({
      error: { reason: 'forbidden', message: containing('permission denied') },
    });
  });

  it('an unreachable Argo CD is a failure that may pass, and no refusal', async () => {
    const world = await start();
    world.setFaults({ kind: 'down' });
    expect(await world.actuator.plan(world.planning())).toMatchObject({
      error: { kind: 'unavailable' },
    });
  });
});

describe('the sandbox', () => {
  it('puts back what an owner keeps', async () => {
    const world = await start({ application: { owner: 'checkout-set' } });
    await world.argocd.patch(REF, [{ op: 'remove', path: '/spec/syncPolicy/automated' }]);
    world.pass(3000);
    expect(await world.argocd.application(REF)).toMatchObject({
      value: { spec: { syncPolicy: { automated: { prune: true } } } },
    });
  });

  it('remembers after a restart', async () => {
    const ledgerPath = join(mkdtempSync(join(tmpdir(), 'tocsin-argocd-')), 'facts.jsonl');
    const first = await start({ ledgerPath });
    await first.people('push', { revision: FIX });
    const second = await start({ ledgerPath });
    second.pass(60_000);
    expect(await second.argocd.application(REF)).toMatchObject({
      value: { status: { sync: { status: 'Synced', revision: FIX } } },
    });
  });

  it('shows itself and takes faults by POST', async () => {
    const { url, argocd } = await start();
    expect(await (await fetch(url)).text()).toContain('Argo CD sandbox');
    const body = JSON.stringify({ faults: [{ kind: 'status', status: 403 }] });
    expect((await fetch(`${url}/faults`, { method: 'POST', body })).status).toBe(200);
    expect(await argocd.application(REF)).toMatchObject({ error: { status: 403 } });
    const wrong = JSON.stringify({ faults: [{ kind: 'sulk' }] });
    expect((await fetch(`${url}/faults`, { method: 'POST', body: wrong })).status).toBe(400);
  });
});
