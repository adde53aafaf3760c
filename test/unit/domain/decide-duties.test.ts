import { describe, expect, it } from 'vitest';
import { dueRows } from '../../../lib/domain/incident/due.ts';
import type { IncidentCommand } from '../../../lib/domain/incident/command.ts';
import type { IncidentEvent } from '../../../lib/domain/incident/event.ts';
import { minutes, type EpochMs } from '../../../lib/domain/shared/time.ts';
import {
  acknowledged,
  ada,
  at,
  attached,
  bob,
  fold,
  of,
  owing,
  paged,
  resolvedByHand,
  totals,
  when,
  type Given,
} from './samples.ts';

const wake: IncidentCommand = { kind: 'wake' };
const owingOpen = owing(paged);
const owingAcknowledged = owing(acknowledged);
const owingResolved = owing(resolvedByHand);

/** The incident after it was woken at these instants, one after the other. */
const wokenAt = (given: Given, ...instants: readonly EpochMs[]): Given =>
  instants.reduce<Given>((before, nowMs) => {
    const { then } = when(before, wake, { nowMs });
    return [...before, ...then.map((event) => [nowMs, event] as const)];
  }, given);

const timers = (given: Given): Readonly<Record<string, number>> =>
  Object.fromEntries(
    dueRows(fold(given)).flatMap(({ row, dueAtMs }) =>
      row.kind === 'timer' ? [[row.name, dueAtMs]] : [],
    ),
  );

const raised = (atMs: EpochMs, to: 'P0' | 'P2'): readonly [EpochMs, IncidentEvent] => [
  atMs,
  {
    type: 'severity.changed',
    from: 'P1',
    to,
    reason: { rule: 'person', text: 'so' },
    by: ada,
  },
];

describe('a stakeholder update', () => {
  it('is due 15 minutes after the opening, and again until stakeholders are told', () => {
    expect(timers(owingOpen)).toMatchObject({ update: at(15) });
    const first = wokenAt(owingOpen, at(15));
    expect(first.at(-1)).toEqual([at(15), { type: 'update.due', dueAtMs: at(15) }]);
    // The page of the response clock's first stage is due at 30, and one wake-up does for both.
    expect(fold(first).updateDueAtMs).toBe(at(30));
    expect(fold(wokenAt(first, at(30))).updateDueAtMs).toBe(at(45));
  });

  it('that nobody reminded of in time is reminded of once, and then keeps its rhythm', () => {
    const late = wokenAt(owingOpen, at(52));

    expect(late.filter(([, { type }]) => type === 'update.due')).toEqual([
      [at(52), { type: 'update.due', dueAtMs: at(15) }],
    ]);
    expect(fold(late).updateDueAtMs).toBe(at(60));
  });

  it('is not due once it is resolved, and is again after a reopen', () => {
    expect(fold(owingResolved).updateDueAtMs).toBeNull();
    const reopen = { kind: 'reopen', by: ada, reason: 'no', occurredAtMs: at(40) } as const;
    const { incident } = when(owingResolved, reopen, { nowMs: at(40) });
    expect(incident.updateDueAtMs).toBe(at(55));
  });

  it('follows the severity: never later for a graver one, not at all for P2', () => {
    expect(fold([...owingOpen, raised(at(10), 'P0')]).updateDueAtMs).toBe(at(15));
    expect(fold([...owingOpen, raised(at(10), 'P2')]).updateDueAtMs).toBeNull();
    const promised: Given = [
      ...owingOpen,
      raised(at(10), 'P2'),
      [
        at(11),
        {
          type: 'update.published',
          by: ada,
          issue: 'x',
          impact: '',
          actions: '',
          estimate: '',
          nextDueAtMs: at(31),
        },
      ],
    ];
    // What a person promised is reminded of in the rhythm of the promise.
    expect(fold(promised).updateDueAtMs).toBe(at(31));
    expect(fold(wokenAt(promised, at(31))).updateDueAtMs).toBe(at(51));
  });
});

describe('an acknowledgement', () => {
  const idleAtMs = at(10 + 240);

  it('goes idle when nobody has acted for the time, and somebody is paged anew', () => {
    expect(timers(owingAcknowledged)).toMatchObject({ idle: idleAtMs });
    const before = wokenAt(owingAcknowledged, at(249));
    const { then, incident } = when(before, wake, { nowMs: idleAtMs });

    expect(of(then, 'acknowledgement.idle')).toEqual([
      { type: 'acknowledgement.idle', sinceMs: at(10), afterMs: minutes(240), severity: 'P1' },
    ]);
    expect(of(then, 'sla.clock_started')).toMatchObject([
      { clock: 'response', version: 2, fromMs: idleAtMs, deadlineAtMs: at(250 + 60) },
    ]);
    const text = 'acknowledged by Ada (api), and nobody has acted for 4 h';
    expect(of(then, 'page.requested')).toMatchObject([
      { channel: 'pagerduty', action: 'trigger', purpose: 'open', text },
      { channel: 'rest', action: 'retrigger', text },
    ]);
    expect(incident).toMatchObject({ state: 'triggered', trigger: 'requested' });
    expect(
      when([...before, ...then.map((e) => [idleAtMs, e] as const)], wake, { nowMs: idleAtMs }).then,
    ).toEqual([]);
  });

  it('stays as long as people act, by whatever channel', () => {
    const acts: Given = [
      ...owingAcknowledged,
      [at(100), { type: 'note.added', by: bob, text: 'still on it' }],
    ];
    expect(timers(acts)).toMatchObject({ idle: at(340) });
    const itself = {
      kind: 'person',
      via: 'pagerduty',
      id: 'pagerduty',
      name: 'PagerDuty',
    } as const;
    const automatic: Given = [
      ...acts,
      [
        at(200),
        { type: 'pager.activity', activity: 'x', by: itself, occurredAtMs: at(200), text: '' },
      ],
    ];
    expect(timers(automatic)).toMatchObject({ idle: at(340) });
  });

  it('does not go idle while nothing fires any more, and does when something fires again', () => {
    const settling: Given = [
      ...owingAcknowledged,
      [at(249), attached({ totals: totals(0, 1) })],
      [at(249), { type: 'incident.settling', untilMs: at(251) }],
    ];
    expect(timers(settling)).not.toHaveProperty('idle');
    expect(of(when(settling, wake, { nowMs: idleAtMs }).then, 'acknowledgement.idle')).toEqual([]);
    const { type: _type, ...again } = attached({ totals: totals(1, 2) });
    const attach = { kind: 'attach', attached: again, candidate: null, reopen: null } as const;
    const { then } = when(settling, attach, { nowMs: at(250, 1) });
    expect(of(then, 'acknowledgement.idle')).toHaveLength(1);
  });

  it('asks the second channel when PagerDuty cannot be made to page anew', () => {
    const before = wokenAt(owingAcknowledged, idleAtMs);
    const asked = before
      .flatMap(([, event]) => (event.type === 'page.requested' ? [event] : []))
      .find(({ action }) => action === 'retrigger');
    const supersede = {
      kind: 'supersede-page',
      intentId: asked?.intentId ?? '',
      reason: 'there is no token',
      byIncidentId: null,
    } as const;
    const { then } = when(before, supersede, { nowMs: at(251) });

    expect(of(then, 'page.requested')).toMatchObject([
      { channel: 'fallback', action: 'trigger', purpose: 'primary-silent' },
    ]);
  });
});

describe('what is owed after a resolve', () => {
  it('is a post-mortem within 48 h and a closing after 2 h', () => {
    expect(timers(owingResolved)).toEqual({ postmortem: at(20 + 48 * 60), close: at(140) });
    const closed = wokenAt(owingResolved, at(140));
    expect(closed.at(-1)).toMatchObject([at(140), { type: 'incident.closed', sinceMs: at(20) }]);
    expect(timers(closed)).toEqual({ postmortem: at(20 + 48 * 60) });
    const reminded = wokenAt(closed, at(20 + 48 * 60));
    expect(reminded.at(-1)).toEqual([
      at(20 + 48 * 60),
      { type: 'postmortem.due', dueAtMs: at(20 + 48 * 60) },
    ]);
    expect(timers(reminded)).toEqual({});
    expect(fold(reminded)).toMatchObject({ closedAtMs: at(140), isPostmortemReminded: true });
  });

  it('is no reminder once the post-mortem is done', () => {
    const completed: Given = [
      ...owingResolved,
      [at(30), { type: 'postmortem.completed', by: ada, url: null }],
    ];
    expect(timers(completed)).toEqual({ close: at(140) });
  });

  it('is counted from the resolve under another severity, and reminded of once', () => {
    const reminded = wokenAt(owingResolved, at(20 + 48 * 60));
    expect(timers([...reminded, raised(at(4000), 'P2'), raised(at(4001), 'P0')])).toEqual({});
    expect(timers([...owingResolved, raised(at(30), 'P2')])).toEqual({ close: at(140) });
  });

  it('is nothing after a reopen, closed or not', () => {
    const reopen = { kind: 'reopen', by: ada, reason: 'no', occurredAtMs: at(200) } as const;
    const { then, incident } = when(owingResolved, reopen, { nowMs: at(200) });

    expect(then.slice(0, 2).map(({ type }) => type)).toEqual([
      'incident.closed',
      'incident.reopened',
    ]);
    expect(incident).toMatchObject({
      state: 'triggered',
      closedAtMs: null,
      closeAtMs: null,
      postmortemDueAtMs: null,
    });
  });
});

describe('an incident from before there were duties', () => {
  it.each([[paged], [acknowledged], [resolvedByHand]])('owes nothing: %#', (given) => {
    const { duties, ...facts } = fold(given);
    expect(duties.updateEveryMs).toEqual({ P0: null, P1: null, P2: null });
    expect([facts.updateDueAtMs, facts.closeAtMs, facts.postmortemDueAtMs]).toEqual([
      null,
      null,
      null,
    ]);
    expect(Object.keys(timers(given))).not.toContain('idle');
  });
});
