import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fixtures, normalise } from '../../fixtures/normalise.ts';

const sources = readFileSync(new URL('../../fixtures/sources.md', import.meta.url), 'utf8');

describe('every payload in test/fixtures', () => {
  it('is found', () => {
    expect(fixtures.length).toBeGreaterThanOrEqual(32);
  });

  it.each(fixtures)('$name normalises to its expectation', (fixture) => {
    const expected: unknown = JSON.parse(readFileSync(fixture.expectedPath, 'utf8'));
    expect(JSON.parse(JSON.stringify(normalise(fixture)))).toEqual(expected);
  });

  it.each(fixtures)('$name states where it comes from', ({ name }) => {
    const file = name.split('/').at(-1) ?? '';
    expect(sources).toContain(file);
  });
});
