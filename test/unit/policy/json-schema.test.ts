import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { policyJsonSchema } from '../../../lib/codec/policy/json-schema.ts';

const inRepository = (path: string) =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

describe('policy/tocsin.schema.json', () => {
  it('is what the loader’s schema gives; run bin/policy-schema.ts after a change', () => {
    expect(inRepository('policy/tocsin.schema.json')).toBe(policyJsonSchema());
  });

  it('is named by the example, for editors', () => {
    const [firstLine] = inRepository('policy/tocsin.yaml').split('\n');
    expect(firstLine).toBe('# yaml-language-server: $schema=./tocsin.schema.json');
  });
});
