import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyJsonPatch,
  pointer,
  type JsonPatchOperation,
} from '../../../lib/domain/kubernetes/json-patch.ts';
import type { Json } from '../../../lib/domain/shared/json.ts';

// JSON.parse makes plain objects of whatever fast-check invents, `__proto__` members included.
const json = fc
  .jsonValue({ maxDepth: 4 })
  .map((value) => JSON.parse(JSON.stringify(value)) as Json);

/** Every place in a document. */
function places(value: Json, path = ''): readonly (readonly [string, Json])[] {
  const children =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, child]: readonly [string, Json]) =>
          places(child, `${path}${pointer(key)}`),
        )
      : [];
  return [[path, value], ...children];
}

const documentWithPlace = json.chain((document) =>
  fc.constantFrom(...places(document)).map(([path, value]) => ({ document, path, value })),
);

describe('JSON Patch', () => {
  it('finds what is there at every path', () => {
    fc.assert(
      fc.property(documentWithPlace, ({ document, path, value }) => {
        const test: JsonPatchOperation = { op: 'test', path, value };
        expect(applyJsonPatch(document, [test])).toEqual({ ok: true, value: document });
      }),
    );
  });

  it('reads what it wrote, and replacing it back restores the document', () => {
    fc.assert(
      fc.property(documentWithPlace, json, ({ document, path, value }, other) => {
        const there: readonly JsonPatchOperation[] = [
          { op: 'replace', path, value: other },
          { op: 'test', path, value: other },
          { op: 'replace', path, value },
        ];
        expect(applyJsonPatch(document, there)).toEqual({ ok: true, value: document });
      }),
    );
  });

  it('undoes an added member by removing it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), fc.string(), json, (object, key, value) => {
        fc.pre(!Object.hasOwn(object, key));
        const path = pointer(key);
        const patch: readonly JsonPatchOperation[] = [
          { op: 'add', path, value },
          { op: 'test', path, value },
          { op: 'remove', path },
        ];
        const result = applyJsonPatch(object, patch);
        expect(result.ok && JSON.stringify(result.value)).toBe(JSON.stringify(object));
      }),
    );
  });

  it('never changes the document that it was given', () => {
    fc.assert(
      fc.property(documentWithPlace, json, ({ document, path }, other) => {
        const before = JSON.stringify(document);
        applyJsonPatch(document, [{ op: 'add', path, value: other }]);
        applyJsonPatch(document, [{ op: 'remove', path }]);
        expect(JSON.stringify(document)).toBe(before);
      }),
    );
  });
});
