import { restarted, startClock, type SlaClock } from '../sla/clock.ts';
import { invariant } from '../shared/invariant.ts';
import { durationMs, epochMs, latest, type EpochMs } from '../shared/time.ts';
import { isAdopted } from './adopted.ts';
import { noDuties } from './duties.ts';
import { owedAfterResolve, updateDueFrom, updateDueUnder } from './duty-instants.ts';
import { actionEvolvers } from './evolve-actions.ts';
import { coordinationEvolvers } from './evolve-coordination.ts';
import { pageEvolvers } from './evolve-pages.ts';
import type { Evolvers } from './evolvers.ts';
import type { IncidentEvent, IncidentOpened, RecordedEvent } from './event.ts';
import { factsOf, triggered } from './facts-of.ts';
import type { ClockName } from './sla-event.ts';
import { isByActions, isFromPager, isSomebody, type Principal } from './principal.ts';
import type { Incident, Resolved, Triggered } from './state.ts';

/** The names of a new incident, which its first event does not carry. */
export interface IncidentName {
  readonly tenant: string;
  readonly incidentId: string;
}

/** The state of a new incident after its first event. */
export function begin(name: IncidentName, opened: IncidentOpened, atMs: EpochMs): Triggered {
  const { target, grouping: _grouping, type: _type, duties = noDuties, ...facts } = opened;
  const clock = (clockName: ClockName, targetMs: typeof target.respondMs): SlaClock =>
    startClock({
      name: clockName,
      version: 1,
      severity: opened.severity,
      fromMs: atMs,
      targetMs,
      elapsedBeforeMs: durationMs(0),
    });
  return {
    ...facts,
    state: 'triggered',
    settleAtMs: null,
    tenant: name.tenant,
    id: name.incidentId,
    version: 1,
    lastHash: '',
    openedAtMs: atMs,
    reopenCount: 0,
    totals: { episodes: 0, firing: 0, alerts: 0 },
    isIncomplete: false,
    services: [],
    blastRules: [],
    response: clock('response', target.respondMs),
    resolution: clock('resolution', target.resolveMs),
    intents: [],
    // PagerDuty has paged for its own incident, and what it tells of that is never too early.
    trigger: isAdopted(opened) ? 'accepted' : 'none',
    triggerAskedAtMs: isAdopted(opened) ? epochMs(0) : atMs,
    pagedAtMs: null,
    fallbackAskedAtMs: null,
    pagerSeenAtMs: null,
    pagerIncidentId: null,
    pagerUrl: null,
    duties,
    progress: null,
    roles: [],
    latestUpdate: null,
    updateDueAtMs: updateDueFrom({ duties, severity: opened.severity }, atMs),
    lastHumanAtMs: null,
    addedLinks: [],
    actions: [],
    changes: [],
    isHeldOpen: false,
    checklists: [],
    ...nothingAfter,
  };
}

/** What is owed after a resolve, while there is none. */
const nothingAfter = {
  postmortemDueAtMs: null,
  isPostmortemReminded: false,
  postmortem: null,
  closeAtMs: null,
  closedAtMs: null,
} as const;

/** Folds one event into an incident. Total: it never refuses what was once decided. */
export function evolve(incident: Incident, { seq, atMs, event }: RecordedEvent): Incident {
  invariant(seq === incident.version + 1, `event ${seq} follows ${incident.version}`);
  // The table has an entry for every type; the compiler cannot tie the entry to this event.
  const fold = evolvers[event.type] as (
    incident: Incident,
    event: IncidentEvent,
    atMs: EpochMs,
  ) => Incident;
  const folded = { ...fold(incident, event, atMs), version: seq };
  return isActOfPerson(event) ? { ...folded, lastHumanAtMs: atMs } : folded;
}

const isActOfPerson = (event: IncidentEvent): boolean =>
  ('by' in event && isSomebody(event.by)) ||
  (event.type === 'action.requested' &&
    event.origin.kind === 'person' &&
    isSomebody(event.origin.by));

const evolvers: Evolvers = {
  ...pageEvolvers,
  ...coordinationEvolvers,
  ...actionEvolvers,
  'incident.opened': (incident) => incident,
  'alerts.attached': (incident, event) => ({
    ...incident,
    totals: event.totals,
    isIncomplete: event.truncatedAlerts > 0,
    services: event.services,
    blastRules: event.blastRules,
    isHeldOpen: incident.isHeldOpen && event.totals.firing === 0,
  }),
  'severity.changed': (incident, event, atMs) =>
    underSeverity({ ...incident, severity: event.to, severityReason: event.reason }, atMs),
  'incident.acknowledged': (incident, event, atMs) => ({
    ...factsOf(incident),
    state: 'acknowledged',
    settleAtMs: incident.state === 'resolved' ? null : incident.settleAtMs,
    acknowledgedBy: event.by,
    acknowledgedAtMs: atMs,
    pagerSeenAtMs: seenInPager(incident, event),
  }),
  'incident.unacknowledged': (incident, event) => ({
    ...triggered(incident),
    pagerSeenAtMs: seenInPager(incident, event),
  }),
  'incident.settling': (incident, event) =>
    incident.state === 'resolved' ? incident : { ...incident, settleAtMs: event.untilMs },
  'incident.unsettled': (incident) =>
    incident.state === 'resolved' ? incident : { ...incident, settleAtMs: null },
  'incident.resolved': (incident, event, atMs): Resolved => ({
    ...factsOf(incident),
    ...owedAfterResolve(incident, atMs),
    updateDueAtMs: null,
    isHeldOpen: false,
    state: 'resolved',
    cause: event.cause,
    resolvedBy: event.by,
    resolvedAtMs: atMs,
    quietUntilMs: event.quietUntilMs,
    pagerSeenAtMs: seenInPager(incident, event),
  }),
  'incident.reopened': (incident, event, atMs) => ({
    ...triggered(incident),
    ...nothingAfter,
    settleAtMs: null,
    progress: null,
    updateDueAtMs: updateDueFrom(incident, atMs),
    reopenCount: incident.reopenCount + 1,
    isHeldOpen: isByActions(event.by),
    trigger: isFromPager(event.by) ? 'accepted' : 'none',
    fallbackAskedAtMs: null,
    pagerSeenAtMs: seenInPager(incident, event),
  }),
  'sla.clock_started': (incident, event) =>
    withClock(incident, event.clock, (clock) =>
      restarted(clock, {
        name: event.clock,
        version: event.version,
        severity: event.severity,
        fromMs: event.fromMs,
        targetMs: event.targetMs,
        elapsedBeforeMs: event.elapsedBeforeMs,
      }),
    ),
  'sla.stage_reached': (incident, event) =>
    withClock(incident, event.clock, (clock) => ({ ...clock, reachedPct: event.pct })),
  'sla.breached': (incident, event) =>
    withClock(incident, event.clock, (clock) => ({ ...clock, reachedPct: 100, isBreached: true })),
  'sla.breach_withdrawn': (incident, event) =>
    withClock(incident, event.clock, (clock) => ({
      ...clock,
      isBreached: false,
      isBreachWithdrawn: true,
    })),
  'sla.met': (incident, { clock: name, stoppedAtMs }, atMs) =>
    withClock(incident, name, (clock) => ({
      ...clock,
      end: { kind: 'met', atMs: stoppedAtMs ?? atMs },
    })),
  'sla.stopped': (incident, event, atMs) =>
    withClock(incident, event.clock, (clock) => ({ ...clock, end: { kind: 'stopped', atMs } })),
  'pager.linked': (incident, event) => ({
    ...incident,
    pagerIncidentId: event.pagerIncidentId,
    pagerUrl: event.url,
  }),
  // A change there that could not be made here is still newer than what comes late.
  'pager.activity': (incident, event) => ({
    ...incident,
    pagerSeenAtMs: changesThere.has(event.activity)
      ? latest(event.occurredAtMs, incident.pagerSeenAtMs ?? event.occurredAtMs)
      : incident.pagerSeenAtMs,
  }),
};

/** Activities of PagerDuty that change the state of its incident. */
const changesThere: ReadonlySet<string> = new Set([
  'acknowledged',
  'unacknowledged',
  'resolved',
  'reopened',
]);

/** What is owed follows the severity, in time to come; a resolve counts from its own instant. */
function underSeverity(incident: Incident, atMs: EpochMs): Incident {
  return incident.state === 'resolved'
    ? { ...incident, ...owedAfterResolve(incident, incident.resolvedAtMs) }
    : { ...incident, updateDueAtMs: updateDueUnder(incident, atMs) };
}

function withClock(
  incident: Incident,
  name: ClockName,
  change: (clock: SlaClock) => SlaClock,
): Incident {
  return name === 'response'
    ? { ...incident, response: change(incident.response) }
    : { ...incident, resolution: change(incident.resolution) };
}

const seenInPager = (
  incident: Incident,
  { by, occurredAtMs }: { readonly by: Principal; readonly occurredAtMs: EpochMs },
): EpochMs | null => (isFromPager(by) ? occurredAtMs : incident.pagerSeenAtMs);
