import { describe, expect, it } from 'vitest';
import { identify, readDedupKey, threadHash } from '../../../lib/domain/incident/identity.ts';
import { digest } from './samples.ts';

const of = { tenant: 'acme', correlationKey: 'k', episode: 'start:1', ordinal: 1 };
const named = identify(of, digest);

describe('identify', () => {
  it('gives the same names again, so that every retry and region pages the same', () => {
    expect(identify({ ...of }, digest)).toEqual(named);
    expect(named.dedupKey).toBe(
      `tocsin:acme:${threadHash('acme', 'k', digest)}:${named.dedupKey.slice(-16)}`,
    );
    expect(named.dedupKey).toMatch(/^tocsin:acme:[0-9a-f]{32}:[0-9a-f]{16}$/);
    expect(named.incidentId).toMatch(/^[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{7}$/);
  });

  it('gives known names: what is stored must be found by later releases', () => {
    expect(named).toEqual({
      dedupKey: 'tocsin:acme:2496648e241ce259609fa726d4da132b:30a127f9506d2487',
      incidentId: 'tqq8b-m8g22k0',
    });
  });

  it.each<[Partial<typeof of>, string]>([
    [{ tenant: 'other' }, 'another tenant'],
    [{ correlationKey: 'l' }, 'another problem'],
    [{ episode: 'start:2' }, 'another episode'],
  ])('names another incident and another page: %#', (other) => {
    const different = identify({ ...of, ...other }, digest);
    expect(different.dedupKey).not.toBe(named.dedupKey);
    expect(different.incidentId).not.toBe(named.incidentId);
  });

  it('goes on with the page when one episode outlives an incident', () => {
    const next = identify({ ...of, ordinal: 2 }, digest);
    expect(next.dedupKey).toBe(named.dedupKey);
    expect(next.incidentId).not.toBe(named.incidentId);
  });

  it('cannot be confused by where one part ends and the next begins', () => {
    expect(threadHash('a', 'bc', digest)).not.toBe(threadHash('ab', 'c', digest));
  });

  it('stays under PagerDuty’s 255 characters, however long the parts are', () => {
    const long = 'x'.repeat(10_000);
    const { dedupKey } = identify(
      { tenant: 't'.repeat(63), correlationKey: long, episode: long, ordinal: 1 },
      digest,
    );
    expect(dedupKey.length).toBeLessThan(160);
  });
});

describe('readDedupKey', () => {
  it('reads what identify made', () => {
    expect(readDedupKey(named.dedupKey)).toEqual({
      tenant: 'acme',
      threadHash: threadHash('acme', 'k', digest),
    });
  });

  it.each([
    ['', 'nothing'],
    ['srv01/HTTP', 'of another tool'],
    ['tocsin', 'only the name'],
    ['tocsin:acme:0123456789abcdef0123456789abcdef', 'a part is missing'],
    [`${named.dedupKey}:x`, 'a part too many'],
    [named.dedupKey.replace('tocsin', 'other'), 'another prefix'],
    [named.dedupKey.toUpperCase(), 'another case'],
  ])('refuses %j: %s', (key) => {
    expect(readDedupKey(key)).toBeNull();
  });
});
