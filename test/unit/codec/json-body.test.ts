import { describe, expect, it } from 'vitest';
import { readJsonObject } from '../../../lib/codec/json-body.ts';
import { intakeLimits } from '../../../lib/codec/limits.ts';
import { reasonIn } from './messages.ts';

const read = (body: Uint8Array | string): ReturnType<typeof readJsonObject> =>
  readJsonObject(body, { limits: intakeLimits, listName: 'alerts' });

describe('readJsonObject', () => {
  it.each([
    ['nothing', '', 'The body is empty'],
    ['blanks', ' \n', 'The body is empty'],
    ['a page', '<html>\u0007', 'begins with "<html>\\u0007"'],
    ['half an object', '{"a":', 'not valid JSON'],
    ['an unclosed text', '{"a":"b', 'not valid JSON'],
    ['a list', '[]', 'a list, not an object'],
    ['a number', '1', 'a number, not an object'],
    ['null', 'null', 'null, not an object'],
    ['two objects', '{}{}', 'not valid JSON'],
  ])('cannot read %s', (_, body, sentence) => {
    expect(reasonIn(read(body))).toContain(sentence);
  });

  it('shows at most 40 characters of what it cannot read', () => {
    expect(reasonIn(read('x'.repeat(500)))).toContain(`"${'x'.repeat(40)}…"`);
  });

  it('replaces bytes that are not UTF-8, with a mark', () => {
    const bytes = Buffer.from([...Buffer.from('{"a":"'), 0xc3, ...Buffer.from('"}')]);
    expect(read(bytes)).toEqual({
      ok: true,
      value: {
        value: { a: '\ufffd' },
        cuts: ['Bytes that are not UTF-8 became U+FFFD.'],
        leftOut: 0,
      },
    });
  });

  it('replaces lone surrogates in names and values', () => {
    expect(read(String.raw`{"a\ud800":["\udc00","\ud834\udd1e"]}`)).toEqual({
      ok: true,
      value: { value: { 'a\ufffd': ['\ufffd', '\u{1d11e}'] }, cuts: [], leftOut: 0 },
    });
  });

  it('takes the last of a repeated name, with a mark', () => {
    expect(read('{"a":1,"b":{"c":1,"c":2},"\\u0061":3}')).toEqual({
      ok: true,
      value: {
        value: { a: 3, b: { c: 2 } },
        cuts: ['Names that came twice in one object: 2; the last of each counts.'],
        leftOut: 0,
      },
    });
  });

  it('makes null of numbers that no double holds, with a mark', () => {
    expect(read('{"a":1e9999,"b":[-1e9999]}')).toEqual({
      ok: true,
      value: { value: { a: null, b: [null] }, cuts: ['Numbers too large to hold: 2.'], leftOut: 0 },
    });
  });

  it('keeps NUL and bidi controls: showing them safely is for whoever shows them', () => {
    const text = 'a\u0000b\u202ec\u200d';
    expect(read(JSON.stringify({ text }))).toMatchObject({ value: { value: { text } } });
  });

  it('keeps poisoned names as data and leaves prototypes alone', () => {
    const body = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    const result = read(body);
    expect(result.ok && Object.keys(result.value.value)).toEqual(['__proto__', 'constructor']);
    expect({}).not.toHaveProperty('polluted');
  });
});
