import { restarted, startClock, type SlaClock } from '../sla/clock.ts';
import { invariant } from '../shared/invariant.ts';
import { durationMs, latest, type EpochMs } from '../shared/time.ts';
import { pageEvolvers } from './evolve-pages.ts';
import type { Evolvers } from './evolvers.ts';
import type { IncidentEvent, IncidentOpened, RecordedEvent } from './event.ts';
import type { ClockName } from './sla-event.ts';
import { isFromPager, type Principal } from './principal.ts';
import type { Incident, IncidentFacts, Resolved, Triggered } from './state.ts';

/** The names of a new incident, which its first event does not carry. */
export interface IncidentName {
  readonly tenant: string;
  readonly incidentId: string;
}

/** The state of a new incident after its first event. */
export function begin(name: IncidentName, opened: IncidentOpened, atMs: EpochMs): Triggered {
  const { target, grouping: _grouping, type: _type, ...facts } = opened;
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
    trigger: 'none',
    triggerAskedAtMs: atMs,
    pagedAtMs: null,
    fallbackAskedAtMs: null,
    pagerSeenAtMs: null,
    pagerIncidentId: null,
    pagerUrl: null,
  };
}

/** Folds one event into an incident. Total: it never refuses what was once decided. */
export function evolve(incident: Incident, { seq, atMs, event }: RecordedEvent): Incident {
  invariant(seq === incident.version + 1, `event ${seq} follows ${incident.version}`);
  // The table has an entry for every type; the compiler cannot tie the entry to this event.
  const fold = evolvers[event.type] as (
    incident: Incident,
    event: IncidentEvent,
    atMs: EpochMs,
  ) => Incident;
  return { ...fold(incident, event, atMs), version: seq };
}

const evolvers: Evolvers = {
  ...pageEvolvers,
  'incident.opened': (incident) => incident,
  'alerts.attached': (incident, event) => ({
    ...incident,
    totals: event.totals,
    isIncomplete: event.truncatedAlerts > 0,
    services: event.services,
    blastRules: event.blastRules,
  }),
  'severity.changed': (incident, event) => ({
    ...incident,
    severity: event.to,
    severityReason: event.reason,
  }),
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
    state: 'resolved',
    cause: event.cause,
    resolvedBy: event.by,
    resolvedAtMs: atMs,
    quietUntilMs: event.quietUntilMs,
    pagerSeenAtMs: seenInPager(incident, event),
  }),
  'incident.reopened': (incident, event) => ({
    ...triggered(incident),
    settleAtMs: null,
    reopenCount: incident.reopenCount + 1,
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
  'sla.met': (incident, event, atMs) =>
    withClock(incident, event.clock, (clock) => ({ ...clock, end: { kind: 'met', atMs } })),
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
  'note.added': (incident) => incident,
};

/** Activities of PagerDuty that change the state of its incident. */
const changesThere: ReadonlySet<string> = new Set([
  'acknowledged',
  'unacknowledged',
  'resolved',
  'reopened',
]);

/** What survives every change of state. */
function factsOf(incident: Incident): IncidentFacts {
  switch (incident.state) {
    case 'triggered': {
      const { state: _state, settleAtMs: _settle, ...facts } = incident;
      return facts;
    }
    case 'acknowledged': {
      const {
        state: _state,
        settleAtMs: _settle,
        acknowledgedBy: _by,
        acknowledgedAtMs: _at,
        ...facts
      } = incident;
      return facts;
    }
    case 'resolved': {
      const {
        state: _state,
        cause: _cause,
        resolvedBy: _by,
        resolvedAtMs: _at,
        quietUntilMs: _quiet,
        ...facts
      } = incident;
      return facts;
    }
  }
}

const triggered = (incident: Incident): Triggered => ({
  ...factsOf(incident),
  state: 'triggered',
  settleAtMs: incident.state === 'resolved' ? null : incident.settleAtMs,
});

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
