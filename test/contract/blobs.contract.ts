import { expect, it } from 'vitest';
import type { Blobs } from '../../lib/ports/blobs.ts';
import type { Clock } from '../../lib/ports/system.ts';
import { systemClock } from '../../lib/adapters/system/clock.ts';

/** What every keeper of objects does. */
export function blobsContract(make: () => Promise<Blobs>): void {
  const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

  it('gives back what was put', async () => {
    const blobs = await make();
    const body = Uint8Array.from({ length: 70_000 }, (_, at) => at % 256);
    expect(await blobs.put('raw/acme/1', body, 'application/octet-stream')).toEqual({
      ok: true,
      value: undefined,
    });
    const got = await blobs.get('raw/acme/1');
    expect(got.ok && Buffer.compare(got.value, body)).toBe(0);
  });

  it('replaces what was there', async () => {
    const blobs = await make();
    await blobs.put('key', bytes('first'), 'text/plain');
    await blobs.put('key', bytes('second'), 'text/plain');
    const got = await blobs.get('key');
    expect(got.ok && Buffer.from(got.value).toString()).toBe('second');
  });

  it('keeps an empty object', async () => {
    const blobs = await make();
    await blobs.put('empty', new Uint8Array(), 'text/plain');
    const got = await blobs.get('empty');
    expect(got.ok && got.value.byteLength).toBe(0);
  });

  it('does not find what was never put, and names it', async () => {
    const blobs = await make();
    expect(await blobs.get('postmortem/absent.md')).toMatchObject({
      ok: false,
      error: {
        kind: 'not_found',
        message: expect.stringContaining('postmortem/absent.md') as string,
      },
    });
  });

  it('keeps keys apart that only their encoding tells apart', async () => {
    const blobs = await make();
    const keys = ['a', 'a?b', 'a#b', 'a b', 'a%20b', 'a+b', 'x/../a', 'c/d', 'c//d'];
    for (const key of keys) await blobs.put(key, bytes(`object ${key}`), 'text/plain');
    for (const key of keys) {
      const got = await blobs.get(key);
      expect(got.ok && Buffer.from(got.value).toString()).toBe(`object ${key}`);
    }
  });

  it.each([
    'with space/and+plus',
    "quote'(round)*bang!",
    'percent%20sign',
    'Übergröße/日本/🚨',
    'a/../b',
    './dot',
    'query?x=1#fragment',
    'a//b',
    'tilde~dash-dot._',
    'semi;colon:and@at=equals&amp',
  ])('takes the key %s for itself', async (key) => {
    const blobs = await make();
    expect(await blobs.put(key, bytes(key), 'text/plain')).toEqual({ ok: true, value: undefined });
    const got = await blobs.get(key);
    expect(got.ok && Buffer.from(got.value).toString()).toBe(key);
  });
}

/** The wall clock, without its waits. */
export const hastyClock: Clock = { now: systemClock.now, sleep: () => Promise.resolve() };
