import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyIntakeCredential } from '../../../lib/codec/credentials.ts';
import { cutIdentity, cutText } from '../../../lib/codec/cut.ts';
import { parseInstant } from '../../../lib/codec/instant.ts';
import { labelFingerprint } from '../../../lib/codec/label-fingerprint.ts';
import { verifyPagerDutySignature } from '../../../lib/codec/pagerduty-signature.ts';
import { deliveryDigest } from '../../../lib/codec/set-digest.ts';
import type { Alert } from '../../../lib/domain/alert/alert.ts';
import { epochMs } from '../../../lib/domain/shared/time.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const anyText = fc.string({ unit: 'binary', maxLength: 40 });

describe('cutText', () => {
  it('keeps the first code points, never half of one', () => {
    fc.assert(
      fc.property(anyText, fc.nat({ max: 45 }), (text, max) => {
        expect(cutText(text, max)).toBe(Array.from(text).slice(0, max).join(''));
      }),
    );
  });
});

describe('cutIdentity', () => {
  it('keeps different names different and within the limit', () => {
    const long = fc.string({ unit: 'binary', minLength: 50, maxLength: 120 });
    fc.assert(
      fc.property(long, long, (a, b) => {
        expect(Array.from(cutIdentity(a, 40)).length).toBeLessThanOrEqual(40);
        expect(cutIdentity(a, 40) === cutIdentity(b, 40)).toBe(a === b);
      }),
    );
  });
});

describe('labelFingerprint', () => {
  /** FNV-1a as its definition has it, in big integers. */
  function slowFingerprint(labels: Readonly<Record<string, string>>): string {
    const encoded = Object.entries(labels)
      .map(([name, value]) => [Buffer.from(name), Buffer.from(value)] as const)
      .sort(([a], [b]) => Buffer.compare(a, b))
      .flatMap(([name, value]) => [...name, 0xff, ...value, 0xff]);
    const hash = encoded.reduce(
      (before, byte) => BigInt.asUintN(64, (before ^ BigInt(byte)) * 0x100000001b3n),
      0xcbf29ce484222325n,
    );
    return hash.toString(16).padStart(16, '0');
  }

  it('is FNV-1a over the labels in byte order of their names', () => {
    fc.assert(
      fc.property(fc.dictionary(anyText, anyText), (labels) => {
        expect(labelFingerprint(labels)).toBe(slowFingerprint(labels));
      }),
    );
  });
});

describe('parseInstant', () => {
  it('reads what toISOString writes', () => {
    const date = fc.date({
      min: new Date(0),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (at) => {
        expect(parseInstant(at.toISOString())).toBe(at.getTime());
      }),
      { numRuns: 1000 },
    );
  });
});

const triple = fc.record({
  fingerprint: fc.constantFrom('a', 'b', 'a,1', '["a"]', ''),
  startsAtMs: fc.nat({ max: 3 }),
  status: fc.constantFrom('firing' as const, 'resolved' as const),
});
type Triple = Pick<Alert, 'fingerprint' | 'status'> & { readonly startsAtMs: number };

const alertOf = (of: Triple, changes: Partial<Alert> = {}): Alert => ({
  ...of,
  startsAtMs: epochMs(of.startsAtMs),
  ...{ endsAtMs: null, name: 'n', summary: '', description: '', labels: {}, annotations: {} },
  ...{ links: {}, sourceFields: {}, cuts: [] },
  ...changes,
});

const digestOf = (triples: readonly Triple[], changes: Partial<Alert> = {}): string =>
  deliveryDigest({ alerts: triples.map((of) => alertOf(of, changes)) }, sha256);

describe('deliveryDigest', () => {
  it('is one for one set of fingerprint, start and status, in any order, however often', () => {
    const shuffled = fc
      .array(triple, { minLength: 1 })
      .chain((list) =>
        fc.tuple(
          fc.constant(list),
          fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        const changes = { summary: 'changed', endsAtMs: epochMs(9), sourceFields: { a: 1 } };
        expect(digestOf([...other, ...other], changes)).toBe(digestOf(list));
      }),
    );
  });

  it('differs for different sets', () => {
    const setOf = (list: readonly Triple[]): string =>
      [...new Set(list.map((of) => JSON.stringify([of.fingerprint, of.startsAtMs, of.status])))]
        .sort()
        .join('|');
    fc.assert(
      fc.property(fc.array(triple), fc.array(triple), (a, b) => {
        expect(digestOf(a) === digestOf(b)).toBe(setOf(a) === setOf(b));
      }),
    );
  });
});

describe('verifyIntakeCredential', () => {
  const kinds = ['alertmanager', 'cloud-monitoring'] as const;
  const token = fc.string({
    unit: fc.constantFrom(...Array.from('abcAB01+/=-_.~')),
    minLength: 1,
    maxLength: 9,
  });

  it('lets only the diagonal of sources and paths through (S04)', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(token, { minLength: 5, maxLength: 5 }),
        fc.array(fc.constantFrom(...kinds), { minLength: 5, maxLength: 5 }),
        (tokens, chosen) => {
          const sources = chosen.map((kind, index) => ({ id: `source-${index}`, kind }));
          const secrets = Object.fromEntries(tokens.map((own, at) => [`source-${at}`, [own]]));
          for (const [at, own] of tokens.entries()) {
            for (const path of sources) {
              const outcome = verifyIntakeCredential({
                authorization: `Bearer ${own}`,
                rawQueryString: '',
                sourceKind: path.kind,
                sources: [path],
                secrets,
              });
              expect(outcome).toBe(path.id === `source-${at}` ? path.id : null);
            }
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('answers any header and query with a source or null', () => {
    fc.assert(
      fc.property(fc.option(anyText), anyText, fc.constantFrom(...kinds), (header, query, kind) => {
        const outcome = verifyIntakeCredential({
          authorization: header ?? undefined,
          rawQueryString: query,
          sourceKind: kind,
          sources: [{ id: 'a', kind }],
          secrets: { a: ['a token that no generated text holds'] },
        });
        expect(outcome).toBeNull();
      }),
    );
  });
});

describe('verifyPagerDutySignature', () => {
  const bytes = fc.uint8Array({ maxLength: 60 });
  const secret = fc.string({ minLength: 1, maxLength: 20 });
  const sign = (body: Uint8Array, key: string): string =>
    `v1=${createHmac('sha256', key).update(body).digest('hex')}`;

  it('accepts the signature of any configured secret, at any place in the header', () => {
    fc.assert(
      fc.property(bytes, fc.uniqueArray(secret, { minLength: 1, maxLength: 3 }), (body, keys) => {
        const signer = keys.at(-1) ?? '';
        const header = ['v1=00', sign(body, signer), 'v2=x'].join(',');
        expect(verifyPagerDutySignature(body, header, keys)).toBe(true);
        expect(verifyPagerDutySignature(body, header, keys.slice(0, -1))).toBe(false);
      }),
    );
  });

  it('refuses a body of which one bit differs, and any header by chance', () => {
    fc.assert(
      fc.property(bytes, secret, fc.nat(), anyText, (body, key, where, header) => {
        const changed = Uint8Array.from([...body, 0]);
        const at = where % changed.length;
        changed[at] = (changed[at] ?? 0) ^ 1;
        expect(verifyPagerDutySignature(changed, sign(body, key), [key])).toBe(false);
        expect(verifyPagerDutySignature(body, header, [key])).toBe(false);
      }),
    );
  });
});
