import { describe, expect, it } from 'vitest';
import type { ActionEnded } from '../../../lib/domain/action/event.ts';
import { viewOf } from '../../../lib/domain/action/summary.ts';
import type { IncidentCommand } from '../../../lib/domain/incident/command.ts';
import { decide } from '../../../lib/domain/incident/decide.ts';
import type { IncidentEvent } from '../../../lib/domain/incident/event.ts';
import type { Incident } from '../../../lib/domain/incident/state.ts';
import {
  acknowledged,
  ada,
  at,
  attached,
  context,
  fold,
  paged,
  resolvedByHand,
  source,
  totals,
  type Given,
} from './samples.ts';
import { changeEvent, checklistEvent, endedEvent, plannedEvent } from './action-lines.ts';
import { actionId, byAnn, request } from './action-samples.ts';

const requested: IncidentEvent = { type: 'action.requested', actionId, request, origin: byAnn };

const given = (events: Given, command: IncidentCommand, nowMs = at(25)) => {
  const before = fold(events);
  const { decided, outcome } = decide(before, command, context(nowMs));
  return {
    incident: decided.incident,
    message: outcome.ok ? null : outcome.error.message,
    types: decided.events.map(({ type }) => type),
    pages: decided.events.flatMap((event) =>
      event.type === 'page.requested' ? [`${event.channel} ${event.action}`] : [],
    ),
  };
};

const failed: ActionEnded = { ...endedEvent, state: 'failed', outcome: 'It has not helped.' };

const record = (event: ActionEnded, canReopen = true): IncidentCommand => ({
  kind: 'record-action',
  events: [event],
  canReopen,
});

describe('the end of an action that has not helped', () => {
  it('opens a resolved incident again and pages', () => {
    const { incident, types, pages } = given(resolvedByHand, record(failed));
    expect(incident).toMatchObject({ state: 'triggered', reopenCount: 1 });
    expect(types.slice(0, 2)).toEqual(['action.ended', 'incident.reopened']);
    expect(pages).toContain('pagerduty trigger');
  });

  it('keeps it open although no alert fires, until a person closes it or one fires again', () => {
    const ended: IncidentEvent = { ...attached(), totals: totals(0, 1) };
    const over: Given = [...resolvedByHand, [at(21), ended]];
    const reopened = given(over, record(failed)).incident;
    const later = (command: IncidentCommand, min: number): Incident =>
      decide(reopened, command, context(at(min))).decided.incident;

    expect(later({ kind: 'wake' }, 60)).toMatchObject({ state: 'triggered', settleAtMs: null });
    const note = { kind: 'resolve', cause: 'person', by: ada, note: 'seen' } as const;
    expect(later({ ...note, occurredAtMs: at(60) }, 60).state).toBe('resolved');
    const fires = { kind: 'attach', attached: attached(), candidate: null, reopen: null } as const;
    expect(later(fires, 60)).toMatchObject({ state: 'triggered', isHeldOpen: false });
  });

  it('leaves a resolved incident alone where another has followed it', () => {
    const { incident, types } = given(resolvedByHand, record(failed, false));
    expect(incident.state).toBe('resolved');
    expect(types).toEqual(['action.ended']);
  });

  it.each(['failed', 'unverified'] as const)('escalates an open incident: %s', (state) => {
    const { types, pages } = given(acknowledged, record({ ...failed, state }));
    expect(types).toContain('escalation.requested');
    expect(pages).toEqual(['pagerduty trigger', 'rest escalate', 'rest retrigger']);
  });

  it('does not call anew what nobody has answered', () => {
    const { pages } = given(paged, record(failed), at(5));
    expect(pages).toEqual(['pagerduty trigger', 'rest escalate']);
  });

  it('asks for the next level once', () => {
    const asked: Given = [
      ...acknowledged,
      [
        at(11),
        {
          type: 'page.requested',
          intentId: 'p9',
          channel: 'rest',
          action: 'escalate',
          purpose: 'follow',
          text: '',
          notBeforeMs: at(11),
        },
      ],
    ];
    expect(given(asked, record(failed)).types).not.toContain('escalation.requested');
  });

  it.each([
    ['that was verified', endedEvent],
    ['that was refused', { ...failed, state: 'refused' as const, wasApplied: false }],
    ['of which nothing was done', { ...failed, wasApplied: false }],
  ])('calls nobody for one %s', (_name, event) => {
    expect(given(acknowledged, record(event)).types).toEqual(['action.ended']);
  });

  it('is told by nothing when there is nothing to tell', () => {
    const command: IncidentCommand = { kind: 'record-action', events: [], canReopen: true };
    expect(given(acknowledged, command).message).toBe('There is nothing to tell of the action.');
  });
});

describe('actions on an incident', () => {
  it('are acts of the people who ask for them', () => {
    const incident = fold([...paged, [at(20), requested]]);
    expect(incident.lastHumanAtMs).toBe(at(20));
  });

  it('show their plan, and then which target they have changed', () => {
    const proposed: Given = [...paged, [at(1), requested], [at(1), plannedEvent]];
    const incident = fold(proposed);
    expect(incident.actions).toMatchObject([{ state: 'proposed', expiresAtMs: at(11) }]);
    expect(viewOf(incident)).toEqual({ isResolved: false, severity: 'P1', changedTargets: [] });
    const started: IncidentEvent = {
      type: 'action.started',
      actionId,
      planHash: '',
      fence: 1,
      locks: [],
    };
    const { changedTargets } = viewOf(fold([...proposed, [at(2), started]]));
    expect(changedTargets).toEqual(['checkout']);
  });

  it('are kept in view: open ones all, and five that ended, those that were done last', () => {
    const ended = (index: number, state: ActionEnded['state']): Given => [
      [at(1), { ...requested, actionId: `a${index}` }],
      [at(1), { ...failed, actionId: `a${index}`, state }],
    ];
    const all = [1, 2, 3, 4, 5, 6, 7].flatMap((n) => ended(n, n === 1 ? 'verified' : 'refused'));
    const { actions } = fold([...paged, ...all, [at(2), requested]]);
    expect(actions.map((of) => of.actionId)).toEqual(['a1', 'a4', 'a5', 'a6', 'a7', actionId]);
  });
});

describe('changes near an incident', () => {
  const { type: _type, ...change } = changeEvent;
  const found = (n: number, likelihoodPct: number): Given[number] => [
    at(1),
    { ...changeEvent, changeId: `c${n}`, likelihoodPct },
  ];

  it('are kept, the likeliest five first', () => {
    const given_: Given = [...paged, ...[10, 50, 30, 20, 40, 60].map((pct, n) => found(n, pct))];
    expect(fold(given_).changes.map(({ likelihoodPct }) => likelihoodPct)).toEqual([
      60, 50, 40, 30, 20,
    ]);
  });

  it('are told once, and again when they are likelier than thought', () => {
    const events: Given = [...paged, found(1, 80)];
    const again: IncidentCommand = { kind: 'record-change', change: { ...change, changeId: 'c1' } };
    expect(given(events, again, at(5)).message).toBe(
      'The change Deploy checkout:17 is known already.',
    );
    const likelier = { ...change, changeId: 'c1', likelihoodPct: 95 };
    const { incident } = given(events, { kind: 'record-change', change: likelier }, at(5));
    expect(incident.changes).toEqual([likelier]);
  });

  it('are not told when five are likelier', () => {
    const events: Given = [...paged, ...[11, 12, 13, 14, 15].map((n) => found(n, 90))];
    expect(given(events, { kind: 'record-change', change }, at(5)).message).toBe(
      '5 likelier changes are known already.',
    );
  });
});

describe('a checklist', () => {
  const { type: _type, ...checklist } = checklistEvent;
  const begun: Given = [...paged, [at(1), checklistEvent]];
  const tick = (step: number, isDone = true, by = ada): IncidentCommand => ({
    kind: 'tick-step',
    runbookId: 'restore',
    step,
    isDone,
    by,
  });

  it('is begun once, and not after the resolve', () => {
    const start: IncidentCommand = { kind: 'start-checklist', checklist };
    expect(given(paged, start, at(5)).incident.checklists).toHaveLength(1);
    expect(given(begun, start, at(5)).message).toBe(
      'The checklist Restore from a backup was begun already.',
    );
    expect(given(resolvedByHand, start).message).toBe(
      'The incident is resolved; reopen it to begin a checklist.',
    );
  });

  it('is ticked by people, step by step', () => {
    const { incident } = given(begun, tick(0), at(5));
    expect(incident.checklists[0]?.steps).toEqual([
      { text: 'Stop the writers', done: { by: 'Ada (api)', atMs: at(5) } },
      { text: 'Restore', done: null },
    ]);
    const { decided } = decide(incident, tick(0, false), context(at(6)));
    expect(decided.incident.checklists[0]?.steps[0]?.done).toBeNull();
  });

  it.each([
    [begun, tick(2), 'The checklist has steps 1 to 2; 3 was ticked.'],
    [begun, tick(0, false), 'Step 1 is not done.'],
    [begun, tick(0, true, source), 'Only people tick the steps of a checklist.'],
    [paged, tick(0), 'The incident has no checklist restore. It has none.'],
  ])('says what could be ticked: %#', (events, command, message) => {
    expect(given(events, command, at(5)).message).toBe(message);
  });
});
