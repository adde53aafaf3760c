import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutUnits } from '../../../lib/codec/slack/blocks.ts';
import { allowedLink, linkOrText } from '../../../lib/codec/slack/links.ts';
import { fitted, instant, mention, strong, words } from '../../../lib/codec/slack/mrkdwn.ts';
import { epochMs } from '../../../lib/domain/shared/time.ts';
import { endless, hostile } from './hostile.ts';
import { skeletonOf, spokenOf, tokensOf } from './mrkdwn-tokens.ts';

const roomy = 100_000;

describe('data in a message (I31)', () => {
  it('is text and nothing else', () => {
    fc.assert(
      fc.property(hostile, (data) => {
        expect(skeletonOf(fitted([words(data)], roomy))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('in bold is bold as a whole, and nothing else', () => {
    fc.assert(
      fc.property(hostile, (data) => {
        const markup = fitted([strong(data)], roomy);
        const format = { kind: 'format', character: '*' };
        expect(skeletonOf(markup)).toEqual(markup === '' ? [] : [format, format]);
        expect(markup === '' || /^\*[^*]+\*$/.test(markup)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('beside other data is still text', () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 4 }), (parts) => {
        expect(skeletonOf(fitted(parts.map(words), roomy))).toEqual([]);
      }),
    );
  });

  it('can be read as it was where it holds no control character', () => {
    const plain = fc.string({
      unit: fc.constantFrom(...('aZ9 <>&"\'/:.ü漢🔥'.match(/./gu) ?? [])),
      maxLength: 40,
    });
    fc.assert(
      fc.property(plain, (data) => {
        const oneLine = `x${data}`.replace(/ {2,}/g, ' ');
        expect(spokenOf(fitted([words(`x${data}`)], roomy))).toBe(oneLine);
      }),
    );
  });

  it('keeps the names of metrics', () => {
    expect(fitted([words('node_cpu_seconds_total and a__b')], roomy)).toBe(
      'node_cpu_seconds_total and a__b',
    );
  });
});

describe('a text that is too long', () => {
  const pieces = fc.array(
    fc.oneof(
      fc.oneof(hostile, endless).map(words),
      fc.oneof(hostile, endless).map(strong),
      fc.constantFrom(instant(epochMs(1_778_554_800_000)), mention('U0ADA')),
    ),
    { maxLength: 8 },
  );

  it('is cut between characters, and what was opened is closed', () => {
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 400 }), (parts, max) => {
        const markup = fitted(parts, max);
        expect(markup.length).toBeLessThanOrEqual(max);
        expect(markup.isWellFormed()).toBe(true);
        const skeleton = skeletonOf(markup);
        expect(skeleton.filter(({ kind }) => kind === 'stray' || kind === 'quote')).toEqual([]);
        expect(skeleton.filter(({ kind }) => kind === 'format').length % 2).toBe(0);
        for (const token of tokensOf(markup)) {
          if (token.kind === 'control') expect(token.body).toMatch(/^(?:@U0ADA|!date\^\d+\^.*)$/);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('says so with an ellipsis, and one that fits does not', () => {
    expect(fitted([words('abc'), words('def')], 6)).toBe('abcdef');
    expect(fitted([words('abc'), words('def')], 5)).toBe('abcd…');
    expect(fitted([words('abc'), strong('def')], 5)).toBe('abc…');
    expect(fitted([words('<<<<')], 9)).toBe('&lt;&lt;…');
  });

  it('as plain text is cut between characters too', () => {
    fc.assert(
      fc.property(
        fc.oneof(endless, fc.string({ unit: 'grapheme' })),
        fc.integer({ min: 1, max: 99 }),
        (text, max) => {
          const cut = cutUnits(text.toWellFormed(), max);
          expect(cut.length).toBeLessThanOrEqual(max);
          expect(cut.isWellFormed()).toBe(true);
        },
      ),
    );
  });
});

describe('a link', () => {
  const rules = { hosts: new Set(['wiki.example', 'grafana.example']) };
  const address = fc.oneof(
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc
      .tuple(
        fc.constantFrom(
          'https://wiki.example',
          'http://grafana.example:3000',
          'HTTPS://WIKI.example',
        ),
        hostile,
      )
      .map((parts) => parts.join('/')),
    fc
      .tuple(
        fc.constantFrom(
          'https://wiki.example',
          'https://',
          'javascript:',
          'https:\\\\',
          '//wiki.example',
        ),
        hostile,
      )
      .map((parts) => parts.join('')),
    hostile,
  );

  it('leads to an allowed host, or is none', () => {
    fc.assert(
      fc.property(address, hostile, (url, title) => {
        const markup = fitted([linkOrText(title, url, rules)], roomy);
        const controls = skeletonOf(markup);
        expect(controls.length).toBe(allowedLink(url, rules) === null ? 0 : 1);
        for (const token of controls) {
          const [, href = '', label = ''] =
            (token.kind === 'control' && /^([^|]*)\|([^]*)$/.exec(token.body)) || [];
          expect(href).toMatch(/^https?:\/\/(?:wiki|grafana)\.example(?::\d+)?(?:[/?#]|$)/);
          expect(skeletonOf(label)).toEqual([]);
          expect(label).not.toContain('|');
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['https://wiki.example/a?b=1&c=<d>|e', null],
    ['https://wiki.example/a?b=1&c=2|e', '<https://wiki.example/a?b=1&amp;c=2%7Ce|T>'],
    ['https://wiki.example@evil.example/', null],
    ['https://wiki.example.evil.example/', null],
    ['https://wiki.example./', null],
    ['https://wiki\u200b.example/', null],
    ['ftp://wiki.example/', null],
    [`https://wiki.example/${'a'.repeat(2_000)}`, null],
  ])('to %s is %s', (url, markup) => {
    const made = fitted([linkOrText('T', url, rules)], roomy);
    if (markup === null) expect(skeletonOf(made)).toEqual([]);
    else expect(made).toBe(markup);
  });
});
