import { pendingClock } from '../domain/sla/pending-clock.ts';
import type { StakeholderUpdate } from '../domain/incident/coordination.ts';
import type { Incident } from '../domain/incident/state.ts';
import { redactAll } from '../domain/shared/redact.ts';
import type { Json, JsonObject } from '../domain/shared/json.ts';
import { toIso, type EpochMs } from '../domain/shared/time.ts';
import { deadlineOf, elapsedAt, type SlaClock } from '../domain/sla/clock.ts';
import type { Principal } from '../domain/incident/principal.ts';
import { workJson } from './api-incident-work.ts';

/** An incident as the API gives it (docs/api.md), without what looks like a credential. */
export function incidentJson(incident: Incident, nowMs: EpochMs): Json {
  const pending = pendingClock(incident);
  return redactAll({
    id: incident.id,
    tenant: incident.tenant,
    version: incident.version,
    state: incident.state,
    severity: incident.severity,
    severityReason: { ...incident.severityReason },
    title: incident.title,
    summary: incident.summary,
    service: incident.service,
    services: incident.services,
    team: incident.team,
    environment: incident.environment,
    source: incident.sourceId,
    operator: incident.isOperator,
    openedAt: toIso(incident.openedAtMs),
    reopened: incident.reopenCount,
    alerts: { ...incident.totals },
    sla: {
      response: clockJson(incident.response, nowMs),
      resolution: clockJson(incident.resolution, nowMs),
    },
    nextDeadline: pending === null ? null : { clock: pending.name, at: toIso(deadlineOf(pending)) },
    page: incident.trigger,
    links: { ...incident.links },
    pagerduty: pagerJson(incident),
    ...coordination(incident),
    ...workJson(incident),
    policyVersion: incident.policyVersion,
    ...endings(incident),
  });
}

function clockJson(clock: SlaClock, nowMs: EpochMs): JsonObject {
  const { version, end, isBreached, isBreachWithdrawn, targetMs } = clock;
  return {
    version,
    state: end?.kind ?? 'running',
    breached: isBreached,
    breachWithdrawn: isBreachWithdrawn,
    targetMs,
    elapsedMs: elapsedAt(clock, end?.atMs ?? nowMs),
    deadlineAt: toIso(deadlineOf(clock)),
    endedAt: end === null ? null : toIso(end.atMs),
  };
}

const instant = (atMs: EpochMs | null): string | null => (atMs === null ? null : toIso(atMs));

/** What people do together, and what they owe. */
function coordination(incident: Incident): JsonObject {
  const { progress, roles, latestUpdate, addedLinks, postmortem } = incident;
  return {
    progress,
    roles: roles.map(({ role, person }) => ({ role, id: person.id, name: person.name })),
    latestUpdate: latestUpdate === null ? null : updateJson(latestUpdate),
    updateDueAt: instant(incident.updateDueAtMs),
    addedLinks: addedLinks.map((link) => ({ ...link })),
    postmortem: {
      dueAt: instant(incident.postmortemDueAtMs),
      completed: postmortem === null ? null : did(postmortem.atMs, postmortem.by),
      url: postmortem?.url ?? null,
    },
    closesAt: incident.closedAtMs === null ? instant(incident.closeAtMs) : null,
    closedAt: instant(incident.closedAtMs),
  };
}

const updateJson = ({ atMs, by, nextDueAtMs, ...texts }: StakeholderUpdate): JsonObject => ({
  ...did(atMs, by),
  ...texts,
  nextDueAt: instant(nextDueAtMs),
});

const pagerJson = ({ pagerIncidentId, pagerUrl }: Incident): JsonObject | null =>
  pagerIncidentId === null ? null : { id: pagerIncidentId, url: pagerUrl ?? '' };

const did = (atMs: EpochMs, by: Principal): JsonObject => ({ at: toIso(atMs), by: { ...by } });

/** What only some states have; null in the others. */
function endings(incident: Incident): JsonObject {
  const none = { settlesAt: null, acknowledged: null, resolved: null };
  switch (incident.state) {
    case 'triggered':
      return { ...none, settlesAt: instant(incident.settleAtMs) };
    case 'acknowledged':
      return {
        ...none,
        settlesAt: instant(incident.settleAtMs),
        acknowledged: did(incident.acknowledgedAtMs, incident.acknowledgedBy),
      };
    case 'resolved':
      return {
        ...none,
        resolved: { ...did(incident.resolvedAtMs, incident.resolvedBy), cause: incident.cause },
      };
  }
}
