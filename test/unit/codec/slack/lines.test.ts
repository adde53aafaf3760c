import { describe, expect, it } from 'vitest';
import { packed } from '../../../../lib/codec/slack/pack.ts';
import { createSlackRenderer } from '../../../../lib/codec/slack/renderer.ts';
import { bold, text, time } from '../../../../lib/domain/announce/phrase.ts';
import type { Line, Tone } from '../../../../lib/domain/announce/renderer.ts';
import { slackTenant } from '../../../property/slack/scenes.ts';
import { at, fold, paged } from '../../domain/samples.ts';
import { spoken } from './spoken.ts';

const chat = createSlackRenderer([]);
const incident = fold(paged);

const line = (seq: number, words: string, tone: Tone = 'plain'): Line => ({
  seq,
  atMs: at(seq),
  tone,
  phrase: [text(words)],
});

const input = (...lines: readonly Line[]) => ({ incident, tenant: slackTenant, lines });

describe('lines in the thread', () => {
  it('are a sentence where there is one', () => {
    const said: Line = {
      ...line(1, '', 'warning'),
      phrase: [bold('Response'), text(' is due at '), time(at(60)), text('.')],
    };
    const message = chat.lines(input(said));
    const due = `<!date^${at(60) / 1000}^{date_short_pretty} at {time}|2026-05-12 04:00 UTC>`;
    expect(spoken(message)).toEqual([`⚠️ *Response* is due at ${due}.`]);
    expect(message.text).toBe(`P1 ⚠️ *Response* is due at ${due}.`);
  });

  it('have the time of day where there are several', () => {
    expect(spoken(chat.lines(input(line(1, 'one'), line(2, 'two', 'good'))))).toEqual([
      `<!date^${at(1) / 1000}^{time}|03:01 UTC> one\n<!date^${at(2) / 1000}^{time}|03:02 UTC> ✅ two`,
    ]);
  });

  it('that come late are told as such, with the day', () => {
    const message = chat.catchUp({ ...input(line(1, 'one')), sinceMs: at(-60) });
    expect(message.text).toBe(
      '🟠 P1 TRIGGERED · CheckoutDown (checkout, production): 1 entry to catch up',
    );
    expect(spoken(message)).toEqual([
      `*Slack could not be reached* since <!date^${at(-60) / 1000}^{date_short_pretty} at {time}|2026-05-12 02:00 UTC>. Meanwhile:`,
      `<!date^${at(1) / 1000}^{date_short_pretty} at {time}|2026-05-12 03:01 UTC> one`,
    ]);
  });

  it('are cut from the front where there are too many', () => {
    const lines = Array.from({ length: 400 }, (_, seq) => line(seq, `${seq} ${'x'.repeat(300)}`));
    const words = spoken(chat.lines(input(...lines)));
    expect(words.length).toBe(13);
    expect(words[0]).toMatch(/^\d+ earlier: see the console$/);
    expect(words.at(-1)).toContain('399 x');
    expect(words.join(' ')).not.toContain(' 0 x');
  });
});

describe('packed', () => {
  it.each([
    [[], 0, 0],
    [['a', 'b'], 1, 0],
    [['a'.repeat(1_500), 'b'.repeat(1_499)], 1, 0],
    [['a'.repeat(1_500), 'b'.repeat(1_500)], 2, 0],
    [Array.from({ length: 12 }, () => 'a'.repeat(3_000)), 12, 0],
    [Array.from({ length: 14 }, () => 'a'.repeat(3_000)), 12, 2],
    [['short', ...Array.from({ length: 13 }, () => 'a'.repeat(3_000))], 12, 2],
  ])('puts lines into sections', (lines, sections, leftOut) => {
    const result = packed(lines);
    expect([result.texts.length, result.leftOut]).toEqual([sections, leftOut]);
  });
});

describe('the summary after an outage', () => {
  it('says from when to when, and what came of it', () => {
    const outage = { tenant: slackTenant, fromMs: at(0), untilMs: at(360), opened: 1, resolved: 0 };
    const message = chat.summary({ ...outage, isPartial: true, incidents: [incident] });
    expect(message.text).toBe(
      'Slack could be reached again: at least 1 incident opened, at least 0 resolved',
    );
    expect(spoken(message)[1]).toContain(
      ': at least 1 incident opened, at least 0 resolved. Paging went on meanwhile.',
    );
    expect(spoken(message)[2]).toBe(
      '🟠 P1 TRIGGERED · CheckoutDown (checkout, production) (abcde-1234567)',
    );
    expect(spoken(chat.summary({ ...outage, isPartial: false, incidents: [] }))).toHaveLength(2);
  });
});
