import { describe, expect, it } from 'vitest';
import { decide } from '../../../lib/domain/incident/decide.ts';
import type { Incident } from '../../../lib/domain/incident/state.ts';
import { compare, missingThere, type TheirState } from '../../../lib/domain/reconcile/compare.ts';
import type { EpochMs } from '../../../lib/domain/shared/time.ts';
import { ada, at, bob, context, fold, paged } from './samples.ts';

const nowMs = at(60);

/** Paged at the opening; acknowledged here after 10 min, resolved here after 20. */
const triggered = fold(paged);
const after = (incident: Incident, min: number, kind: 'acknowledge' | 'resolve'): Incident => {
  const occurredAtMs = at(min);
  const command =
    kind === 'acknowledge'
      ? ({ kind, by: ada, occurredAtMs } as const)
      : ({ kind, cause: 'person', by: ada, note: '', occurredAtMs } as const);
  const { decided } = decide(incident, command, context(at(min)));
  return { ...decided.incident, intents: [] };
};
const acknowledged = after(triggered, 10, 'acknowledge');
const resolved = after(triggered, 20, 'resolve');

const theirs = (
  status: TheirState['status'],
  changedAtMs: EpochMs,
  createdAtMs: EpochMs = at(0),
): TheirState => ({ status, changedAtMs, createdAtMs });

const outcome = (ours: Incident, of: TheirState): string => {
  const difference = compare({ ours, theirs: of, by: bob, nowMs });
  if (difference.kind === 'none') return 'none';
  return difference.kind === 'ours'
    ? `tell them ${difference.repair.to}${difference.repair.isMissing ? ' anew' : ''}`
    : difference.commands.map(({ kind }) => kind).join(', ');
};

describe('both sides of an incident', () => {
  it.each<[string, Incident, TheirState, string]>([
    ['equal', triggered, theirs('triggered', at(0)), 'none'],
    ['acknowledged there', triggered, theirs('acknowledged', at(5)), 'acknowledge'],
    ['acknowledged before our page', triggered, theirs('acknowledged', at(-5)), 'none'],
    ['resolved there', triggered, theirs('resolved', at(5)), 'resolve'],
    ['resolved before our page', triggered, theirs('resolved', at(-5)), 'tell them triggered anew'],
    ['both acknowledged', acknowledged, theirs('acknowledged', at(3)), 'none'],
    ['taken back there', acknowledged, theirs('triggered', at(15)), 'unacknowledge'],
    ['never heard of ours', acknowledged, theirs('triggered', at(0)), 'tell them acknowledged'],
    ['resolved there by then', acknowledged, theirs('resolved', at(15)), 'resolve'],
    [
      'resolved before our page',
      acknowledged,
      theirs('resolved', at(-5)),
      'tell them acknowledged anew',
    ],
    ['both resolved', resolved, theirs('resolved', at(3)), 'none'],
    ['our resolve never came', resolved, theirs('acknowledged', at(5)), 'tell them resolved'],
    ['reopened there', resolved, theirs('triggered', at(30)), 'reopen'],
    ['reopened and taken there', resolved, theirs('acknowledged', at(30)), 'reopen, acknowledge'],
    ['a new one after ours', resolved, theirs('triggered', at(30), at(25)), 'tell them resolved'],
  ])('%s', (_what, ours, of, expected) => {
    expect(outcome(ours, of)).toBe(expected);
  });

  it('counts an instant that PagerDuty cut to a whole second', () => {
    const ours = { ...triggered, triggerAskedAtMs: at(0, 700) };
    const found = compare({ ours, theirs: theirs('acknowledged', at(0)), by: bob, nowMs });
    expect(found).toMatchObject({ commands: [{ occurredAtMs: at(0, 700) }] });
  });

  it('never counts an instant that has not come yet', () => {
    const of = theirs('acknowledged', at(90));
    const found = compare({ ours: triggered, theirs: of, by: bob, nowMs });
    expect(found).toMatchObject({ commands: [{ occurredAtMs: nowMs }] });
  });

  it('pages anew for what PagerDuty does not have, unless it is over', () => {
    expect(missingThere(triggered)).toMatchObject({ repair: { to: 'triggered', isMissing: true } });
    expect(missingThere(resolved)).toEqual({ kind: 'none' });
  });
});

describe('telling PagerDuty again', () => {
  const repair = (
    ours: Incident,
    to: 'triggered' | 'acknowledged' | 'resolved',
    isMissing = false,
  ) =>
    decide(
      ours,
      { kind: 'repair-page', to, isMissing, reason: 'it is not there' },
      context(at(21)),
    );

  it.each([
    [triggered, 'triggered', true, ['trigger']],
    [acknowledged, 'acknowledged', false, ['acknowledge']],
    [acknowledged, 'acknowledged', true, ['trigger', 'acknowledge']],
    [resolved, 'resolved', false, ['resolve']],
  ] as const)('%#: asks for what is missing', (ours, to, isMissing, actions) => {
    const { decided, outcome: done } = repair(ours, to, isMissing);
    expect(done.ok).toBe(true);
    const asked = decided.events.flatMap((event) =>
      event.type === 'page.requested' && event.channel === 'pagerduty' ? event.action : [],
    );
    expect(asked.slice(-actions.length)).toEqual(actions);
  });

  it('does not when it is no longer so, or on its way', () => {
    expect(repair(resolved, 'triggered').outcome).toMatchObject({ error: { kind: 'not_allowed' } });
    const { decided } = repair(triggered, 'triggered', true);
    expect(repair(decided.incident, 'triggered', true).outcome).toMatchObject({
      error: { kind: 'already' },
    });
  });
});
