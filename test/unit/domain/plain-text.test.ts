import { describe, expect, it } from 'vitest';
import { plainText } from '../../../lib/domain/shared/plain-text.ts';

describe('plainText', () => {
  it.each([
    ['Checkout is down', 'Checkout is down', 'ordinary text stays'],
    ['', '', 'nothing stays nothing'],
    ['a\nb\r\nc', 'a b c', 'one line'],
    ['a\tb', 'a b', 'no tab'],
    ['a\u2028b\u2029c', 'a b c', 'the line ends that only some renderers know'],
    ['  a   b  ', 'a b', 'no runs of blanks, none at the ends'],
    ['a\u0000\u001b[31mb', 'a [31mb', 'no escape sequence reaches a terminal'],
    ['a\u009bb', 'a b', 'nor the one-character form'],
    ['txt.\u202egpj.exe', 'txt. gpj.exe', 'no override of the reading direction'],
    ['a\u2066b\u2069', 'a b', 'no isolate'],
    ['pay\u200bpal', 'pay pal', 'nothing of zero width'],
    ['\ufeffa', 'a', 'no byte order mark'],
    ['soft\u00adhyphen', 'soft hyphen', 'no hyphen that shows only sometimes'],
    ['a\ud800b', 'a\ufffdb', 'half a character becomes the replacement'],
    ['\udc00', '\ufffd', 'the other half too'],
    ['Grüße 日本 🔥', 'Grüße 日本 🔥', 'letters of every script stay'],
    ['<b>&amp;*_`', '<b>&amp;*_`', 'escaping is the renderer’s'],
  ])('%j becomes %j: %s', (text, shown) => {
    expect(plainText(text)).toBe(shown);
  });

  it.each([
    ['abcd', 4, 'abcd', 'it fits exactly'],
    ['abcde', 4, 'abc…', 'the ellipsis counts'],
    ['🔥🔥🔥🔥', 4, '🔥🔥🔥🔥', 'code points are counted, not halves'],
    ['🔥🔥🔥🔥🔥', 4, '🔥🔥🔥…', 'no character is cut in half'],
    ['  a b  ', 3, 'a b', 'blanks go before it is measured'],
  ])('%j within %i is %j: %s', (text, max, shown) => {
    expect(plainText(text, max)).toBe(shown);
  });

  it('cuts after 2,000 code points when nothing else is said', () => {
    expect(plainText('x'.repeat(2000))).toHaveLength(2000);
    expect(plainText('x'.repeat(2001))).toBe(`${'x'.repeat(1999)}…`);
  });
});
