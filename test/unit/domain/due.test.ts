import { describe, expect, it } from 'vitest';
import { dueDifference, dueRows, nameOf, type DueAt } from '../../../lib/domain/incident/due.ts';
import type { EpochMs } from '../../../lib/domain/shared/time.ts';
import {
  acknowledged,
  at,
  attached,
  fold,
  justOpened,
  paged,
  requested,
  resolvedByHand,
  t0,
  totals,
  type Given,
} from './samples.ts';

const row = (dueAtMs: EpochMs, of: DueAt['row']): DueAt => ({
  tenant: 'acme',
  incidentId: 'abcde-1234567',
  dueAtMs,
  row: of,
});
const timer = (name: 'response' | 'resolution' | 'settle', dueAtMs: EpochMs): DueAt =>
  row(dueAtMs, { kind: 'timer', name });
const page = (intentId: string, dueAtMs: EpochMs): DueAt =>
  row(dueAtMs, { kind: 'intent', intentId });

const retried: Given = [
  ...justOpened,
  [
    at(0, 1),
    {
      type: 'page.attempt_failed',
      intentId: 'p3',
      channel: 'pagerduty',
      attempt: 1,
      failure: 'HTTP 500',
      wasRejected: false,
      retryAtMs: at(0, 5000),
    },
  ],
];
const settling: Given = [
  ...paged,
  [at(5), attached({ totals: totals(0, 1) })],
  [at(5), { type: 'incident.settling', untilMs: at(7) }],
];
const lastStages: Given = [
  ...paged,
  ...(['response', 'resolution'] as const).map(
    (clock) =>
      [
        at(900),
        { type: 'sla.stage_reached', clock, version: 1, pct: 200, dueAtMs: at(900) },
      ] as const,
  ),
];
const following: Given = [
  ...resolvedByHand,
  [at(20), requested({ intentId: 'p8', action: 'resolve', notBeforeMs: at(20, 10_000) })],
];

describe('dueRows', () => {
  const both = [timer('response', at(30)), timer('resolution', at(120))];

  it.each<[Given, readonly DueAt[], string]>([
    [justOpened, [...both, page('p3', t0)], 'the next stage of both clocks, and the page'],
    [paged, both, 'an accepted page is done'],
    [retried, [...both, page('p3', at(0, 5000))], 'a page moves to its next attempt'],
    [acknowledged, [timer('resolution', at(120))], 'a met clock waits for nothing'],
    [settling, [...both, timer('settle', at(7))], 'the end of the resolve delay'],
    [lastStages, [], 'no stage is left'],
    [resolvedByHand, [], 'nothing wakes what is over'],
    [following, [page('p8', at(20, 10_000))], 'but its pages are still sent'],
  ])('are a projection of the incident: %#', (given, rows) => {
    expect(dueRows(fold(given))).toEqual(rows);
  });
});

describe('dueDifference', () => {
  it('of a new incident adds all its rows', () => {
    const incident = fold(justOpened);
    expect(dueDifference(null, incident)).toEqual({ added: dueRows(incident), removed: [] });
  });

  it('of an incident with itself is nothing', () => {
    const incident = fold(settling);
    expect(dueDifference(incident, incident)).toEqual({ added: [], removed: [] });
  });

  it('moves a row by writing another: the instant is part of its name', () => {
    expect(dueDifference(fold(justOpened), fold(retried))).toEqual({
      added: [page('p3', at(0, 5000))],
      removed: [page('p3', t0)],
    });
  });

  it('removes what is over', () => {
    const { added, removed } = dueDifference(fold(paged), fold(resolvedByHand));
    expect([added.length, removed.map(nameOf)]).toEqual([0, dueRows(fold(paged)).map(nameOf)]);
  });
});
