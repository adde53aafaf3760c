import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/adapters/system/clock.ts';
import { systemHashing } from '../../lib/adapters/system/hashing.ts';
import type { Actuator } from '../../lib/app/targets/actuator.ts';
import { createKubernetesActuator } from '../../lib/app/targets/kubernetes/actuator.ts';
import { judgeStep } from '../../lib/domain/action/judge-step.ts';
import type { Plan } from '../../lib/domain/action/plan.ts';
import type { ActionVerb } from '../../lib/domain/action/verb.ts';
import type { TargetPlace, WorkloadKind } from '../../lib/domain/policy/action-policy.ts';
import { noActions } from '../../lib/domain/policy/no-actions.ts';
import { ok } from '../../lib/domain/shared/result.ts';
import { minutes } from '../../lib/domain/shared/time.ts';
import { createKubernetesSandbox } from '../../lib/local/sandbox/kubernetes/sandbox.ts';
import { systemTimekeeper } from '../../lib/local/shared/timekeeper.ts';
import { tenant } from '../unit/domain/samples.ts';
import {
  base64,
  clusterSubject,
  kubeconfig,
  rotatingTargets,
  secretFor,
} from './cluster-subject.ts';

const sandbox = createKubernetesSandbox({
  timekeeper: systemTimekeeper,
  randomBytes: (length) => randomBytes(length),
  adminToken: 'admin-token',
  tocsinToken: 'tocsin-token',
  manifests: [],
});

/** The actuator, over the real adapter, on the cluster of one machine. */
async function start(): Promise<Actuator> {
  const server = await sandbox.listen({ host: '127.0.0.1', port: 0 });
  const secret = secretFor({ server, caData: base64(sandbox.ca), token: 'admin-token' });
  const cluster = await clusterSubject({
    access: kubeconfig,
    secrets: rotatingTargets(secret),
  }).opened();
  const clusters = { open: () => Promise.resolve(ok(cluster)) };
  return createKubernetesActuator({ clusters, hashing: systemHashing, clock: systemClock });
}

const place = { cluster: 'main', namespace: 'shop' } as const;
const workload = (kind: WorkloadKind, name: string): TargetPlace => ({
  kind: 'workload',
  ...place,
  workload: kind,
  name,
});

interface Wanted {
  readonly actionId: string;
  readonly verb: ActionVerb;
  readonly on: TargetPlace;
  readonly parameters?: Readonly<Record<string, string>>;
}

async function planned(
  actuator: Actuator,
  { verb, on, parameters = {}, actionId }: Wanted,
): Promise<Plan> {
  const target = {
    ...{ id: 'it', service: null, team: 'shop', on, checks: [], approvers: [], git: null },
    replicas: { min: 1, max: 30 },
  };
  const access = { kind: 'kubeconfig' } as const;
  const cluster = { id: 'main', name: 'Main', access, namespaces: ['shop'] };
  const draft = await actuator.plan({
    tenant: { ...tenant, actions: { ...noActions, clusters: [cluster], targets: [target] } },
    target,
    request: { verb, targetId: 'it', parameters, reason: 'a test' },
    incidentId: 'INC-1',
    actionId,
    healthyVersions: [],
    nowMs: systemClock.now(),
  });
  if (!draft.ok) throw new Error(`${draft.error.kind}: ${draft.error.message}`);
  return {
    ...draft.value,
    ...{ tenant: 'acme', incidentId: 'INC-1', actionId, authors: [] },
    verification: {
      ...{ convergeWithinMs: minutes(10), soakMs: minutes(2), validateWithinMs: minutes(10) },
      ...{ samples: 5, checks: [] },
    },
    plannedAtMs: systemClock.now(),
  };
}

const deployment = workload('Deployment', 'checkout');

describe('The actuator on the cluster of one machine', () => {
  let actuator: Actuator;
  beforeAll(async () => {
    actuator = await start();
  });
  afterAll(() => sandbox.close());

  it.each<readonly [string, Omit<Wanted, 'actionId'>]>([
    ['rolls a Deployment back', { verb: 'rollback', on: deployment }],
    ['rolls a StatefulSet back', { verb: 'rollback', on: workload('StatefulSet', 'ledger') }],
    ['rolls a DaemonSet back', { verb: 'rollback', on: workload('DaemonSet', 'log-agent') }],
    ['undoes a Rollout', { verb: 'rollback', on: workload('Rollout', 'payments') }],
    ['scales', { verb: 'scale', on: deployment, parameters: { by: '+2' } }],
    [
      'raises a floor',
      { verb: 'scale', on: workload('Deployment', 'search'), parameters: { by: '+2' } },
    ],
    ['restarts', { verb: 'restart', on: deployment }],
    ['pauses', { verb: 'pause', on: deployment }],
    [
      'shifts',
      {
        verb: 'shift',
        on: { kind: 'http-route', ...place, name: 'storefront', rule: 0 },
        parameters: { to: 'storefront-stable' },
      },
    ],
    [
      'switches',
      {
        verb: 'switch',
        on: {
          kind: 'service',
          ...place,
          name: 'accounts',
          selectorKey: 'version',
          sides: ['blue', 'green'],
        },
      },
    ],
  ])('%s, as planned and tried, once', async (_name, wanted) => {
    // Each is an action of its own: the mark of another would look like one that was done.
    const actionId = `a-${wanted.verb}-${wanted.on.kind === 'argocd' ? '' : wanted.on.name}`;
    const plan = await planned(actuator, { ...wanted, actionId });
    expect(plan.dryRun.kind).toBe('passed');
    const [step] = plan.steps;
    if (step === undefined) throw new Error('The plan has no step.');
    const question = { actionId, step, wasSent: true };
    const before = await actuator.look(plan, step);
    expect(before.ok && judgeStep({ ...question, wasSent: false }, before.value)).toBe('before');
    expect(await actuator.send(plan, step)).toEqual(ok(undefined));
    const after = await actuator.look(plan, step);
    expect(after.ok && judgeStep(question, after.value)).toBe('applied');
    expect(await actuator.send(plan, step)).toMatchObject({
      ok: false,
      error: { kind: 'conflict', isLost: false },
    });
  });
});
