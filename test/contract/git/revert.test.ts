import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeStep } from '../../../lib/domain/action/judge-step.ts';
import type { Plan, PlanStep } from '../../../lib/domain/action/plan.ts';
import { misbehaving } from '../misbehaving-server.ts';
import { hostsAt, planOf, start, TOKEN, type HostKind, type Running } from './harness.ts';

/** Typed as what it stands for. */
const containing = (text: string): string => expect.stringContaining(text) as string;

const hosts: readonly HostKind[] = ['github', 'gitlab'];
const BRANCH = 'tocsin/revert-a0123456789abcde';

async function planned(world: Running, parameters = {}, healthy: readonly string[] = []) {
  const draft = await world.actuator.plan(world.planning(parameters, healthy));
  if (!draft.ok) throw new Error(JSON.stringify(draft.error));
  const plan = planOf(draft.value);
  const [step] = plan.steps;
  if (step === undefined) throw new Error('no step');
  return { plan, step };
}

async function seen(
  world: Running,
  { plan, step }: { plan: Plan; step: PlanStep },
  wasSent = true,
) {
  const look = await world.actuator.look(plan, step);
  if (!look.ok) throw new Error(JSON.stringify(look.error));
  const state = judgeStep({ actionId: plan.actionId, step, wasSent }, look.value);
  return { state, ...look.value };
}

const restored = { 'checkout/app.yaml': 'image: 2', 'basket/app.yaml': 'image: 2' };

describe.each(hosts)('revert on %s', (kind) => {
  it('proposes the state of the path at the good commit, and leaves the rest', async () => {
    const world = await start(kind);
    const { 'Release 2': good = '' } = await world.shas();
    const made = await planned(world, {}, ['registry/checkout:3', good]);
    expect(made.step.call).toMatchObject({ goodSha: good, path: 'checkout' });
    expect(made.plan.dryRun.kind).toBe('passed');
    expect((await seen(world, made, false)).state).toBe('before');
    expect((await world.actuator.send(made.plan, made.step)).ok).toBe(true);
    expect(await seen(world, made)).toMatchObject({
      state: 'applied',
      mark: 'a0123456789abcde.s1',
      convergence: { kind: 'converged' },
      facts: { proposal: 'open', address: containing('http://127.0.0.1/') },
    });
    expect(await world.files(BRANCH)).toEqual(restored);
    expect(await world.files('main')).toMatchObject({ 'checkout/app.yaml': 'image: 3' });
  });

  it('finds its own proposal when it is sent again', async () => {
    const world = await start(kind);
    const { plan, step } = await planned(world);
    await world.actuator.send(plan, step);
    expect((await world.actuator.send(plan, step)).ok).toBe(true);
    expect(await world.host.findProposal(world.ref, BRANCH)).toMatchObject({
      value: { number: 1, isOpen: true },
    });
  });

  it.each(['make-branch', 'propose'])('goes on where the answer of %s was lost', async (name) => {
    const world = await start(kind);
    const made = await planned(world);
    world.setFaults({ kind: 'lost', operation: name, times: 1 });
    const lost = await world.actuator.send(made.plan, made.step);
    expect(lost).toMatchObject({ ok: false, error: { isLost: true } });
    expect((await seen(world, made)).state).toBe(name === 'propose' ? 'applied' : 'before');
    expect((await world.actuator.send(made.plan, made.step)).ok).toBe(true);
    expect(await world.host.findProposal(world.ref, BRANCH)).toMatchObject({
      value: { number: 1 },
    });
    expect(await world.files(BRANCH)).toEqual(restored);
  });

  it('tells a merged proposal from a closed one', async () => {
    const world = await start(kind);
    const made = await planned(world);
    await world.actuator.send(made.plan, made.step);
    await world.people('merge', { number: 1 });
    expect(await seen(world, made)).toMatchObject({
      state: 'applied',
      facts: { proposal: 'merged' },
    });
    expect(await world.files('main')).toEqual(restored);

    const other = await start(kind);
    const again = await planned(other);
    await other.actuator.send(again.plan, again.step);
    await other.people('close', { number: 1 });
    expect(await seen(other, again)).toMatchObject({
      state: 'changed',
      convergence: { kind: 'broken', says: containing('closed') },
    });
  });

  it('notices a commit on the path between plan and start', async () => {
    const world = await start(kind);
    const made = await planned(world);
    await world.people('push', { files: { 'checkout/app.yaml': 'image: 4' } });
    expect((await seen(world, made, false)).state).toBe('changed');
    expect(await world.files('main')).toMatchObject({ 'checkout/app.yaml': 'image: 4' });
  });

  it('undoes what lies since a commit that does not touch the path', async () => {
    const world = await start(kind);
    const { 'Basket 2': beside = '' } = await world.shas();
    await world.people('push', {
      message: 'Release 4',
      files: { 'checkout/app.yaml': 'image: 4' },
    });
    const { plan, step } = await planned(world, { to: beside.slice(0, 10) });
    expect(plan.changes).toHaveLength(2);
    await world.actuator.send(plan, step);
    expect(await world.files(BRANCH)).toMatchObject({
      'checkout/app.yaml': 'image: 3',
      'checkout/extra.yaml': 'new: yes',
    });
  });

  it.each([
    ['an unknown commit', { to: 'deadbeef99' }, [], 'bad_parameter'],
    ['no healthy one among them', {}, ['deadbeef99'], 'no_healthy_revision'],
  ])('refuses %s', async (_case, parameters, healthy, reason) => {
    const world = await start(kind);
    expect(await world.actuator.plan(world.planning(parameters, healthy))).toMatchObject({
      error: { kind: 'plan-refused', reason },
    });
  });

  it('refuses when there is nothing before, or nothing since', async () => {
    const files = { 'checkout/app.yaml': '1' };
    const world = await start(kind, { commits: [{ message: 'Begin', author: 'ada', files }] });
    expect(await world.actuator.plan(world.planning({}))).toMatchObject({
      error: { reason: 'no_earlier_revision' },
    });
    const other = await start(kind);
    const { 'Release 3': newest = '' } = await other.shas();
    expect(await other.actuator.plan(other.planning({ to: newest }))).toMatchObject({
      error: { reason: 'already_there' },
    });
  });

  it('tells a refused token and a repository that is not there', async () => {
    const world = await start(kind, { token: 'revoked' });
    expect(await world.actuator.plan(world.planning({}))).toMatchObject({
      error: { reason: 'forbidden', message: containing('token') },
    });
    const missing = await world.host.headOf({ ...world.ref, host: 'other' }, 'main');
    expect(missing).toMatchObject({ error: { message: containing('"other"') } });
    const { actuator, planning } = await start(kind);
    const of = planning({});
    const git = { host: 'forge', repository: 'shop/none', branch: 'main', path: '' };
    expect(await actuator.plan({ ...of, target: { ...of.target, git } })).toMatchObject({
      error: { reason: 'no_such_target' },
    });
  });

  it('says that the branch is protected, in the host’s words', async () => {
    const world = await start(kind, { protectedBranches: ['tocsin/'] });
    const { plan, step } = await planned(world);
    expect(await world.actuator.send(plan, step)).toMatchObject({
      error: {
        kind: 'rejected',
        isLost: false,
        message: expect.stringMatching(/rule violations|not allowed/) as string,
      },
    });
  });

  it.each([
    ['down', { kind: 'down' } as const, 'unavailable'],
    ['garbage', { kind: 'garbage' } as const, 'unavailable'],
    ['hang', { kind: 'hang' } as const, 'timeout'],
    ['502', { kind: 'status', status: 502 } as const, 'unavailable'],
    ['429', { kind: 'status', status: 429, retryAfterS: 5 } as const, 'throttled'],
  ])('tells %s', async (_name, fault, failure) => {
    const world = await start(kind);
    world.setFaults(fault);
    expect(await world.actuator.plan(world.planning({}))).toMatchObject({
      ok: false,
      error: { kind: failure },
    });
  });

  it('remembers after a restart, and shows itself', async () => {
    const ledgerPath = join(mkdtempSync(join(tmpdir(), 'tocsin-git-')), 'facts.jsonl');
    const first = await start(kind, { ledgerPath });
    const made = await planned(first);
    await first.actuator.send(made.plan, made.step);
    const second = await start(kind, { ledgerPath });
    expect((await seen(second, made)).state).toBe('applied');
    expect(await (await fetch(second.url)).text()).toContain('Proposals in shop/deploy');
  });
});

describe('what GitLab cannot revert', () => {
  const conflicting = [
    { message: 'Begin', author: 'ada', files: { 'checkout/app.yaml': '1' } },
    { message: 'Two', author: 'ada', files: { 'checkout/app.yaml': '2' } },
  ];

  it('is refused before approval is asked when its dry run conflicts', async () => {
    const world = await start('gitlab', { commits: conflicting });
    world.setFaults({ kind: 'status', operation: 'revert', status: 400, message: 'conflict' });
    expect(await world.actuator.plan(world.planning({}))).toMatchObject({
      error: { reason: 'not_revertible' },
    });
  });

  it('leaves out what an earlier try has undone already', async () => {
    const world = await start('gitlab', {
      commits: [
        ...conflicting,
        { message: 'Three', author: 'ada', files: { 'checkout/app.yaml': '3' } },
      ],
    });
    const { Begin: good = '' } = await world.shas();
    const { plan, step } = await planned(world, { to: good });
    expect(plan.dryRun.kind).toBe('unavailable');
    // Both are undone by now: to undo them again would conflict.
    world.setFaults({ kind: 'down', operation: 'propose', times: 1 });
    expect((await world.actuator.send(plan, step)).ok).toBe(false);
    expect((await world.actuator.send(plan, step)).ok).toBe(true);
    expect(await world.files(BRANCH)).toEqual({ 'checkout/app.yaml': '1' });
  });
});

describe('what comes back from GitHub', () => {
  it('is a failure when a tree was cut: the rest would be removed', async () => {
    const commit = JSON.stringify({ sha: 'x', tree: { sha: 't' } });
    const tree = JSON.stringify({ sha: 't', tree: [], truncated: true });
    const { url } = await misbehaving(
      { status: 200, body: commit },
      { status: 200, body: commit },
      { status: 200, body: tree },
    );
    const host = hostsAt({ id: 'forge', kind: 'github', apiUrl: url }, TOKEN).open('acme');
    const revert = { branch: 'b', base: 'main', baseSha: 'x', commits: ['y'], path: '' };
    const texts = { goodSha: 'z', title: '', body: '' };
    expect(
      await host.wouldRevert({ host: 'forge', repository: 'a/b' }, { ...revert, ...texts }),
    ).toMatchObject({ error: { kind: 'too_large' } });
  });
});
