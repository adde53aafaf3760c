import { describe, expect, it } from 'vitest';
import type { ClusterCall, ClusterFault } from '../../../lib/adapters/memory/cluster.ts';
import type { ClusterFailure } from '../../../lib/ports/cluster.ts';
import { deployment, replicaSet } from './objects.ts';
import { createWorld, mustLook, stepAt, type World } from './world.ts';

const objects = [
  deployment('17'),
  replicaSet('16', 'shop/checkout:1.4.1'),
  replicaSet('17', 'shop/checkout:1.4.2', { available: 4 }),
];

const failure = (kind: ClusterFailure['kind'], status: number | null): ClusterFailure => ({
  kind,
  status,
  reason: '',
  message: `The cluster main could not try the change: it answered ${String(status)}: no such luck.`,
});

const faultAt =
  (verb: ClusterCall['verb'], isDryRun: boolean, fault: ClusterFault) =>
  (call: ClusterCall): ClusterFault | null =>
    call.verb === verb && call.isDryRun === isDryRun ? fault : null;

const failingDryRun = (of: ClusterFailure): World => {
  const world = createWorld(objects);
  world.cluster.failWith(faultAt('patch', true, { when: 'before', failure: of }));
  return world;
};

const rollback = { verb: 'rollback', healthyVersions: ['1.4.1'] } as const;

describe('The dry run', () => {
  it('is unavailable where a webhook has side effects, which is a risk and no refusal', async () => {
    const plan = await failingDryRun(failure('rejected', 400)).mustPlan(rollback);
    expect(plan.dryRun.kind).toBe('unavailable');
    expect(plan.risks.at(-1)).toContain('It could not be tried beforehand');
  });

  it.each([
    [failure('rejected', 403), 'forbidden', 'Give Tocsin the right there'],
    [failure('rejected', 401), 'forbidden', 'correct its credential'],
    [failure('rejected', 422), 'dry_run_failed', 'no such luck'],
    [failure('not_found', 404), 'gone', 'gone since it was read'],
  ] as const)('refuses by %o', async (failed, reason, words) => {
    const planned = await failingDryRun(failed).plan(rollback);
    expect(planned).toMatchObject({ ok: false, error: { kind: 'plan-refused', reason } });
    expect(JSON.stringify(planned)).toContain(words);
  });

  it.each([failure('unavailable', 503), failure('timeout', null), failure('conflict', 422)])(
    'is tried again later after %o',
    async (failed) => {
      expect(await failingDryRun(failed).plan(rollback)).toEqual({ ok: false, error: failed });
    },
  );

  it('refuses where a webhook would store something else', async () => {
    const world = createWorld(objects);
    const { patch } = world.cluster;
    Object.assign(world.cluster, {
      patch: async (...call: Parameters<typeof patch>) => {
        const [{ body, ...of }, options] = call;
        const text = JSON.stringify(body).replaceAll('checkout:1.4.1', 'mirror:1.4.1');
        return patch({ ...of, body: JSON.parse(text) as typeof body }, options);
      },
    });
    expect(await world.plan(rollback)).toMatchObject({
      error: {
        reason: 'dry_run_failed',
        message: expect.stringContaining('admission webhook') as string,
      },
    });
  });

  it('takes over what the server only fills in', async () => {
    const world = createWorld(objects);
    const { patch } = world.cluster;
    Object.assign(world.cluster, {
      patch: async (...call: Parameters<typeof patch>) => {
        const [{ body, ...of }, options] = call;
        const text = JSON.stringify(body).replaceAll('"image":', '"pullPolicy":"New","image":');
        return patch({ ...of, body: JSON.parse(text) as typeof body }, options);
      },
    });
    const plan = await world.mustPlan(rollback);
    await world.actuator.send(plan, stepAt(plan, 0));
    expect((await mustLook(world, plan)).facts['template']).toBe(stepAt(plan, 0).to['template']);
  });
});

describe('A read that is not allowed', () => {
  it.each(['get', 'list'] as const)('refuses the plan at %s', async (verb) => {
    const world = createWorld(objects);
    world.cluster.failWith(
      faultAt(verb, false, { when: 'before', failure: failure('rejected', 403) }),
    );
    expect(await world.plan(rollback)).toMatchObject({ error: { reason: 'forbidden' } });
  });
});

describe('Sending', () => {
  it.each([
    ['before', 'timeout', null, true, 0],
    ['after', 'timeout', null, true, 1],
    ['after', 'unavailable', 500, true, 1],
    ['before', 'unavailable', 503, true, 0],
    ['before', 'rejected', 403, false, 0],
    ['before', 'rejected', 422, false, 0],
    ['before', 'conflict', 409, false, 0],
    ['before', 'throttled', 429, false, 0],
  ] as const)('%s %s (%s) is lost: %s', async (when, kind, status, isLost, writes) => {
    const world = createWorld(objects);
    const plan = await world.mustPlan(rollback);
    world.cluster.failWith(faultAt('patch', false, { when, failure: failure(kind, status) }));
    const sent = await world.actuator.send(plan, stepAt(plan, 0));
    expect(sent).toMatchObject({ ok: false, error: { kind, isLost } });
    expect(world.cluster.writes()).toHaveLength(writes);
  });
});

describe('A look', () => {
  it('finds a target that is gone in neither state', async () => {
    const world = createWorld(objects);
    const plan = await world.mustPlan(rollback);
    world.cluster.remove({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'shop',
      name: 'checkout',
    });
    expect(await mustLook(world, plan)).toMatchObject({
      facts: {},
      mark: null,
      convergence: { kind: 'broken', says: 'Deployment shop/checkout is gone.' },
    });
  });

  it('hands on that the cluster cannot be read', async () => {
    const world = createWorld(objects);
    const plan = await world.mustPlan(rollback);
    world.cluster.failWith(() => ({ when: 'before', failure: failure('unavailable', null) }));
    expect(await world.actuator.look(plan, stepAt(plan, 0))).toMatchObject({
      ok: false,
      error: { kind: 'unavailable' },
    });
  });
});
