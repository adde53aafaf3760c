import { describe, expect, it } from 'vitest';
import { actionIdOf, isSamePlan, planHashOf } from '../../../lib/domain/action/action-id.ts';
import { planLines, planText } from '../../../lib/domain/action/plan-text.ts';
import { linesOf } from '../../../lib/domain/announce/told.ts';
import type { IncidentEvent } from '../../../lib/domain/incident/event.ts';
import { actionsMarkdown } from '../../../lib/domain/postmortem/markdown-actions.ts';
import { peopleOf } from '../../../lib/domain/postmortem/people.ts';
import { postmortemJson, projectPostmortem } from '../../../lib/domain/postmortem/postmortem.ts';
import { seconds } from '../../../lib/domain/shared/time.ts';
import { acknowledged, at, digest, fold, type Given } from './samples.ts';
import {
  actionRows,
  changeEvent,
  checklistEvent,
  endedEvent,
  plannedEvent,
} from './action-lines.ts';
import { actionId, bad, byAnn, byRunbook, good, plan, request } from './action-samples.ts';
import { commitsOf } from './log.ts';

const shadowId = 'a00000000000002';

/** Every kind of event once, a shadow besides, all after an acknowledgement. */
const whole: Given = [
  ...acknowledged,
  [at(11), { type: 'action.requested', actionId: shadowId, request, origin: byRunbook('shadow') }],
  [at(11), { ...plannedEvent, actionId: shadowId, expiresAtMs: null }],
  [at(11), { ...endedEvent, actionId: shadowId, state: 'shadow', wasApplied: false }],
  ...actionRows
    .map(([event]) => event)
    .filter((event) => event.type !== 'action.requested' || event.origin.kind === 'person')
    .map((event): Given[number] => [
      at(12),
      event.type === 'action.compared' ? { ...event, actionId: shadowId } : event,
    ]),
];

const postmortem = projectPostmortem(commitsOf(whole));

describe('the post-mortem', () => {
  it('tells of actions, shadows, changes and checklists', async () => {
    if (postmortem === null) throw new Error('There is a log.');
    await expect(`${actionsMarkdown(postmortem)}\n`).toMatchFileSnapshot('./golden/actions.md');
  });

  it('has them as data, with instants that anybody reads', () => {
    if (postmortem === null) throw new Error('There is a log.');
    expect(postmortemJson(postmortem)).toMatchObject({
      actions: [
        { actionId: shadowId, state: 'shadow', comparison: { kind: 'same' } },
        { actionId, state: 'verified', requestedAt: '2026-05-12T03:12:00.000Z' },
      ],
      changes: [{ changeId: 'c1', changedAt: '2026-05-12T02:50:00.000Z' }],
      checklists: [{ steps: [{ done: { by: 'Ada (api)' } }, { done: null }] }],
    });
  });

  it('names those who asked and approved', () => {
    const people = peopleOf(commitsOf(whole));
    expect(people.find(({ id }) => id === 'ann')?.did).toContain('asked for an action (slack)');
    expect(people.find(({ id }) => id === 'ben')?.did).toEqual(['approved an action (slack)']);
  });
});

/** What the chat is told of one event; null for nothing. */
function told(event: IncidentEvent): string | null {
  const [line] = linesOf(commitsOf([...acknowledged, [at(12), event]]), {
    incident: fold([...acknowledged, [at(11), checklistEvent]]),
    people: [
      {
        id: 'ada',
        name: 'Ada',
        email: null,
        pagerdutyUserId: null,
        slackUserId: 'U1',
        logins: [],
        apiNames: [],
        roles: ['responder'],
      },
    ],
    onCall: [],
    sinceSeq: acknowledged.length,
    isLate: false,
  });
  if (line === undefined) return null;
  const words = line.phrase.map((span) => {
    switch (span.kind) {
      case 'text':
      case 'bold':
        return span.text;
      case 'time':
        return 'TIME';
      case 'mention':
        return `@${span.slackUserId}`;
      case 'channel':
        return span.channel;
      case 'link':
        return span.title;
    }
  });
  return `${line.tone}: ${words.join('')}`;
}

describe('the chat', () => {
  it('is told of a plan with who may approve it', () => {
    expect(told(plannedEvent)).toBe(
      'plain: Roll back Deployment shop/checkout to revision 16 (plan 01234567): ' +
        'image: checkout:17 → checkout:16. One person must approve. Ben or Cem may, until TIME',
    );
  });

  it('is told what is left to do, and calls people only when it has not helped', () => {
    expect(told(endedEvent)).toBe(
      `good: Action ${actionId} was verified: All three signals were good for 2 min, ` +
        'in 13 samples in a row.\nStill to do: Revert the change in Git (when the incident is over)',
    );
    const failed = { ...endedEvent, state: 'failed' as const, followUps: [], outcome: 'No.' };
    expect(told(failed)).toBe(`bad: Action ${actionId} failed: No. @U1`);
    expect(told({ ...failed, state: 'refused', wasApplied: false })).not.toContain('@');
  });

  it('is told of a signal only when it turns bad or unknown', () => {
    const sample = { atMs: at(4), workload: good, alert: bad, metric: good };
    const event = { type: 'action.sampled', actionId, sample, wasGood: true } as const;
    expect(told(event)).toMatch(/^bad: Action/);
    expect(told({ ...event, wasGood: false })).toBeNull();
    expect(told({ ...event, sample: { ...sample, alert: good } })).toBeNull();
  });

  it('is told little of shadows', () => {
    const origin = byRunbook('shadow');
    expect(told({ type: 'action.requested', actionId, request, origin })).toBeNull();
    expect(told({ ...plannedEvent, expiresAtMs: null })).toMatch(/^plain: In shadow/);
    expect(told({ ...endedEvent, state: 'shadow' })).toBeNull();
  });

  it('is told of requests, changes and ticks in a line each', () => {
    expect(told({ type: 'action.requested', actionId, request, origin: byAnn })).toBe(
      'plain: Ann asks: Roll back checkout: errors since the deploy',
    );
    expect(told(changeEvent)).toBe(
      'plain: A change of checkout may be the cause (80 %): Deploy checkout:17 by dot-codes, ' +
        'at TIME: it ended 10 min before the first alert',
    );
    const by = byAnn.kind === 'person' ? byAnn.by : null;
    if (by === null) throw new Error('Ann is a person.');
    const tick = {
      type: 'checklist.ticked',
      runbookId: 'restore',
      step: 1,
      isDone: true,
      by,
    } as const;
    expect(told(tick)).toBe('plain: Ann: done: Restore');
  });
});

describe('a plan in words', () => {
  it('says everything that is approved', async () => {
    const lines = planLines(planText(plan(), planHashOf(digest, plan())));
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('./golden/plan.txt');
  });

  it('says what is not known, and what cannot be proven', () => {
    const of = plan({
      authors: null,
      risk: 'irreversible',
      verification: { ...plan().verification, checks: [] },
      owner: { kind: 'helm', name: 'checkout', says: 'Its next release puts it back.' },
      followUps: [{ says: 'Look again', afterMs: seconds(90) }],
    });
    const text = planLines(planText(of, '0'.repeat(64))).join('\n');
    expect(text).toContain('Authors: Not known: one more person must approve.');
    expect(text).toContain('Irreversible: it cannot be undone.');
    expect(text).toContain('Without a check it can never be called verified.');
    expect(text).toContain('Kept by: helm checkout: Its next release puts it back.');
    expect(text).toContain('Afterwards: Look again (after 1 min 30 s)');
  });
});

describe('the names of actions and plans', () => {
  const identity = { tenant: 'acme', incidentId: 'i', request, origin: byAnn, cause: 'c' };

  it('are equal for equal requests alone', () => {
    const id = actionIdOf(digest, identity);
    expect(id).toMatch(/^a[0-9a-f]{15}$/);
    expect(actionIdOf(digest, { ...identity })).toBe(id);
    expect(actionIdOf(digest, { ...identity, cause: 'd' })).not.toBe(id);
  });

  it('are told apart by eight digits or more', () => {
    expect(isSamePlan('0123456789', '01234567')).toBe(true);
    expect(isSamePlan('0123456789', '0123456')).toBe(false);
    expect(isSamePlan('', '')).toBe(false);
  });
});
