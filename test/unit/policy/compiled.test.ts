import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import {
  compilePolicy,
  policyVersion,
  readCompiledPolicy,
} from '../../../lib/codec/policy/compiled.ts';
import { InvariantError } from '../../../lib/domain/shared/invariant.ts';
import { canonicalJson } from '../../../lib/domain/shared/json.ts';
import { accepted, withSections } from './policy-text.ts';

const { policy } = accepted(withSections(''));
const text = compilePolicy(policy);

describe('a compiled policy', () => {
  it('reads back as it was', () => {
    expect(readCompiledPolicy(text)).toEqual(policy);
  });

  it('is canonical: the same policy gives the same bytes', () => {
    expect(compilePolicy(readCompiledPolicy(text))).toBe(text);
    expect(text.endsWith('}\n')).toBe(true);
  });

  it('has the first 12 hex digits of the SHA-256 of its tenants as version', () => {
    const digest = createHash('sha256').update(canonicalJson(policy.tenants)).digest('hex');
    expect(policyVersion(policy.tenants)).toBe(digest.slice(0, 12));
    expect(policy.version).toBe(digest.slice(0, 12));
  });

  it.each([
    ['', 'it is not JSON'],
    ['[', 'it is not JSON'],
    ['null', 'its format is none'],
    ['{}', 'its format is none'],
    [text.replace('tocsin-policy/3', 'tocsin-policy/2'), 'its format is "tocsin-policy/2"'],
    ['{"format":"tocsin-policy/3"}', 'it names no tenant'],
    ['{"format":"tocsin-policy/3","tenants":[]}', 'it names no tenant'],
    [text.replace('"P2"', '"P0"'), 'it was edited or cut off'],
    [text.replace(policy.version, '000000000000'), 'it was edited or cut off'],
  ])('is refused when it is %s', (json, why) => {
    expect(() => readCompiledPolicy(json)).toThrow(InvariantError);
    expect(() => readCompiledPolicy(json)).toThrow(why);
    expect(() => readCompiledPolicy(json)).toThrow('Build the bundles again');
  });

  it('is read without the code that reads policy files', async () => {
    const entry = fileURLToPath(new URL('../../../lib/codec/policy/compiled.ts', import.meta.url));
    const { metafile } = await build({
      entryPoints: [entry],
      bundle: true,
      metafile: true,
      platform: 'node',
      write: false,
    });
    const files = Object.keys(metafile.inputs);
    expect(files.filter((file) => file.endsWith('compiled.ts'))).toHaveLength(1);
    expect(files.filter((file) => /node_modules|schema|document/.test(file))).toEqual([]);
  });
});
