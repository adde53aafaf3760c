import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorOf, readCursor } from '../../../lib/codec/table/cursor.ts';
import { dueItem, decodeDueImage, dueEnd, dueKey } from '../../../lib/codec/table/due-item.ts';
import { lastPart, padMs, part } from '../../../lib/codec/table/key-parts.ts';
import { payloadOf, readPayload } from '../../../lib/codec/table/payload.ts';
import { fromColumns, toColumns } from '../../../lib/codec/table/rows.ts';
import type { DueAt } from '../../../lib/domain/incident/due.ts';
import { epochMs } from '../../../lib/domain/shared/time.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.stringMatching(/^[a~#%:-]{0,6}$/),
  fc.constantFrom('\ud800', '\udfff', '__proto__', ''),
);

const anyDue: fc.Arbitrary<DueAt> = fc.record({
  tenant: anyText,
  incidentId: anyText,
  dueAtMs: fc.nat(4e12).map(epochMs),
  row: fc.oneof(
    fc.record({ kind: fc.constant('intent' as const), intentId: anyText }),
    fc.constant({ kind: 'timer' as const, name: 'response' as const }),
  ),
});

describe('keys', () => {
  it('are different for different texts, and hold no separator from them', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        expect(part(a)).not.toContain('#');
        expect(part(a) === part(b)).toBe(a === b);
        expect(lastPart(a) === lastPart(b)).toBe(a === b);
        expect(`${part(a)}#${lastPart(b)}`.length).toBeLessThan(400);
      }),
    );
  });

  it('of due rows sort by instant, and end where they should', () => {
    fc.assert(
      fc.property(anyDue, anyDue, (a, b) => {
        if (a.dueAtMs < b.dueAtMs) expect(dueKey(a).sk < dueKey(b).sk).toBe(true);
        expect(dueKey(a).sk < dueEnd(b.dueAtMs)).toBe(a.dueAtMs <= b.dueAtMs);
      }),
    );
  });

  it('never find a fraction of a millisecond too early', () => {
    expect(padMs(1000.5)).toBe(padMs(1001));
    expect(padMs(-5)).toBe('000000000000000');
  });
});

describe('items', () => {
  it('give back any JSON value, small or packed', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(3000), (value, padding) => {
        const written = [value, 'x'.repeat(padding)];
        const read = readPayload(payloadOf(written));
        expect(JSON.stringify(read)).toBe(JSON.stringify({ ok: true, value: written }));
      }),
    );
  });

  it('give back any due row', () => {
    fc.assert(
      fc.property(anyDue, fc.nat(), (due, version) => {
        const read = decodeDueImage(dueItem(due, version));
        expect(read).toEqual({ ok: true, value: { ...due, writtenAtVersion: version } });
      }),
    );
  });

  it('give back any rows as columns', () => {
    const row = fc.record(
      { fingerprint: anyText, startsAtMs: fc.maxSafeInteger(), ordinal: fc.option(fc.nat(9)) },
      { requiredKeys: ['fingerprint', 'startsAtMs'] },
    );
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const stored = JSON.parse(JSON.stringify(toColumns(rows))) as ReturnType<typeof toColumns>;
        expect(fromColumns(stored)).toEqual(rows);
      }),
    );
  });

  it('leave out what is undefined, as JSON does', () => {
    const rows = [{ a: 1, b: undefined }];
    const stored = JSON.parse(JSON.stringify(toColumns(rows))) as ReturnType<typeof toColumns>;
    expect(fromColumns(stored)).toEqual([{ a: 1 }]);
  });

  it('read nothing from arbitrary cursors, and never throw', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const read = readCursor(text);
        if (read.ok) expect(cursorOf(read.value.listSk)).toBe(text);
      }),
    );
  });
});
