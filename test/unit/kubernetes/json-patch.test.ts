import { describe, expect, it } from 'vitest';
import {
  applyJsonPatch,
  pointer,
  readJsonPatch,
  type JsonPatchOperation,
} from '../../../lib/domain/kubernetes/json-patch.ts';
import type { Json } from '../../../lib/domain/shared/json.ts';

// Appendix A of RFC 6902 (https://www.rfc-editor.org/rfc/rfc6902#appendix-A) and its neighbours.
const applied: readonly (readonly [string, Json, readonly JsonPatchOperation[], Json])[] = [
  [
    'A.1 adds a member',
    { foo: 'bar' },
    [{ op: 'add', path: '/baz', value: 'qux' }],
    { foo: 'bar', baz: 'qux' },
  ],
  [
    'A.2 adds an item',
    { foo: ['bar', 'baz'] },
    [{ op: 'add', path: '/foo/1', value: 'qux' }],
    { foo: ['bar', 'qux', 'baz'] },
  ],
  [
    'A.3 removes a member',
    { baz: 'qux', foo: 'bar' },
    [{ op: 'remove', path: '/baz' }],
    { foo: 'bar' },
  ],
  [
    'A.4 removes an item',
    { foo: ['bar', 'qux', 'baz'] },
    [{ op: 'remove', path: '/foo/1' }],
    { foo: ['bar', 'baz'] },
  ],
  [
    'A.5 replaces a value',
    { baz: 'qux', foo: 'bar' },
    [{ op: 'replace', path: '/baz', value: 'boo' }],
    { baz: 'boo', foo: 'bar' },
  ],
  [
    'A.6 moves a value',
    { foo: { bar: 'baz', waldo: 'fred' }, qux: { corge: 'grault' } },
    [{ op: 'move', from: '/foo/waldo', path: '/qux/thud' }],
    { foo: { bar: 'baz' }, qux: { corge: 'grault', thud: 'fred' } },
  ],
  [
    'A.7 moves an item',
    { foo: ['all', 'grass', 'cows', 'eat'] },
    [{ op: 'move', from: '/foo/1', path: '/foo/3' }],
    { foo: ['all', 'cows', 'eat', 'grass'] },
  ],
  [
    'A.8 tests',
    { baz: 'qux', foo: ['a', 2, 'c'] },
    [
      { op: 'test', path: '/baz', value: 'qux' },
      { op: 'test', path: '/foo/1', value: 2 },
    ],
    { baz: 'qux', foo: ['a', 2, 'c'] },
  ],
  [
    'A.10 adds a nested member',
    { foo: 'bar' },
    [{ op: 'add', path: '/child', value: { grandchild: {} } }],
    { foo: 'bar', child: { grandchild: {} } },
  ],
  [
    'A.14 reads escapes',
    { '/': 9, '~1': 10 },
    [{ op: 'test', path: '/~01', value: 10 }],
    { '/': 9, '~1': 10 },
  ],
  [
    'A.16 appends',
    { foo: ['bar'] },
    [{ op: 'add', path: '/foo/-', value: ['abc', 'def'] }],
    { foo: ['bar', ['abc', 'def']] },
  ],
  [
    'copies',
    { a: { b: 1 } },
    [{ op: 'copy', from: '/a', path: '/c' }],
    { a: { b: 1 }, c: { b: 1 } },
  ],
  ['adds over a member', { a: 1 }, [{ op: 'add', path: '/a', value: 2 }], { a: 2 }],
  ['replaces the whole', { a: 1 }, [{ op: 'replace', path: '', value: [] }], []],
  [
    'tests without regard to order',
    { a: { x: 1, y: 2 } },
    [{ op: 'test', path: '/a', value: { y: 2, x: 1 } }],
    { a: { x: 1, y: 2 } },
  ],
];

const refused: readonly (readonly [string, Json, readonly JsonPatchOperation[], string])[] = [
  [
    'A.9 a test that fails',
    { baz: 'qux' },
    [{ op: 'test', path: '/baz', value: 'bar' }],
    'test_failed',
  ],
  [
    'A.12 a parent that is not there',
    { foo: 'bar' },
    [{ op: 'add', path: '/baz/bat', value: 'qux' }],
    'no_such_path',
  ],
  [
    'A.15 text is no number',
    { '~1': 10 },
    [{ op: 'test', path: '/~01', value: '10' }],
    'test_failed',
  ],
  ['a test of nothing', {}, [{ op: 'test', path: '/a', value: null }], 'test_failed'],
  ['replacing nothing', {}, [{ op: 'replace', path: '/a', value: 1 }], 'no_such_path'],
  ['removing nothing', [1], [{ op: 'remove', path: '/1' }], 'no_such_path'],
  ['an index beyond the end', [1], [{ op: 'add', path: '/2', value: 1 }], 'no_such_path'],
  ['an index with a leading zero', [1], [{ op: 'replace', path: '/00', value: 1 }], 'no_such_path'],
  ['a member of a text', { a: 'text' }, [{ op: 'add', path: '/a/b', value: 1 }], 'no_such_path'],
  ['a path that is none', { a: 1 }, [{ op: 'remove', path: 'a' }], 'no_such_path'],
  ['a broken escape', { a: 1 }, [{ op: 'remove', path: '/~2' }], 'no_such_path'],
  ['removing the whole', { a: 1 }, [{ op: 'remove', path: '' }], 'no_such_path'],
  ['moving into itself', { a: { b: 1 } }, [{ op: 'move', from: '/a', path: '/a/c' }], 'malformed'],
  ['copying nothing', {}, [{ op: 'copy', from: '/a', path: '/b' }], 'no_such_path'],
  ['moving nothing', {}, [{ op: 'move', from: '/a', path: '/b' }], 'no_such_path'],
  ['inherited members', {}, [{ op: 'test', path: '/constructor', value: null }], 'test_failed'],
];

describe('JSON Patch', () => {
  it.each(applied)('%s', (_name, document, patch, result) => {
    expect(applyJsonPatch(document, patch)).toEqual({ ok: true, value: result });
  });

  it.each(refused)('refuses %s', (_name, document, patch, kind) => {
    const before = JSON.stringify(document);
    expect(applyJsonPatch(document, patch)).toMatchObject({ ok: false, error: { kind, index: 0 } });
    expect(JSON.stringify(document)).toBe(before);
  });

  it('says which operation failed', () => {
    const patch: readonly JsonPatchOperation[] = [
      { op: 'add', path: '/a', value: 1 },
      { op: 'test', path: '/a', value: 2 },
    ];
    expect(applyJsonPatch({}, patch)).toMatchObject({ ok: false, error: { index: 1 } });
  });

  it('keeps a member named __proto__ a member', () => {
    const result = applyJsonPatch({}, [{ op: 'add', path: '/__proto__', value: { a: 1 } }]);
    expect(JSON.stringify(result)).toBe('{"ok":true,"value":{"__proto__":{"a":1}}}');
  });

  it('writes paths', () => {
    expect(pointer('metadata', 'annotations', 'a/b~c', 0)).toBe('/metadata/annotations/a~1b~0c/0');
  });
});

describe('A patch from outside', () => {
  it('is read', () => {
    const body = [
      { op: 'test', path: '/a', value: null },
      { op: 'remove', path: '/a' },
      { op: 'copy', from: '/b', path: '/c' },
    ];
    expect(readJsonPatch(body)).toEqual({ ok: true, value: body });
  });

  it.each<readonly [string, Json]>([
    ['an object', { op: 'add' }],
    ['a text in the list', ['add']],
    ['an unknown operation', [{ op: 'increment', path: '/a', value: 1 }]],
    ['no path', [{ op: 'remove' }]],
    ['no value', [{ op: 'add', path: '/a' }]],
    ['no source', [{ op: 'move', path: '/a' }]],
  ])('is refused when it is %s', (_name, body) => {
    expect(readJsonPatch(body)).toMatchObject({ ok: false, error: { kind: 'malformed' } });
  });
});
