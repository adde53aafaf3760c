import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownPath } from '../../../lib/console/html.ts';
import { renderMrkdwn } from '../../../lib/local/sandbox/slack/view/mrkdwn.ts';

const names = {
  userName: () => undefined,
  channelName: () => undefined,
  channelLink: () => ownPath('/sandbox/slack'),
  readerId: 'U1',
};

const SIGNS = [
  '<',
  '>',
  '&',
  '|',
  '*',
  '_',
  '~',
  '`',
  ':',
  '"',
  "'",
  '@',
  '#',
  '!',
  '^',
  '=',
  ' ',
  '\n',
];

/** Text in which everything that means something in mrkdwn or in HTML is likely. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: fc.constantFrom(...SIGNS), minLength: 1, maxLength: 3 }),
      fc.constantFrom(
        '<@U1>',
        '<!here>',
        '<!date^1^{time}|',
        '```',
        '<script>',
        ' onclick=',
        '&gt; ',
      ),
      fc.constantFrom('https://a.example', 'javascript:', '<https://a.example|', '&lt;', ':fire:'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

/** Every tag that the view may be made of, with every attribute. */
const ALLOWED = [
  /^<\/?(?:strong|em|s|code|pre|blockquote|span|time|a)>$/,
  /^<span class="mention(?: me)?">$/,
  /^<a href="(?:https?:\/\/[^"<>\s]*|\/sandbox\/slack)"(?: target="_blank" rel="noopener noreferrer")?>$/,
  /^<time datetime="[^"<>]*" data-date="\d+" data-format="[^"<>]*">$/,
];

describe('mrkdwn in the view', () => {
  it('is never more than the markup of mrkdwn, whatever the text', () => {
    fc.assert(
      fc.property(hostile, fc.boolean(), (text, isVerbatim) => {
        const html = renderMrkdwn(text, names, { isVerbatim }).text;
        const tags = (html.match(/<[^>]*>?/g) ?? []).map((tag) =>
          tag.replace(/\s+/g, ' ').replace(' >', '>'),
        );
        const strange = tags.filter((tag) => !ALLOWED.some((allowed) => allowed.test(tag)));
        expect(strange).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('closes what it opens, in order', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const open: string[] = [];
        for (const [, end, name = ''] of renderMrkdwn(text, names).text.matchAll(
          /<(\/?)([a-z]+)[^>]*>/g,
        )) {
          if (end === '') open.push(name);
          else expect(open.pop()).toBe(name);
        }
        expect(open).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});
