import type { Action, Approval, Comparison, Origin } from '../domain/action/action.ts';
import type { Sample } from '../domain/action/observation.ts';
import type { Halt, Lease } from '../domain/action/rows.ts';
import { requestTitle } from '../domain/action/summary.ts';
import type { Commit } from '../domain/incident/event.ts';
import type { TargetPolicy } from '../domain/policy/action-policy.ts';
import { verbsFor } from '../domain/policy/target-verbs.ts';
import type { RunbookScore } from '../domain/runbook/score.ts';
import type { Json, JsonObject } from '../domain/shared/json.ts';
import { redactAll } from '../domain/shared/redact.ts';
import { toIso, type EpochMs } from '../domain/shared/time.ts';
import { timelineJson, timelineOf } from '../domain/timeline/timeline.ts';
import { planJson, planTextJson } from './api-plan.ts';

const instant = (atMs: EpochMs | null): string | null => (atMs === null ? null : toIso(atMs));

/** An action as lists have it (docs/api.md), without what looks like a credential. */
export const actionJson = (action: Action): JsonObject => redactAll(outlineOf(action));

function outlineOf(action: Action): JsonObject {
  const { request, plan, lastSample, comparison } = action;
  return {
    id: action.id,
    tenant: action.tenant,
    incident: action.incidentId,
    version: action.version,
    state: action.state,
    verb: request.verb,
    target: request.targetId,
    parameters: request.parameters,
    reason: request.reason,
    title: plan?.title ?? requestTitle(request),
    origin: originJson(action.origin),
    planHash: action.planHash,
    approvalsNeeded: action.approvalsNeeded,
    approvals: action.approvals.map(approvalJson),
    expiresAt: instant(action.expiresAtMs),
    createdAt: toIso(action.createdAtMs),
    startedAt: instant(action.startedAtMs),
    appliedAt: instant(action.appliedAtMs),
    convergedAt: instant(action.convergedAtMs),
    endedAt: instant(action.endedAtMs),
    waitingFor: action.waitingFor,
    outcome: action.outcome,
    lastSample: lastSample === null ? null : sampleJson(lastSample),
    comparison: comparison === null ? null : comparisonJson(comparison),
  };
}

const originJson = (origin: Origin): JsonObject =>
  origin.kind === 'person'
    ? { kind: 'person', person: origin.personId, by: { ...origin.by } }
    : { kind: 'runbook', runbook: origin.runbookId, mode: origin.mode };

const approvalJson = ({ personId, by, planHash, atMs }: Approval): JsonObject => ({
  person: personId,
  by: { ...by },
  planHash,
  at: toIso(atMs),
});

const sampleJson = ({ atMs, workload, alert, metric }: Sample): JsonObject => ({
  at: toIso(atMs),
  workload: { ...workload },
  alert: { ...alert },
  metric: { ...metric },
});

const comparisonJson = ({ kind, says, atMs }: Comparison): JsonObject => ({
  kind,
  says,
  at: toIso(atMs),
});

/** One action whole: its plan as data and in words, its samples, and its part of the story. */
export function wholeActionJson(action: Action, commits: readonly Commit[]): Json {
  const { plan, planHash } = action;
  return redactAll({
    ...outlineOf(action),
    plan: plan === null ? null : planJson(plan),
    planText: plan === null ? null : planTextJson(plan, planHash),
    samples: samplesOf(commits, action.id).map(sampleJson),
    timeline: storyOf(commits, action.id),
  });
}

/** The samples that the log tells: of equal ones in a row, the first. */
export const samplesOf = (commits: readonly Commit[], actionId: string): readonly Sample[] =>
  commits
    .flatMap(({ events }) => events)
    .flatMap((event) =>
      event.type === 'action.sampled' && event.actionId === actionId ? [event.sample] : [],
    );

function storyOf(commits: readonly Commit[], actionId: string): readonly JsonObject[] {
  const events = commits.flatMap((commit) => commit.events);
  const entries = timelineOf(commits).filter((_entry, index) => {
    const event = events[index];
    return event !== undefined && 'actionId' in event && event.actionId === actionId;
  });
  // Entries of a timeline are texts, numbers and null.
  return timelineJson(entries) as readonly JsonObject[];
}

/** The kill switch. Nobody has thrown it yet while `at` is null. */
export const haltJson = ({ isOn, by, reason, atMs, version }: Halt): JsonObject =>
  redactAll({ on: isOn, by, reason, at: version === 0 ? null : toIso(atMs) });

export const lockJson = (lock: NonNullable<Lease['lock']>): JsonObject => ({
  by: lock.by,
  reason: lock.reason,
  until: instant(lock.untilMs),
});

/** A target as it stands, with what can be done to it. */
export const targetJson = (of: {
  readonly target: TargetPolicy;
  readonly actionId: string | null;
  readonly lock: Lease['lock'];
  readonly lastAction: Action | null;
}): JsonObject =>
  redactAll({
    id: of.target.id,
    service: of.target.service,
    team: of.target.team,
    on: { ...of.target.on },
    verbs: verbsFor(of.target),
    checks: of.target.checks,
    approvers: of.target.approvers,
    action: of.actionId,
    lock: of.lock === null ? null : lockJson(of.lock),
    lastAction: of.lastAction === null ? null : outlineOf(of.lastAction),
  });

/** How a runbook has done; its members are counts. */
export const scoreJson = ({ runbookId, ...score }: RunbookScore): JsonObject => ({
  runbook: runbookId,
  ...score,
});
