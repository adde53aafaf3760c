import { describe, expect, it } from 'vitest';
import { partBlocks } from '../../../../lib/codec/slack/parts.ts';
import { createSlackRenderer } from '../../../../lib/codec/slack/renderer.ts';
import { createReplyRenderer } from '../../../../lib/codec/slack/reply.ts';
import { linesOf } from '../../../../lib/domain/announce/told.ts';
import type { PersonPolicy } from '../../../../lib/domain/policy/policy.ts';
import { stampOf } from '../../../../lib/domain/verbs/stamp.ts';
import { actingTenant, consoleUrl } from '../../../property/slack/scenes.ts';
import {
  changeEvent,
  checklistEvent,
  endedEvent,
  plannedEvent,
  planHash,
} from '../../domain/action-lines.ts';
import { actionId, byAnn, request } from '../../domain/action-samples.ts';
import { commitsOf } from '../../domain/log.ts';
import { ada, at, acknowledged, fold, type Given } from '../../domain/samples.ts';
import { spoken } from './spoken.ts';

const chat = createSlackRenderer(['git.example']);

const person = (name: string): PersonPolicy => ({
  id: name.toLowerCase(),
  name,
  email: null,
  pagerdutyUserId: null,
  slackUserId: `U0${name.toUpperCase()}`,
  logins: [],
  apiNames: [],
  roles: ['approver'],
});
const people = ['Ann', 'Ben', 'Cem'].map(person);

const asked: Given = [
  ...acknowledged,
  [at(11), { type: 'action.requested', actionId, request, origin: byAnn }],
];
const waiting: Given = [...asked, [at(12), plannedEvent]];
const approved: Given = [
  ...waiting,
  [
    at(13),
    {
      type: 'action.approved',
      actionId,
      planHash,
      by: { kind: 'person', via: 'slack', id: 'ben', name: 'Ben' },
      personId: 'ben',
      count: 1,
      needed: 1,
    },
  ],
];

function told(given: Given, of: { readonly after: Given; readonly isLate?: boolean }) {
  const incident = fold(given);
  const { after, isLate = false } = of;
  const telling = { incident, people, onCall: [], sinceSeq: after.length, isLate };
  const lines = linesOf(commitsOf(given), telling);
  return chat.lines({ incident, tenant: actingTenant, lines });
}

const due = (min: number, utc: string): string =>
  `<!date^${at(min) / 1000}^{date_short_pretty} at {time}|2026-05-12 ${utc} UTC>`;

describe('a plan that waits for approval', () => {
  it('is shown with its basis, diff, risks, undo, who may, and until when; it calls them once', () => {
    const message = told(waiting, { after: asked });
    expect(spoken(message)).toEqual([
      [
        '*Roll back Deployment shop/checkout to revision 16* (plan 01234567)',
        plannedEvent.basis,
        '*Change* image: checkout:17 → checkout:16',
        ...plannedEvent.risks.map((risk) => `*Risk* ${risk}`),
        `*Undo* ${plannedEvent.undo}`,
        `⚖️ One person must approve. Ben or Cem may, until ${due(11, '03:11')} <@U0BEN> <@U0CEM>`,
      ].join('\n'),
      '[Approve] [Deny] [Whole plan…]',
    ]);
    expect(message.text).toContain('<@U0BEN> <@U0CEM>');
    expect(JSON.stringify(told(waiting, { after: asked, isLate: true }))).not.toContain('<@');
    expect(JSON.stringify(told(approved, { after: waiting }))).not.toContain('<@');
  });

  it('has buttons that are bound to tenant, incident, action and plan', () => {
    const { id, ...of } = fold(waiting);
    const { blocks } = told(waiting, { after: asked });
    const values = [...JSON.stringify(blocks).matchAll(/"value":("(?:[^"\\]|\\.)*")/g)].map(
      // The text was found by the rules of JSON.
      ([, text = '']) => JSON.parse(JSON.parse(text) as string) as unknown,
    );
    const incident = fold(waiting);
    const bound = { t: of.tenant, i: id, s: stampOf(incident), a: `${actionId} ${planHash}` };
    expect(values).toEqual([bound, bound, bound]);
    expect(JSON.stringify(blocks)).toContain('Approve plan 01234567?');
  });

  it('is a line like others once it is answered, or beside the lines before it', () => {
    expect(spoken(told(approved, { after: asked }))).toEqual([
      expect.stringMatching(
        /Roll back .* may, until .*\n.*✅ Ben approved plan 01234567 \(1 of 1\)/,
      ),
    ]);
    const both = spoken(told(waiting, { after: acknowledged }));
    expect(both[0]).toBe('Ann asks: *Roll back checkout*: errors since the deploy');
    expect(both.at(-1)).toBe('[Approve] [Deny] [Whole plan…]');
  });

  it('is on the card in a line, with the way to it', () => {
    const incident = fold([
      ...waiting,
      [at(12), changeEvent],
      [at(12), checklistEvent],
      [at(12), { type: 'checklist.ticked', runbookId: 'restore', step: 0, isDone: true, by: ada }],
    ]);
    const card = chat.card({ incident, tenant: actingTenant, consoleUrl, ownChannel: null });
    const words = spoken(card);
    expect(words).toContain(
      [
        '⚙️ *Roll back Deployment shop/checkout to revision 16*: plan 01234567 waits, ' +
          `0 of 1 approvals until ${due(11, '03:11')}`,
        '🔎 Likeliest cause (80 %): <https://git.example/c1|Deploy checkout:17> by dot-codes, ' +
          due(-10, '02:50'),
        '☑️ *Restore from a backup*: 1 of 2 done; next: Restore',
      ].join('\n'),
    );
    expect(words.at(-1)).toBe(
      '[Resolve] [Update…] [Note…] [Look at the plan…] [Roll back, scale…] [Checklist…] [menu]',
    );
  });

  it('leaves the card when it is over', () => {
    const incident = fold([...approved, [at(20), endedEvent]]);
    const card = chat.card({ incident, tenant: actingTenant, consoleUrl, ownChannel: null });
    expect(spoken(card).join('\n')).not.toContain('⚙️');
    expect(spoken(card).at(-1)).not.toContain('plan');
  });
});

describe('what becomes of it', () => {
  it.each([
    [
      'started',
      { type: 'action.started', actionId, planHash, fence: 1, locks: [] },
      'Started: *Roll',
    ],
    [
      'the last step',
      { type: 'action.step_applied', actionId, stepId: 's1', knownBy: 'answer', isLast: true },
      'Sent and applied: Roll back Deployment',
    ],
    [
      'converged',
      { type: 'action.converged', actionId, says: '3 of 3' },
      'Converged, its effect is',
    ],
    ['verified', endedEvent, '✅ *Roll back Deployment shop/checkout to revision 16* was verified'],
  ] as const)('%s is a line that names it by what it does', (_, event, words) => {
    const [first = ''] = spoken(told([...approved, [at(14), event]], { after: approved }));
    expect(first).toContain(words);
    expect(first).not.toContain(actionId);
  });
});

describe('a checklist', () => {
  const begun: Given = [...acknowledged, [at(11), checklistEvent]];

  it('has a button for each step that is to be done', () => {
    expect(spoken(told(begun, { after: acknowledged }))).toEqual([
      [
        '*Restore from a backup*: 2 of 2 to do, by people',
        'It never restores by itself.',
        '1. Stop the writers',
        '2. Restore',
      ].join('\n'),
      '[☐ 1. Stop the writers] [☐ 2. Restore] [Checklist…]',
    ]);
  });
});

describe('what is to be read in a window', () => {
  const { form } = createReplyRenderer([]);

  it('stands above its fields as plain text', () => {
    const parts = [
      { name: 'Changes', lines: ['a → *b*', ''] },
      { name: 'Undo', lines: [] },
    ];
    const choices = { answer: [{ value: 'approve', label: 'Approve' }] };
    const incident = fold(waiting);
    const shown = form({
      name: 'plan',
      incident,
      values: {},
      choices,
      occurredAtMs: null,
      parts,
      args: `${actionId} ${planHash}`,
    });
    expect(spoken(shown).slice(1)).toEqual([
      'Changes\na → *b*',
      'Undo',
      'Shall it run?: ___',
      'Why not?: ___',
    ]);
    expect(JSON.stringify(shown)).not.toContain('mrkdwn');
    expect(JSON.stringify(shown)).toContain(planHash);
  });

  it('is whole, however long a line of it is', () => {
    const line = `${'🔥x'.repeat(2_500)}end`;
    const texts = partBlocks([{ name: 'Changes', lines: [line] }]).map(({ text }) => text.text);
    expect(texts.every((text) => text.length <= 3_000 && text.isWellFormed())).toBe(true);
    expect(texts.join('').replace('Changes', '')).toBe(line);
  });

  it('says when there was more than a window holds', () => {
    const parts = Array.from({ length: 99 }, (_, index) => ({ name: `${index}`, lines: ['x'] }));
    const blocks = partBlocks(parts);
    expect(blocks).toHaveLength(61);
    expect(blocks.at(-1)?.text.text).toBe('39 more parts: the console shows all of it.');
  });
});
