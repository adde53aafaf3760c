import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeMarkdown } from '../../../lib/domain/postmortem/escape-markdown.ts';
import { postmortemMarkdown } from '../../../lib/domain/postmortem/markdown.ts';
import { projectPostmortem } from '../../../lib/domain/postmortem/postmortem.ts';
import { canonicalJson } from '../../../lib/domain/shared/json.ts';
import { plainText } from '../../../lib/domain/shared/plain-text.ts';
import { redact } from '../../../lib/domain/shared/redact.ts';
import { commitsOf } from '../../unit/domain/log.ts';
import { ada, at, attached, opened, paged, t0, totals } from '../../unit/domain/samples.ts';

const markup = fc.constantFrom(
  ...['\\', '`', '*', '_', '[', ']', '<', '>', '&', '|', '~', '#', '!', '@', '$', ':', '('],
  ...['://', 'www.', 'Www.', '\n', '\r\n', '\u2028', '\t', '- ', '1. ', '> ', '```', '<!--'],
  ...['](javascript:x)', '![x](http://x.example)', '<script>', '&lt;', ':fire:', '\u202e', '---'],
);
const hostile = fc
  .array(fc.oneof(markup, markup, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 12 })
  .map((parts) => parts.join(''));

/** What is left once every escaped character is taken out. */
const unescaped = (markdown: string): string => markdown.replace(/\\[!-/:-@[-`{-~]/g, '');

const story = (text: string) =>
  commitsOf([
    [t0, opened({ title: text, summary: text, service: text, team: text, environment: text })],
    [
      t0,
      attached({
        sourceId: text,
        services: [text],
        totals: totals(1),
        alerts: [
          { fingerprint: text, startsAtMs: t0, status: 'firing', name: text, summary: text },
        ],
      }),
    ],
    ...paged.slice(2),
    [at(1), { type: 'note.added', by: { kind: 'person', via: 'api', id: text, name: text }, text }],
    [at(2), { type: 'pager.activity', activity: text, by: ada, occurredAtMs: at(2), text }],
  ]);

const markdownOf = (text: string): string => {
  const projected = projectPostmortem(story(text));
  if (projected === null) throw new Error('There is a log.');
  return postmortemMarkdown(projected);
};

describe('escapeMarkdown', () => {
  it('leaves nothing that means anything', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const left = unescaped(escapeMarkdown(text));
        expect(left).not.toMatch(/[\\`*_[\]<>&|~#!@$]/);
        expect(left).not.toMatch(/:\/\/|www\./i);
        expect(left).not.toMatch(/[\n\r\t\u2028\u2029\u202e]/);
      }),
      { numRuns: 1000 },
    );
  });

  it('shows the text that came', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = escapeMarkdown(text).replace(/\\([!-/:-@[-`{-~])/g, '$1');
        expect(shown).toBe(plainText(redact(text)));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a post-mortem', () => {
  it('has the same structure whatever the texts say', () => {
    const shape = (markdown: string): readonly string[] =>
      markdown.split('\n').map((line) => {
        const begin = /^(?:#+ |- |\| |_|$)?/.exec(line)?.[0] ?? '';
        return `${begin}${unescaped(line).replace(/[^|]/g, '')}`;
      });
    const expected = shape(markdownOf('x'));
    fc.assert(
      fc.property(hostile, (text) => {
        // A line that is no item begins with words of ours, or it would show up in the shape.
        expect(shape(markdownOf(text))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});

const reordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).toReversed();
  return Object.fromEntries(members.map(([key, member]) => [key, reordered(member)]));
};

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .uniqueArray(
        fc.tuple(
          fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '10', '9')),
          tie('value'),
        ),
        { maxLength: 5, selector: ([key]) => key },
      )
      .map((members) => Object.fromEntries(members)),
  ),
})).value;

describe('canonicalJson', () => {
  it('is the same whatever the order of the keys', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(reordered(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(value);
      }),
    );
  });

  it('leaves out what is undefined, as JSON does', () => {
    expect(canonicalJson({ b: undefined, a: [undefined, 1] })).toBe('{"a":[null,1]}');
  });
});
