import { expect } from 'vitest';
import type { Action, ActionRequest, Origin } from '../../../lib/domain/action/action.ts';
import { planHashOf } from '../../../lib/domain/action/action-id.ts';
import type { ActionCommand, IncidentView } from '../../../lib/domain/action/command.ts';
import { decideAction, type DecidedAction } from '../../../lib/domain/action/decide-action.ts';
import type { ActionEvent } from '../../../lib/domain/action/event.ts';
import type { Observation, Signal } from '../../../lib/domain/action/observation.ts';
import type { Plan, PlanStep } from '../../../lib/domain/action/plan.ts';
import type { Lease, RecentStarts, RunbookStanding } from '../../../lib/domain/action/rows.ts';
import { freeLease, neverHalted, noStarts } from '../../../lib/domain/action/unwritten.ts';
import type { Principal } from '../../../lib/domain/incident/principal.ts';
import type {
  GuardrailPolicy,
  RunbookPolicy,
  TargetPolicy,
} from '../../../lib/domain/policy/action-policy.ts';
import { defaultGuardrails, noActions } from '../../../lib/domain/policy/no-actions.ts';
import type { PersonPolicy, TenantPolicy } from '../../../lib/domain/policy/policy.ts';
import { minutes, type EpochMs } from '../../../lib/domain/shared/time.ts';
import { at, digest, tenant } from './samples.ts';

export const person = (id: string, of: Partial<PersonPolicy> = {}): PersonPolicy => ({
  id,
  name: `${id.charAt(0).toUpperCase()}${id.slice(1)}`,
  email: `${id}@acme.example`,
  pagerdutyUserId: null,
  slackUserId: null,
  logins: [],
  apiNames: [],
  roles: ['responder', 'approver'],
  ...of,
});

/** Ann asks, Ben and Cem approve, Dot wrote the change, Eve only responds. */
export const ann = person('ann');
export const ben = person('ben');
export const cem = person('cem');
export const dot = person('dot', { logins: ['dot-codes'] });
export const eve = person('eve', { roles: ['responder'] });

export const principal = ({ id, name }: PersonPolicy): Principal => ({
  kind: 'person',
  via: 'slack',
  id,
  name,
});

export const target: TargetPolicy = {
  id: 'checkout',
  service: 'checkout',
  team: 'payments',
  on: {
    kind: 'workload',
    cluster: 'main',
    namespace: 'shop',
    workload: 'Deployment',
    name: 'checkout',
  },
  checks: ['errors'],
  approvers: [],
  replicas: { min: 2, max: 10 },
  git: null,
};

export const runbook: RunbookPolicy = {
  id: 'bad-deploy',
  title: 'Errors after a deploy',
  when: { match: [], changedWithinMs: minutes(30), services: [] },
  action: { verb: 'rollback', target: 'checkout', parameters: {} },
  steps: [],
  proposes: 'It puts the version back that was healthy.',
  willNot: 'It never touches data.',
  mode: 'automatic',
  revision: 3,
};

export interface PolicyParts {
  readonly guardrails?: Partial<GuardrailPolicy>;
  readonly targets?: readonly TargetPolicy[];
  readonly runbooks?: readonly RunbookPolicy[];
  readonly people?: readonly PersonPolicy[];
}

export const policyOf = (of: PolicyParts = {}): TenantPolicy => ({
  ...tenant,
  people: of.people ?? [ann, ben, cem, dot, eve],
  actions: {
    ...noActions,
    targets: of.targets ?? [target],
    runbooks: of.runbooks ?? [runbook],
    guardrails: { ...defaultGuardrails, ...of.guardrails },
  },
});

export const policy = policyOf();

export const request: ActionRequest = {
  verb: 'rollback',
  targetId: 'checkout',
  parameters: {},
  reason: 'errors since the deploy',
};

export const byAnn: Origin = { kind: 'person', by: principal(ann), personId: 'ann' };
export const byRunbook = (mode: RunbookPolicy['mode'] = 'automatic'): Origin => ({
  kind: 'runbook',
  runbookId: 'bad-deploy',
  mode,
});

export const actionId = 'a00000000000001';
export const lock = 'kubernetes/main/shop/Deployment/checkout';

export const step = (of: Partial<PlanStep> = {}): PlanStep => ({
  id: 's1',
  says: 'Put the pod template of revision 16 back',
  call: {
    kind: 'kube-patch',
    ref: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'checkout' },
    subresource: null,
    type: 'json',
    body: [],
  },
  from: { template: 'bad' },
  to: { template: 'good' },
  ...of,
});

/** A second step, which leaves a mark as well. */
export const second = step({
  id: 's2',
  says: 'Let the rollout go on',
  from: { template: 'good', paused: true },
  to: { template: 'good', paused: false },
});

export const plan = (of: Partial<Plan> = {}): Plan => ({
  tenant: 'acme',
  incidentId: 'abcde-1234567',
  actionId,
  verb: 'rollback',
  target: {
    id: 'checkout',
    platform: 'kubernetes',
    place: 'main',
    namespace: 'shop',
    kind: 'Deployment',
    name: 'checkout',
    uid: 'uid-1',
    service: 'checkout',
    team: 'payments',
  },
  locks: [lock],
  title: 'Roll back Deployment shop/checkout to revision 16',
  basis: 'Revision 16 was healthy before the change at 02:50.',
  changes: [{ what: 'image', from: 'checkout:17', to: 'checkout:16' }],
  steps: [step()],
  verification: {
    convergeWithinMs: minutes(10),
    soakMs: minutes(2),
    samples: 5,
    validateWithinMs: minutes(10),
    checks: ['errors'],
  },
  undo: 'Roll forward to revision 17.',
  risks: ['Pods are replaced one after the other.'],
  risk: 'wide',
  owner: { kind: 'nobody', name: '', says: '' },
  authors: ['dot-codes'],
  dryRun: { kind: 'passed', says: 'The server took a dry run of the patch.' },
  followUps: [{ says: 'Revert the change in Git', afterMs: null }],
  before: null,
  plannedAtMs: at(1),
  ...of,
});

export const view = (of: Partial<IncidentView> = {}): IncidentView => ({
  isResolved: false,
  severity: 'P1',
  changedTargets: [],
  ...of,
});

export const lease = (of: Partial<Lease> = {}): Lease => ({ ...freeLease('acme', lock), ...of });

export const starts = (...all: RecentStarts['starts']): RecentStarts => ({
  ...noStarts('acme'),
  starts: all,
});

export const good: Signal = { kind: 'good', says: 'as it should be' };
export const bad: Signal = { kind: 'bad', says: 'not as it should be' };
export const unknown: Signal = { kind: 'unknown', says: 'no data' };

/** The target as it was before, or after, the given step, with its mark. */
export const seen = (
  which: 'before' | 'after',
  nowMs: EpochMs,
  of: Partial<Observation> & { readonly step?: PlanStep } = {},
): Observation => {
  const { step: of_ = step(), ...rest } = of;
  return {
    atMs: nowMs,
    facts: which === 'before' ? of_.from : of_.to,
    mark: which === 'before' ? null : `${actionId}.${of_.id}`,
    convergence: { kind: 'converged', says: '3 of 3 pods are ready' },
    ...rest,
  };
};

export const requestCommand = (of: Partial<ActionCommand> = {}): ActionCommand =>
  // The parts given belong to a request.
  ({
    kind: 'request',
    tenant: 'acme',
    incidentId: 'abcde-1234567',
    actionId,
    request,
    origin: byAnn,
    incident: view(),
    ...of,
  }) as ActionCommand;

export const plannedCommand = (
  of: Partial<Plan> = {},
  rest: {
    readonly standing?: RunbookStanding | null;
    readonly starts?: RecentStarts;
    readonly incident?: IncidentView;
  } = {},
): ActionCommand => ({
  kind: 'planned',
  plan: plan(of),
  planHash: planHashOf(digest, plan(of)),
  standing: null,
  starts: starts(),
  incident: view(),
  ...rest,
});

export const startCommand = (
  nowMs: EpochMs,
  of: Partial<Extract<ActionCommand, { readonly kind: 'start' }>> = {},
): ActionCommand => ({
  kind: 'start',
  incident: view(),
  halt: neverHalted('acme'),
  leases: [lease()],
  starts: starts(),
  standing: null,
  observation: seen('before', nowMs),
  ...of,
});

export const approveCommand = (who: PersonPolicy, action: Action): ActionCommand => ({
  kind: 'approve',
  person: who,
  by: principal(who),
  planHash: action.planHash,
  incident: view(),
});

/** One thing after another; each must be a decision. */
export class Story {
  action: Action | null = null;
  readonly events: ActionEvent[] = [];
  readonly policy: TenantPolicy;

  constructor(of: TenantPolicy = policy) {
    this.policy = of;
  }

  get now(): Action {
    if (this.action === null) throw new Error('There is no action yet.');
    return this.action;
  }

  do(nowMs: EpochMs, command: ActionCommand): this {
    const decided = this.try(nowMs, command);
    if (typeof decided === 'string') expect.fail(decided);
    this.action = decided.action;
    this.events.push(...decided.events);
    return this;
  }

  /** The decision, or the sentence of the denial. */
  try(nowMs: EpochMs, command: ActionCommand): DecidedAction | string {
    const decided = decideAction(this.action, command, { policy: this.policy, nowMs });
    return decided.ok ? decided.value : decided.error.message;
  }

  types(): readonly string[] {
    return this.events.map(({ type }) => type.replace('action.', ''));
  }

  /** Asked for by Ann and planned, at minute 1. */
  proposed(of: Partial<Plan> = {}): this {
    return this.do(at(1), requestCommand()).do(at(1), plannedCommand(of));
  }

  /** Approved by Ben, at minute 2. */
  approved(of: Partial<Plan> = {}): this {
    this.proposed(of);
    return this.do(at(2), approveCommand(ben, this.now));
  }

  /** Started at minute 2. */
  started(of: Partial<Plan> = {}): this {
    return this.approved(of).do(at(2), startCommand(at(2)));
  }

  /** Answered at once and converged, at minute 3. */
  validating(): this {
    this.started().do(at(2, 100), { kind: 'answered' });
    return this.do(at(3), { kind: 'looked', observation: seen('after', at(3)) });
  }
}
