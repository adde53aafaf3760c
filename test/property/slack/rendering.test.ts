import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSlackRenderer } from '../../../lib/codec/slack/renderer.ts';
import { createReplyRenderer } from '../../../lib/codec/slack/reply.ts';
import type { ChatMessage } from '../../../lib/domain/announce/message.ts';
import type { Incident } from '../../../lib/domain/incident/state.ts';
import { formFields, type FormName } from '../../../lib/domain/verbs/form.ts';
import { messageBlocks } from '../../../lib/local/sandbox/slack/blocks/blocks.ts';
import { view as viewCheck } from '../../../lib/local/sandbox/slack/blocks/view.ts';
import { at } from '../../unit/domain/samples.ts';
import { endless, hostile } from './hostile.ts';
import { skeletonOf } from './mrkdwn-tokens.ts';
import {
  actingTenant,
  asksWith,
  consoleUrl,
  formWith,
  incidentWith,
  linesWith,
  ownControl,
  phraseWith,
  slackTenant,
  states,
  type Taint,
} from './scenes.ts';

const chat = createSlackRenderer(['console.example']);
const replies = createReplyRenderer(['console.example']);

type Render = (state: Incident['state'], taint: Taint) => ChatMessage;

const scene = { tenant: actingTenant, consoleUrl };

/** Every kind of message that leaves for Slack. */
const messages: Readonly<Record<string, Render>> = {
  card: (state, taint) =>
    chat.card({ ...scene, incident: incidentWith(state, taint), ownChannel: 'C0OWN' }),
  line: (state, taint) =>
    chat.lines({ ...scene, incident: incidentWith(state, taint), lines: linesWith(taint, 1) }),
  lines: (state, taint) =>
    chat.lines({ ...scene, incident: incidentWith(state, taint), lines: linesWith(taint, 9) }),
  questions: (state, taint) =>
    chat.lines({ ...scene, incident: incidentWith(state, taint), lines: asksWith(taint) }),
  'catch-up with questions': (state, taint) =>
    chat.catchUp({
      ...scene,
      incident: incidentWith(state, taint),
      lines: asksWith(taint),
      sinceMs: at(0),
    }),
  'catch-up': (state, taint) =>
    chat.catchUp({
      ...scene,
      incident: incidentWith(state, taint),
      lines: linesWith(taint, 20),
      sinceMs: at(0),
    }),
  summary: (state, taint) =>
    chat.summary({
      tenant: slackTenant,
      fromMs: at(0),
      untilMs: at(360),
      opened: 2,
      resolved: 1,
      isPartial: false,
      incidents: Array.from({ length: 20 }, () => incidentWith(state, taint)),
    }),
  'reply in words': (state, taint) =>
    replies.message(
      {
        kind: 'refused',
        text: `${taint('a')}\n${taint('b')}`,
        incident: incidentWith(state, taint),
      },
      scene,
    ),
  'reply in lines': (_, taint) =>
    replies.message(
      { kind: 'lines', title: taint('title'), lines: [phraseWith(taint), phraseWith(taint)] },
      scene,
    ),
  'reply with a card': (state, taint) =>
    replies.message(
      { kind: 'card', lead: taint('lead'), incident: incidentWith(state, taint) },
      scene,
    ),
};

/** Every text that Slack reads markup in, of the blocks and beside them. */
function markupsOf({ text, blocks }: ChatMessage): readonly string[] {
  const found: string[] = [text];
  JSON.parse(JSON.stringify(blocks), (_, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    const { type, text: inner, verbatim } = value as Record<string, unknown>;
    if (type === 'mrkdwn') {
      expect(verbatim).toBe(true);
      found.push(String(inner));
    }
    return value;
  });
  return found;
}

/** Texts by the field that they stand in: as many as a scene asks for. */
const taintBy =
  (texts: readonly string[]): Taint =>
  (field) => {
    const sum = Array.from(field).reduce((total, one) => total + (one.codePointAt(0) ?? 0), 0);
    return texts[sum % texts.length] ?? '';
  };

const rows = Object.entries(messages);

describe.each(rows)('%s', (_, render) => {
  it('holds no mention, link or format but its own, whatever the data says (I31)', () => {
    fc.assert(
      fc.property(states, fc.array(hostile, { minLength: 1, maxLength: 7 }), (state, texts) => {
        for (const markup of markupsOf(render(state, taintBy(texts)))) {
          for (const token of skeletonOf(markup)) {
            if (token.kind === 'control') expect(token.body).toMatch(ownControl);
            else expect(token).toEqual({ kind: 'format', character: '*' });
          }
        }
      }),
    );
  });

  it('is laid out the same with any data', () => {
    const harmless = layoutOf(render('triggered', (field) => `x ${field}`));
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 7 }), (texts) => {
        const taint = taintBy(texts);
        const message = render('triggered', (field) => `x ${field} ${taint(field)}`);
        expect(layoutOf(message)).toEqual(harmless);
      }),
      { numRuns: 60 },
    );
  });

  it('is what Slack takes, however long the data is', () => {
    const texts = fc.array(fc.oneof(endless, hostile), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(states, texts, (state, long) => {
        const message = render(state, taintBy(long));
        expect(messageBlocks(message.blocks, '/blocks')).toEqual([]);
        expect(message.text).not.toBe('');
        expect(message.text.length).toBeLessThanOrEqual(4_000);
        expect(JSON.stringify(message).isWellFormed()).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});

/** The controls in their order, without what names a link's target. */
const layoutOf = (message: ChatMessage): readonly string[] =>
  skeletonOf(markupsOf(message).join('\n')).map((token) =>
    token.kind === 'control' ? token.body.replace(/\|.*$/, '') : token.kind,
  );

describe('a form', () => {
  const names = fc.constantFrom(...(Object.keys(formFields) as FormName[]));
  const texts = fc.array(fc.oneof(endless, hostile), { minLength: 1, maxLength: 5 });

  it('is what Slack takes, whatever stands in it', () => {
    fc.assert(
      fc.property(names, states, texts, (name, state, data) => {
        const taint = taintBy(data);
        const incident = name === 'declare' ? null : incidentWith(state, taint);
        const view = replies.form(formWith(name, incident, taint));
        expect(viewCheck(view, '')).toEqual([]);
        expect(JSON.stringify(view)).not.toContain('"mrkdwn"');
      }),
      { numRuns: 200 },
    );
  });
});

describe('a window with a reply', () => {
  it('is what Slack takes, whatever stands in it', () => {
    fc.assert(
      fc.property(states, fc.oneof(endless, hostile), (state, text) => {
        const incident = incidentWith(state, () => text);
        const shown = [
          replies.notice({ kind: 'refused', text, incident }, scene),
          replies.notice({ kind: 'failed', text, why: text }, scene),
          replies.notice({ kind: 'card', lead: text, incident }, scene),
          replies.notice({ kind: 'lines', title: text, lines: [phraseWith(() => text)] }, scene),
        ];
        for (const view of shown) expect(viewCheck(view, '')).toEqual([]);
      }),
    );
  });
});
