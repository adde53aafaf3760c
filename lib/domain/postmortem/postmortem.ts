import type { ChangeFound } from '../action/event.ts';
import type { Commit, IncidentEvent } from '../incident/event.ts';
import { evolve, begin } from '../incident/evolve.ts';
import type { StakeholderUpdate } from '../incident/coordination.ts';
import type { Incident } from '../incident/state.ts';
import { redactAll } from '../shared/redact.ts';
import { deadlineOf } from '../sla/clock.ts';
import { between, earliest, toIso, type DurationMs, type EpochMs } from '../shared/time.ts';
import { timelineOf, type TimelineEntry } from '../timeline/timeline.ts';
import {
  actionRecords,
  actionsJson,
  changeRecords,
  checklistRecords,
  type ActionRecord,
  type ChecklistRecord,
} from './action-records.ts';
import { clockRecords, type ClockRecord } from './clock-records.ts';
import { rolesOf, updatesOf, type RoleRecord } from './coordination-records.ts';
import { peopleOf, type PersonRecord } from './people.ts';

/** What the log tells about an incident, before people add what it cannot know. */
export interface Postmortem {
  readonly incident: Incident;
  /** The log that this covers: sequence 1 to here, ending in this hash. */
  readonly upToSeq: number;
  readonly chainHead: string;
  readonly openedAtMs: EpochMs;
  readonly resolvedAtMs: EpochMs | null;
  readonly timeToPageMs: DurationMs | null;
  readonly timeToAcknowledgeMs: DurationMs | null;
  readonly timeToResolveMs: DurationMs | null;
  readonly clocks: readonly ClockRecord[];
  readonly people: readonly PersonRecord[];
  readonly roles: readonly RoleRecord[];
  readonly updates: readonly StakeholderUpdate[];
  readonly actions: readonly ActionRecord[];
  /** The likeliest first. */
  readonly changes: readonly Omit<ChangeFound, 'type'>[];
  readonly checklists: readonly ChecklistRecord[];
  readonly timeline: readonly TimelineEntry[];
}

/**
 * The post-mortem of an incident: a pure projection of its log, so that the same log gives the
 * same result on every machine. Null when there is no log.
 */
export function projectPostmortem(commits: readonly Commit[]): Postmortem | null {
  const incident = replay(commits);
  const last = commits.at(-1);
  if (incident === null || last === undefined) return null;
  const { openedAtMs } = incident;
  const since = (isIt: (event: IncidentEvent) => boolean): DurationMs | null => {
    const first = commits.find(({ events }) => events.some(isIt));
    return first === undefined ? null : between(openedAtMs, first.atMs);
  };
  const acknowledgedAtMs = firstAnswer(commits);
  const resolvedAtMs = incident.state === 'resolved' ? incident.resolvedAtMs : null;
  return {
    incident,
    upToSeq: incident.version,
    chainHead: last.hash,
    openedAtMs,
    resolvedAtMs,
    timeToPageMs: since(isPaged),
    timeToAcknowledgeMs: acknowledgedAtMs === null ? null : between(openedAtMs, acknowledgedAtMs),
    timeToResolveMs: resolvedAtMs === null ? null : between(openedAtMs, resolvedAtMs),
    clocks: clockRecords(commits),
    people: peopleOf(commits),
    roles: rolesOf(commits),
    updates: updatesOf(commits),
    actions: actionRecords(commits),
    changes: changeRecords(commits),
    checklists: checklistRecords(commits),
    timeline: timelineOf(commits),
  };
}

/** When somebody first took it on, by the word of the channel: PagerDuty may tell late. */
function firstAnswer(commits: readonly Commit[]): EpochMs | null {
  for (const { atMs, events } of commits) {
    for (const event of events) {
      if (event.type === 'incident.acknowledged') return earliest(event.occurredAtMs, atMs);
    }
  }
  return null;
}

/** Acknowledgements and resolves are accepted, too, and wake nobody. */
const isPaged = (event: IncidentEvent): boolean =>
  event.type === 'page.accepted' && event.action === 'trigger';

/** Folds a log into the state it ends in. Null when it does not begin with an opening. */
export function replay(commits: readonly Commit[]): Incident | null {
  let incident: Incident | null = null;
  for (const commit of commits) {
    incident = replayCommit(incident, commit);
    if (incident === null) return null;
  }
  return incident;
}

function replayCommit(before: Incident | null, commit: Commit): Incident | null {
  const { firstSeq, atMs, events, hash } = commit;
  const [opened] = events;
  if (before === null && opened?.type !== 'incident.opened') return null;
  const incident = events.reduce<Incident | null>((state, event, index) => {
    if (state !== null) return evolve(state, { seq: firstSeq + index, atMs, event });
    return event.type === 'incident.opened' ? begin(commit, event, atMs) : null;
  }, before);
  return incident === null ? null : { ...incident, lastHash: hash };
}

/** The machine-readable form: instants in ISO 8601, spans in milliseconds, no credentials. */
export function postmortemJson(postmortem: Postmortem): Readonly<Record<string, unknown>> {
  const { incident } = postmortem;
  return redactAll({
    schema: 1,
    incident: incident.id,
    tenant: incident.tenant,
    title: incident.title,
    summary: incident.summary,
    severity: incident.severity,
    severityReason: incident.severityReason,
    state: incident.state,
    service: incident.service,
    services: incident.services,
    team: incident.team,
    environment: incident.environment,
    alerts: incident.totals,
    openedAt: toIso(postmortem.openedAtMs),
    resolvedAt: postmortem.resolvedAtMs === null ? null : toIso(postmortem.resolvedAtMs),
    timeToPageMs: postmortem.timeToPageMs,
    timeToAcknowledgeMs: postmortem.timeToAcknowledgeMs,
    timeToResolveMs: postmortem.timeToResolveMs,
    deadlines: {
      response: toIso(deadlineOf(incident.response)),
      resolution: toIso(deadlineOf(incident.resolution)),
    },
    sla: postmortem.clocks.map(({ startedAtMs, deadlineAtMs, ...clock }) => ({
      ...clock,
      startedAt: toIso(startedAtMs),
      deadlineAt: toIso(deadlineAtMs),
    })),
    people: postmortem.people,
    roles: postmortem.roles.map(({ fromMs, untilMs, ...role }) => ({
      ...role,
      from: toIso(fromMs),
      until: untilMs === null ? null : toIso(untilMs),
    })),
    updates: postmortem.updates.map(({ atMs, nextDueAtMs, ...update }) => ({
      at: toIso(atMs),
      ...update,
      nextDueAt: nextDueAtMs === null ? null : toIso(nextDueAtMs),
    })),
    ...actionsJson(postmortem),
    links: incident.addedLinks,
    closedAt: incident.closedAtMs === null ? null : toIso(incident.closedAtMs),
    postmortemUrl: incident.postmortem?.url ?? null,
    timeline: postmortem.timeline.map(({ atMs, ...entry }) => ({ at: toIso(atMs), ...entry })),
    policyVersion: incident.policyVersion,
    covers: { fromSeq: 1, toSeq: postmortem.upToSeq, chainHead: postmortem.chainHead },
  });
}
