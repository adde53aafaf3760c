import { err, ok, type Result } from '../shared/result.ts';
import { isGraver } from '../policy/policy.ts';
import { earliest, type EpochMs } from '../shared/time.ts';
import {
  addLink,
  addNote,
  completePostmortem,
  escalate,
  pagePerson,
  publishUpdate,
  setProgress,
} from './decide-coordination.ts';
import { recordAction, recordChange, startChecklist, tickStep } from './decide-actions.ts';
import { attachAlerts, openWithAlerts } from './decide-alerts.ts';
import { catchUp, catchUpClocks, changeSeverity } from './decide-clocks.ts';
import { holdPage, reportAccepted, reportFailed, supersedePage } from './decide-pages.ts';
import { acknowledge, reopen, resolve, unacknowledge } from './decide-people.ts';
import { repairPage } from './decide-repair.ts';
import { assignRole, releaseRole } from './decide-roles.ts';
import type { IncidentCommand, OpenIncident, Refusal } from './command.ts';
import { Decision, type DecisionContext } from './decision.ts';
import type { IncidentEvent } from './event.ts';
import { isFromPager } from './principal.ts';
import type { Incident } from './state.ts';

/** Events to append, and the incident after them. */
export interface Decided {
  readonly events: readonly IncidentEvent[];
  readonly incident: Incident;
}

/** Opens an incident: its first events, the page included. */
export function decideOpen(command: OpenIncident, context: DecisionContext): Decided {
  const decision = Decision.opening(
    command,
    { type: 'incident.opened', ...command.opened },
    context,
  );
  openWithAlerts(decision, command.attached);
  return { events: decision.events, incident: decision.incident };
}

/**
 * What a command changes in an incident. Total and pure. The clocks are first caught up to now,
 * so that whoever comes first after a deadline records the breach: a refused command can thus
 * still have events, which are to be committed before the refusal is told.
 */
export function decide(
  incident: Incident,
  command: IncidentCommand,
  context: DecisionContext,
): { readonly decided: Decided; readonly outcome: Result<void, Refusal> } {
  const decision = new Decision(incident, context);
  const earlier = actedInPagerAt(command);
  if (earlier === null) catchUp(decision);
  else catchUpClocks(decision, earliest(earlier, context.nowMs));
  const refusal = handle(decision, command);
  if (earlier !== null) catchUp(decision);
  return {
    decided: { events: decision.events, incident: decision.incident },
    outcome: refusal === null ? ok(undefined) : err(refusal),
  };
}

/**
 * When somebody answered in PagerDuty, which may have been told late: a clock that it stops does
 * not run on to now.
 */
const actedInPagerAt = (command: IncidentCommand): EpochMs | null =>
  (command.kind === 'acknowledge' || command.kind === 'resolve') && isFromPager(command.by)
    ? command.occurredAtMs
    : null;

type Handlers = {
  readonly [Kind in IncidentCommand['kind']]: (
    decision: Decision,
    command: Extract<IncidentCommand, { readonly kind: Kind }>,
  ) => Refusal | null;
};

const handlers: Handlers = {
  attach: attachAlerts,
  acknowledge,
  unacknowledge,
  resolve,
  reopen,
  'change-severity': (decision, { to, by, reason }) => {
    const { severity } = decision.incident;
    if (to === severity) {
      return { kind: 'already', message: `The severity is already ${to}.` };
    }
    if (by.kind !== 'person' && !isGraver(to, severity)) {
      const message = `Only a person lowers a severity: it is ${severity}, ${to} was asked for.`;
      return { kind: 'not_allowed', message };
    }
    changeSeverity(decision, { severity: to, reason: { rule: 'person', text: reason } }, by);
    return null;
  },
  'record-activity': (decision, { activity, by, occurredAtMs, text }) => {
    decision.record({ type: 'pager.activity', activity, by, occurredAtMs, text });
    return null;
  },
  'link-pager': (decision, { pagerIncidentId, url }) => {
    if (decision.incident.pagerIncidentId === pagerIncidentId) {
      return { kind: 'already', message: `The incident is already linked to ${pagerIncidentId}.` };
    }
    decision.record({ type: 'pager.linked', pagerIncidentId, url });
    return null;
  },
  wake: () => null,
  'report-accepted': reportAccepted,
  'report-failed': reportFailed,
  'hold-page': holdPage,
  'supersede-page': supersedePage,
  'repair-page': repairPage,
  'set-progress': setProgress,
  'assign-role': assignRole,
  'release-role': releaseRole,
  'add-note': addNote,
  'publish-update': publishUpdate,
  'page-person': pagePerson,
  escalate,
  'add-link': addLink,
  'complete-postmortem': completePostmortem,
  'record-action': recordAction,
  'record-change': recordChange,
  'start-checklist': startChecklist,
  'tick-step': tickStep,
};

function handle(decision: Decision, command: IncidentCommand): Refusal | null {
  // The table has an entry for every kind; the compiler cannot tie the entry to this command.
  const handler = handlers[command.kind] as (
    decision: Decision,
    command: IncidentCommand,
  ) => Refusal | null;
  return handler(decision, command);
}
