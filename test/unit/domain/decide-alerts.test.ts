import { describe, expect, it } from 'vitest';
import type { AttachAlerts, Attachment } from '../../../lib/domain/incident/command.ts';
import type { IncidentOpened } from '../../../lib/domain/incident/event.ts';
import { decideOpen } from '../../../lib/domain/incident/decide.ts';
import type { Severity } from '../../../lib/domain/policy/policy.ts';
import type { Classified } from '../../../lib/domain/severity/classify.ts';
import { minutes, type EpochMs } from '../../../lib/domain/shared/time.ts';
import {
  acknowledged,
  at,
  attached,
  context,
  fold,
  justOpened,
  lifecycle,
  of,
  opened,
  paged,
  resolvedByHand,
  source,
  t0,
  totals,
  when,
  withLifecycle,
  type Given,
} from './samples.ts';

const contentOf = ({ type: _type, ...content }: ReturnType<typeof attached>): Attachment => content;

const attach = (
  of: Partial<Attachment>,
  more: Partial<Pick<AttachAlerts, 'candidate' | 'reopen'>> = {},
): AttachAlerts => ({
  kind: 'attach',
  attached: contentOf(attached(of)),
  candidate: null,
  reopen: null,
  ...more,
});

const classified = (severity: Severity): Classified => ({
  severity,
  reason: { rule: 'r', text: 'because' },
});

const open = (content: Partial<Attachment> = {}, more: Partial<IncidentOpened> = {}) => {
  const { type: _type, ...facts } = opened(more);
  return decideOpen(
    {
      kind: 'open',
      tenant: 'acme',
      incidentId: 'abcde-1234567',
      opened: facts,
      attached: contentOf(attached(content)),
    },
    context(t0),
  );
};

const typesOf = (events: readonly { readonly type: string }[]): readonly string[] =>
  events.map(({ type }) => type);

const settling: Given = [
  ...paged,
  [at(5), attached({ totals: totals(0, 1) })],
  [at(5), { type: 'incident.settling', untilMs: at(7) }],
];

describe('open', () => {
  it('records the alerts and asks for a page', () => {
    const { events, incident } = open();

    expect(events).toEqual(justOpened.map(([, event]) => event));
    expect(incident).toEqual(fold(justOpened));
    expect(incident).toMatchObject({ state: 'triggered', trigger: 'requested', version: 3 });
  });

  it('pages nobody for what was over on arrival', () => {
    const { events, incident } = open({ totals: totals(0, 1) });

    expect(typesOf(events)).toEqual([
      'incident.opened',
      'alerts.attached',
      'sla.stopped',
      'sla.met',
      'incident.resolved',
    ]);
    expect(incident).toMatchObject({ state: 'resolved', cause: 'source', intents: [] });
  });

  it.each<[boolean, EpochMs | undefined, string]>([
    [true, at(-2), 'a summary stands for pages of before'],
    [false, undefined, 'what a source says of the beginning is not about our page'],
  ])('of an operator incident (%s) owes its page since %s: %s', (isOperator, owedSinceMs) => {
    const alerts = [at(-1), at(-2), at(1)].map((startsAtMs, index) => ({
      fingerprint: `held ${index}`,
      startsAtMs,
      status: 'firing' as const,
      name: 'PageStorm',
      summary: 'too many',
    }));
    const { events } = open({ alerts }, { isOperator });

    expect(of(events, 'page.requested').map((page) => page.owedSinceMs)).toEqual([owedSinceMs]);
  });

  it('pages when nothing known fires, but the source left alerts out', () => {
    const { incident } = open({ totals: totals(0, 1), truncatedAlerts: 4 });

    expect(incident).toMatchObject({ state: 'triggered', trigger: 'requested' });
  });
});

describe('attach', () => {
  it('records what changed, and no page: the incident has one', () => {
    const command = attach({ totals: totals(2) });
    const { then, incident } = when(paged, command, { nowMs: at(5) });

    expect(then).toEqual([{ type: 'alerts.attached', ...command.attached }]);
    expect(incident.totals).toEqual(totals(2));
  });

  it.each<[Severity, Severity, string]>([
    ['P0', 'P0', 'graver'],
    ['P1', 'P1', 'the same'],
    ['P2', 'P1', 'only people lower'],
  ])('of a %s alert leaves a P1 incident at %s: %s', (candidate, severity) => {
    const command = attach({ totals: totals(2) }, { candidate: classified(candidate) });
    const { then, incident } = when(paged, command, { nowMs: at(5) });

    expect(incident.severity).toBe(severity);
    expect(typesOf(then).includes('severity.changed')).toBe(severity !== 'P1');
  });

  it('settles for the resolve delay once nothing fires', () => {
    const { then, incident } = when(paged, attach({ totals: totals(0, 1) }), { nowMs: at(5) });

    expect(then[1]).toEqual({ type: 'incident.settling', untilMs: at(7) });
    expect(incident).toMatchObject({ state: 'triggered', settleAtMs: at(7) });
  });

  it('resolves at once without a resolve delay', () => {
    const policy = withLifecycle({ resolveDelayMs: minutes(0) });
    const command = attach({ totals: totals(0, 1) });
    const { incident } = when(paged, command, { nowMs: at(5), policy });

    expect(incident).toMatchObject({ state: 'resolved', cause: 'source', resolvedBy: lifecycle });
  });

  it('never settles on a list that the source cut', () => {
    const command = attach({ totals: totals(0, 1), truncatedAlerts: 1 });
    const first = when(paged, command, { nowMs: at(5) });
    expect(typesOf(first.then)).toEqual(['alerts.attached']);

    const later = when(
      [...paged, [at(5), attached(command.attached)]],
      { kind: 'wake' },
      {
        nowMs: at(9),
      },
    );
    expect(later.then).toEqual([]);
  });

  it('a cut list ends a settling that had begun', () => {
    const command = attach({ totals: totals(0, 2), truncatedAlerts: 1 });
    const { then } = when(settling, command, { nowMs: at(6) });

    expect(typesOf(then)).toEqual(['alerts.attached', 'incident.unsettled']);
  });

  it('goes on when an alert fires again before the delay ended', () => {
    const { then, incident } = when(settling, attach({ totals: totals(1, 2) }), {
      nowMs: at(7, -1),
    });

    expect(typesOf(then)).toEqual(['alerts.attached', 'incident.unsettled']);
    expect(incident).toMatchObject({ state: 'triggered', settleAtMs: null });
  });

  it('does not move the end of a settling that has begun', () => {
    const { then, incident } = when(settling, attach({ totals: totals(0, 2) }), { nowMs: at(6) });

    expect(typesOf(then)).toEqual(['alerts.attached']);
    expect(incident).toMatchObject({ settleAtMs: at(7) });
  });

  it.each([
    [at(7, -1), 'triggered', '1 ms before the end of the delay'],
    [at(7), 'resolved', 'exactly at its end'],
    [at(90), 'resolved', 'long after: the wake-up was late'],
  ])('at %i the settling incident is %s: %s', (nowMs, state) => {
    expect(when(settling, { kind: 'wake' }, { nowMs }).incident.state).toBe(state);
  });

  it('settles an acknowledged incident, too, and an acknowledgement keeps the settling', () => {
    const { incident } = when(acknowledged, attach({ totals: totals(0, 1) }), { nowMs: at(12) });
    expect(incident).toMatchObject({ state: 'acknowledged', settleAtMs: at(14) });
  });

  it('reopens a resolved incident when the plan says so', () => {
    const command = attach({ totals: totals(2) }, { reopen: 'it fired again' });
    const { then, incident } = when(resolvedByHand, command, { nowMs: at(25) });

    expect(then).toMatchObject([
      { type: 'alerts.attached' },
      { type: 'incident.reopened', by: source, reason: 'it fired again', occurredAtMs: at(25) },
      { type: 'sla.clock_started', clock: 'resolution', version: 1 },
      { type: 'sla.clock_started', clock: 'response', version: 2 },
      {
        type: 'page.requested',
        purpose: 'open',
        action: 'trigger',
        text: 'reopened: it fired again',
      },
    ]);
    expect(incident).toMatchObject({ state: 'triggered', reopenCount: 1 });
  });

  it('reopens with the graver severity in one decision', () => {
    const command = attach({ totals: totals(2) }, { reopen: 'again', candidate: classified('P0') });
    const { incident } = when(resolvedByHand, command, { nowMs: at(25) });

    expect(incident).toMatchObject({
      severity: 'P0',
      response: { severity: 'P0', targetMs: minutes(15) },
      resolution: { severity: 'P0', targetMs: minutes(60) },
    });
  });

  it('leaves a resolved incident resolved when the plan does not reopen it', () => {
    const { then, incident } = when(resolvedByHand, attach({ totals: totals(0, 1) }), {
      nowMs: at(25),
    });

    expect(typesOf(then)).toEqual(['alerts.attached']);
    expect(incident.state).toBe('resolved');
  });
});
