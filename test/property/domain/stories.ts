import fc from 'fast-check';
import type { IncidentCommand } from '../../../lib/domain/incident/command.ts';
import { decide, decideOpen } from '../../../lib/domain/incident/decide.ts';
import { dueRows } from '../../../lib/domain/incident/due.ts';
import { progressSteps, roleNames } from '../../../lib/domain/incident/coordination.ts';
import { dutiesOf } from '../../../lib/domain/incident/duties.ts';
import type { IncidentEvent } from '../../../lib/domain/incident/event.ts';
import type { Principal } from '../../../lib/domain/incident/principal.ts';
import type { Incident } from '../../../lib/domain/incident/state.ts';
import { epochMs, minutes, type EpochMs } from '../../../lib/domain/shared/time.ts';
import { actionRows, endedEvent } from '../../unit/domain/action-lines.ts';
import {
  ada,
  attached,
  bob,
  context,
  opened,
  source,
  t0,
  tenant,
  totals,
} from '../../unit/domain/samples.ts';

/** What somebody does, and when: so long after the step before, or near the next instant due. */
export interface Step {
  readonly after: { readonly ms: number } | { readonly nearDueMs: number };
  readonly act: (incident: Incident, nowMs: EpochMs) => IncidentCommand;
}

/** One decision: the incident before and after it. */
export interface Chapter {
  readonly before: Incident | null;
  readonly incident: Incident;
  readonly events: readonly IncidentEvent[];
  readonly nowMs: EpochMs;
}

const anybody: fc.Arbitrary<Principal> = fc.constantFrom(ada, bob);
const severity = fc.constantFrom('P0', 'P1', 'P2');
const text = fc.constant('a reason');

type Act = Step['act'];

const byPeople: fc.Arbitrary<Act> = fc
  .record({
    kind: fc.constantFrom('acknowledge', 'unacknowledge', 'reopen', 'resolve'),
    by: anybody,
    reason: text,
    lateMs: fc.constantFrom(0, 0, 1, 60_000, 45 * 60_000),
  })
  .map(({ kind, by, reason, lateMs }) => (_incident, nowMs): IncidentCommand => {
    const occurredAtMs = epochMs(nowMs - lateMs);
    return kind === 'resolve'
      ? { kind, cause: 'person', by, note: reason, occurredAtMs }
      : kind === 'acknowledge'
        ? { kind, by, occurredAtMs }
        : { kind, by, reason, occurredAtMs };
  });

const bySeverity: fc.Arbitrary<Act> = fc
  .record({ to: severity, by: fc.constantFrom(ada, source), reason: text })
  .map((change) => (): IncidentCommand => ({ kind: 'change-severity', ...change }));

const byAlerts: fc.Arbitrary<Act> = fc
  .record({
    firing: fc.nat({ max: 2 }),
    isCut: fc.boolean(),
    candidate: fc.option(severity),
    reopens: fc.boolean(),
  })
  .map(({ firing, isCut, candidate, reopens }) => (): IncidentCommand => {
    const { type: _type, ...content } = attached({
      totals: totals(firing, 2),
      truncatedAlerts: isCut ? 1 : 0,
    });
    return {
      kind: 'attach',
      attached: content,
      candidate:
        candidate === null ? null : { severity: candidate, reason: { rule: 'r', text: 't' } },
      reopen: reopens && firing > 0 ? 'it fired again' : null,
    };
  });

const byCoordination: fc.Arbitrary<Act> = fc
  .record({
    kind: fc.constantFrom(
      'set-progress',
      'assign-role',
      'release-role',
      'add-note',
      'publish-update',
      'page-person',
      'escalate',
      'add-link',
      'complete-postmortem',
    ),
    by: anybody,
    to: fc.constantFrom(...progressSteps),
    role: fc.constantFrom(...roleNames),
    person: fc.constantFrom({ id: 'ada', name: 'Ada' }, { id: 'eve', name: 'Eve' }),
    text: fc.constantFrom('', 'the cache is cold'),
    nextInMs: fc.option(fc.constantFrom(minutes(1), minutes(40))),
    url: fc.constantFrom('https://docs.example/1', 'https://docs.example/2', 'javascript:1'),
  })
  .map((of) => (_incident: Incident, nowMs: EpochMs): IncidentCommand => {
    const fields = {
      ...of,
      occurredAtMs: nowMs,
      issue: of.text,
      impact: '',
      actions: '',
      estimate: '',
      message: of.text,
      reason: of.text,
      title: of.text,
      person: { ...of.person, pagerdutyUserId: of.person.id.toUpperCase() },
    };
    // Each kind finds its own fields among these; the compiler asks for one kind at a time.
    return fields as IncidentCommand;
  });

const unknownIntent = {
  intentId: 'p999',
  channel: 'pagerduty',
  action: 'trigger',
  failedAttempts: 0,
} as const;

const byPages: fc.Arbitrary<Act> = fc
  .record({
    kind: fc.constantFrom('report-accepted', 'report-failed', 'hold-page', 'supersede-page'),
    which: fc.nat({ max: 5 }),
    isGone: fc.boolean(),
    isRejected: fc.boolean(),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ kind, which, isGone, isRejected, jitter }) => ({ intents }): IncidentCommand => {
    const { intentId, channel, action, failedAttempts } =
      (isGone ? undefined : intents[which % Math.max(1, intents.length)]) ?? unknownIntent;
    switch (kind) {
      case 'report-accepted':
        return { kind, intentId, channel, action };
      case 'report-failed':
        return {
          kind,
          intentId,
          attempt: failedAttempts + 1,
          failure: 'HTTP 500',
          isRejected,
          retryAfterMs: 0,
          jitter,
        };
      case 'hold-page':
        return { kind, intentId, reason: 'rate' };
      case 'supersede-page':
        return { kind, intentId, reason: 'summary', byIncidentId: null };
    }
  });

/** What actions, the change feed and checklists add. */
const byActions: fc.Arbitrary<Act> = fc
  .record({
    which: fc.nat({ max: actionRows.length - 1 }),
    state: fc.constantFrom('verified', 'failed', 'unverified', 'refused'),
    canReopen: fc.boolean(),
    likelihoodPct: fc.nat({ max: 100 }),
  })
  .map(({ which, state, canReopen, likelihoodPct }) => (): IncidentCommand => {
    const event = actionRows[which]?.[0] ?? endedEvent;
    if (event.type === 'change.found') {
      const { type: _type, ...change } = event;
      const changeId = `c${likelihoodPct % 7}`;
      return { kind: 'record-change', change: { ...change, changeId, likelihoodPct } };
    }
    if (event.type === 'checklist.started') {
      const { type: _type, ...checklist } = event;
      return { kind: 'start-checklist', checklist };
    }
    if (event.type === 'checklist.ticked') {
      const { type: _type, ...tick } = event;
      return { kind: 'tick-step', ...tick };
    }
    const told = event.type === 'action.ended' ? { ...event, state } : event;
    return { kind: 'record-action', events: [told], canReopen };
  });

const wakes: fc.Arbitrary<Act> = fc.constant((): IncidentCommand => ({ kind: 'wake' }));

const after: fc.Arbitrary<Step['after']> = fc.oneof(
  fc.record({ ms: fc.constantFrom(0, 1, 1000) }),
  fc.record({ ms: fc.nat({ max: 3 * 3_600_000 }) }),
  // Early by a millisecond, at the instant, and late.
  fc.record({ nearDueMs: fc.constantFrom(-1, 0, 0, 1, 60_000) }),
);

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    after,
    act: fc.oneof(byPeople, bySeverity, byAlerts, byCoordination, byPages, byActions, wakes, wakes),
  }),
  { maxLength: 25 },
);

function instantOf(step: Step, incident: Incident, nowMs: EpochMs): EpochMs {
  if ('ms' in step.after) return epochMs(nowMs + step.after.ms);
  const next = Math.min(...dueRows(incident).map(({ dueAtMs }) => dueAtMs));
  return epochMs(Math.max(nowMs, (Number.isFinite(next) ? next : nowMs) + step.after.nearDueMs));
}

/** Decides the steps one after the other, from the opening on. Time never goes back. */
export function tell(all: readonly Step[]): readonly Chapter[] {
  const { type: _opened, ...facts } = opened({
    duties: dutiesOf(tenant, { isOperator: false }),
  });
  const { type: _attached, ...content } = attached();
  const opening = decideOpen(
    { kind: 'open', tenant: 'acme', incidentId: 'abcde-1234567', opened: facts, attached: content },
    context(t0),
  );
  const chapters: Chapter[] = [{ ...opening, before: null, nowMs: t0 }];
  let { incident } = opening;
  let nowMs = t0;
  for (const step of all) {
    nowMs = instantOf(step, incident, nowMs);
    const before = incident;
    const { decided } = decide(before, step.act(before, nowMs), context(nowMs));
    chapters.push({ ...decided, before, nowMs });
    incident = decided.incident;
  }
  return chapters;
}
