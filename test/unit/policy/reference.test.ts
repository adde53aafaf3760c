import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatPolicyErrors } from '../../../lib/codec/policy/format.ts';
import { policyJsonSchema } from '../../../lib/codec/policy/json-schema.ts';
import { checkPolicy } from '../../../lib/codec/policy/load.ts';
import { tenantOf, withSections } from './policy-text.ts';

const reference = readFileSync(new URL('../../../docs/policy.md', import.meta.url), 'utf8');
const blocks = [...reference.matchAll(/^```yaml\n(.*?)^```$/gms)]
  .map(([, block = '']) => block)
  .filter((block) => !block.startsWith('#'));

/** A block of the reference as a whole policy: most show one section of a tenant. */
function wholePolicy(block: string): string {
  if (block.startsWith('version:')) return block;
  const section = block.replaceAll(/^(?=.)/gm, '    ');
  return block.startsWith('sources:')
    ? `version: 1\ntenants:\n  default:\n${section}`
    : withSections(section);
}

describe('the policy reference', () => {
  it('has an example of every section', () => {
    expect(blocks.map((block) => /^\w+/.exec(block)?.[0])).toEqual([
      'version',
      'sources',
      'services',
      'services',
      'severity',
      'grouping',
      'lifecycle',
      'sla',
      'paging',
      'communication',
      'slack',
      'people',
      'clusters',
      'targets',
      'checks',
      'runbooks',
      'changeSources',
      'guardrails',
    ]);
  });

  it.each(blocks)('shows what loads without errors and warnings: %s', (block) => {
    const checked = checkPolicy(wholePolicy(block), { fileName: 'docs/policy.md' });
    if (!checked.ok) expect.fail(formatPolicyErrors(checked.error));
    expect(checked.value.warnings).toEqual([]);
  });

  it.each(['lifecycle', 'sla', 'paging', 'communication', 'guardrails'] as const)(
    'shows the defaults of %s',
    (section) => {
      const block = blocks.find((each) => each.startsWith(`${section}:`)) ?? '';
      expect(tenantOf(wholePolicy(block))).toEqual(tenantOf(withSections('')));
    },
  );

  it('names every key of the schema', () => {
    const keys = new Set<string>();
    JSON.parse(policyJsonSchema(), (name: string, value: unknown) => {
      if (name === 'properties') Object.keys(value ?? {}).forEach((key) => keys.add(key));
      return value;
    });
    const isNamed = (key: string) => new RegExp(`[\`{ ]${key}[\`:]`).test(reference);
    expect(keys.size).toBeGreaterThan(40);
    expect([...keys].filter((key) => !isNamed(key))).toEqual([]);
  });
});
