import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { signChange, verifyChangeCredential } from '../../../lib/codec/changes/credentials.ts';
import { decodeChanges } from '../../../lib/codec/changes/decode.ts';
import { epochMs } from '../../../lib/domain/shared/time.ts';
import type { ChangeSourceKind } from '../../../lib/domain/policy/action-policy.ts';

const kinds: readonly ChangeSourceKind[] = ['tocsin', 'github', 'gitlab', 'argocd'];

const samples: Readonly<Record<ChangeSourceKind, readonly string[]>> = {
  tocsin: ['changes/one', 'changes/several'],
  github: ['github/deployment', 'github/deployment_status-success', 'github/push-default-branch'],
  gitlab: ['gitlab/deployment-success', 'gitlab/push-default-branch'],
  argocd: ['argocd/sync-succeeded'],
};

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${name}.json`, import.meta.url), 'utf8'));

const bodies = kinds.flatMap((kind) => samples[kind].map((name) => ({ kind, body: read(name) })));

/** The value with one of its members, however deep, replaced or left out. */
function mutated(value: unknown, at: number, by: unknown): unknown {
  let left = at;
  const walk = (node: unknown): unknown => {
    if (left < 0) return node;
    if (left === 0) {
      left = -1;
      return by;
    }
    left -= 1;
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([name, item]) => [name, walk(item)]));
  };
  return walk(value);
}

/** Everything that a decoder promises of what it gives. */
function expectSound(kind: ChangeSourceKind, body: string | Uint8Array): void {
  const decoded = decodeChanges(kind, body);
  if (!decoded.ok) {
    expect(decoded.error.reason).toMatch(/^.{5,}[.]$/su);
    return;
  }
  if (decoded.value.kind === 'nothing') {
    expect(decoded.value.reason).not.toBe('');
    return;
  }
  const { changes } = decoded.value;
  expect(changes.length).toBeLessThanOrEqual(50);
  for (const { id, title, url, authorNames, versions, previous, subject } of changes) {
    expect(id).not.toBe('');
    expect(Array.from(title).length).toBeLessThanOrEqual(200);
    expect(title).not.toContain('\n');
    if (url !== null) expect(url).toMatch(/^https?:/i);
    for (const name of [...authorNames, ...versions, ...previous, subject]) {
      expect(Array.from(name).length).toBeLessThanOrEqual(256);
    }
    expect([...authorNames, ...versions, ...previous]).not.toContain('');
    expect(versions.length).toBeLessThanOrEqual(20);
  }
}

describe('the codecs of the change feed', () => {
  it('never throw, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.uint8Array({ maxLength: 200 }), (kind, bytes) => {
        expectSound(kind, bytes);
      }),
    );
  });

  it('never throw, whatever the JSON', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.json({ maxDepth: 4 }), (kind, text) => {
        expectSound(kind, text);
      }),
    );
  });

  it('give sound changes when any member of a real message is anything else', () => {
    const other = fc.oneof(
      fc.constantFrom<unknown>(undefined, null, '', 0, -1, 1e300, true, [], {}, '0'.repeat(40)),
      fc.string({ unit: 'binary', maxLength: 600 }),
      fc.jsonValue({ maxDepth: 2 }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...bodies),
        fc.nat({ max: 90 }),
        other,
        ({ kind, body }, at, by) => {
          const text = JSON.stringify(mutated(body, at, by)) as string | undefined;
          expectSound(kind, text ?? '');
        },
      ),
      { numRuns: 400 },
    );
  });

  it('take a signature for its own bytes and secret, and for no others', () => {
    const atMs = epochMs(1_795_168_900_000);
    const proves = (secret: string, header: string, body: Uint8Array): boolean =>
      verifyChangeCredential({
        kind: 'tocsin',
        header: () => header,
        body,
        nowMs: atMs,
        sources: [{ id: 'own', kind: 'tocsin' }],
        secrets: { own: [secret] },
      }) === 'own';
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.uint8Array({ minLength: 1 }),
        fc.nat(),
        (secret, body, flip) => {
          const header = signChange(secret, body, atMs);
          expect(proves(secret, header, body)).toBe(true);
          const other = body.map((byte, index) =>
            index === flip % body.length ? byte ^ (1 << (flip % 8)) : byte,
          );
          expect(proves(secret, header, other)).toBe(false);
          expect(proves(`${secret}x`, header, body)).toBe(false);
        },
      ),
    );
  });
});
