import type { Action } from '../../domain/action/action.ts';
import { planHashOf } from '../../domain/action/action-id.ts';
import type { FurtherCommand, IncidentView } from '../../domain/action/command.ts';
import type { Plan, PlanDraft, PlanRefusal } from '../../domain/action/plan.ts';
import type { ChangeRecord, RunbookStanding } from '../../domain/action/rows.ts';
import { authorsOf, knownAuthorsOf } from '../../domain/runbook/authors.ts';
import type { Incident } from '../../domain/incident/state.ts';
import type { TargetPolicy } from '../../domain/policy/action-policy.ts';
import type { TenantPolicy } from '../../domain/policy/policy.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import { durationMs, epochMs, type EpochMs } from '../../domain/shared/time.ts';
import { isRetryable, type PortFailure } from '../../ports/failure.ts';
import type { Actuators } from '../targets/actuator.ts';
import { healthyVersions, historyMs } from './change-history.ts';
import type { ActionFailure, ActionScene } from './commit-action.ts';
import type { ActDeps } from './deps.ts';
import { lockNameOf } from './locks.ts';
import { wholeView } from './incident-view.ts';

/** What a plan is made for. */
interface Subject {
  readonly action: Action;
  readonly incident: Incident;
  readonly tenant: TenantPolicy;
  readonly target: TargetPolicy;
  readonly changes: readonly ChangeRecord[];
  readonly nowMs: EpochMs;
}

/** Reads the target and makes the plan of an action; or says, as a command, why there is none. */
export async function commandOfPlan(
  deps: ActDeps,
  { action, incident, view, policy: tenant, nowMs }: ActionScene & { readonly action: Action },
): Promise<Result<FurtherCommand, ActionFailure>> {
  const { targetId } = action.request;
  const target = tenant.actions.targets.find(({ id }) => id === targetId);
  if (target === undefined) {
    return ok(failed(`There is no target “${targetId}” in the policy: name one that is there.`));
  }
  const changes = await changesOf(deps, target, { incident, nowMs });
  if (!changes.ok) return changes;
  const subject: Subject = { action, incident, tenant, target, changes: changes.value, nowMs };
  const drafted = await draft(deps.actuators, subject);
  if (!drafted.ok) return ok(failureOf(drafted.error));
  return planned(deps, wholePlan(subject, drafted.value), { action, view });
}

const failed = (message: string, isFinal = true): FurtherCommand => ({
  kind: 'plan-failed',
  message,
  isFinal,
});

/** A target that could not be read now may be read later; a refusal stays one. */
const failureOf = (failure: PlanRefusal | PortFailure): FurtherCommand =>
  failure.kind === 'plan-refused'
    ? failed(failure.message)
    : failed(failure.message, !isRetryable(failure) && failure.kind !== 'conflict');

async function changesOf(
  { changes }: ActDeps,
  { service }: TargetPolicy,
  of: { readonly incident: Incident; readonly nowMs: EpochMs },
): Promise<Result<readonly ChangeRecord[], PortFailure>> {
  if (service === null) return ok([]);
  const { tenant, openedAtMs } = of.incident;
  const fromMs = epochMs(openedAtMs - historyMs);
  return changes.near({ tenant, service, fromMs, untilMs: of.nowMs });
}

function draft(
  actuators: Actuators,
  { action, incident, tenant, target, changes, nowMs }: Subject,
): Promise<Result<PlanDraft, PlanRefusal | PortFailure>> {
  const { request } = action;
  return actuators[platformOf(target, request.verb)].plan({
    tenant,
    target,
    request,
    incidentId: incident.id,
    actionId: action.id,
    healthyVersions: healthyVersions(changes, incident.openedAtMs),
    nowMs,
  });
}

/** Which platform a target is changed on: a revert is made where its source is. */
export function platformOf({ on }: Pick<TargetPolicy, 'on'>, verb: Plan['verb']): keyof Actuators {
  if (verb === 'revert') return 'git';
  return on.kind === 'argocd' ? 'argocd' : 'kubernetes';
}

function wholePlan(
  { action, incident, tenant, target, changes, nowMs }: Subject,
  { convergeWithinMs, versions, ...draft }: PlanDraft,
): Plan {
  const { guardrails } = tenant.actions;
  const isMeasured = target.checks.length > 0;
  const authors = authorsOf(changes, versions);
  return {
    ...draft,
    tenant: tenant.id,
    incidentId: incident.id,
    actionId: action.id,
    // By the target's own lock, too, so that a person's lock holds whatever the plan is about.
    locks: [...new Set([...draft.locks, lockNameOf(target)])].toSorted(),
    authors,
    ...(authors === null ? { knownAuthors: knownAuthorsOf(changes, versions) } : {}),
    risks: isMeasured ? draft.risks : [...draft.risks, unmeasured(target)],
    verification: {
      convergeWithinMs: durationMs(Math.max(guardrails.convergeWithinMs, convergeWithinMs ?? 0)),
      soakMs: guardrails.soakMs,
      samples: guardrails.samples,
      validateWithinMs: guardrails.validateWithinMs,
      checks: target.checks,
    },
    plannedAtMs: nowMs,
  };
}

const unmeasured = ({ id }: TargetPolicy): string =>
  `The policy names no check for ${id}, so that nothing can prove that it helped: it will end as ` +
  'unverified, and a person must look.';

async function planned(
  { store, actionRows, hashing }: ActDeps,
  plan: Plan,
  of: { readonly action: Action; readonly view: IncidentView },
): Promise<Result<FurtherCommand, ActionFailure>> {
  const incident = await wholeView({ store }, of.view, of.action);
  if (!incident.ok) return incident;
  const starts = await actionRows.loadStarts(plan.tenant);
  if (!starts.ok) return starts;
  const standing = await standingOf({ actionRows }, of.action);
  if (!standing.ok) return standing;
  return ok({
    kind: 'planned',
    plan,
    planHash: planHashOf(hashing.digest, plan),
    standing: standing.value,
    starts: starts.value,
    incident: incident.value,
  });
}

/** Of the runbook that asks for an action; null for a person's, and for one that never failed. */
export const standingOf = (
  { actionRows }: Pick<ActDeps, 'actionRows'>,
  { tenant, origin }: Action,
): Promise<Result<RunbookStanding | null, PortFailure>> =>
  origin.kind === 'runbook'
    ? actionRows.loadStanding(tenant, origin.runbookId)
    : Promise.resolve(ok(null));
