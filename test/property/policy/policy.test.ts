import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { compilePolicy, readCompiledPolicy } from '../../../lib/codec/policy/compiled.ts';
import { formatDuration, parseDuration } from '../../../lib/codec/policy/duration.ts';
import { formatPolicyErrors } from '../../../lib/codec/policy/format.ts';
import { checkPolicy, loadPolicy } from '../../../lib/codec/policy/load.ts';
import { formatMatcher } from '../../../lib/domain/alert/matcher.ts';
import { accessRoles, severities } from '../../../lib/domain/policy/policy.ts';
import { seconds } from '../../../lib/domain/shared/time.ts';

const id = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/).filter((name) => name !== 'default');
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((it) => `t${it}t`);
const severity = fc.constantFrom(...severities);
const label = fc.oneof(fc.constantFrom('service', 'severity', 'k8s.pod'), text);
const matcher = fc
  .record({ label, operator: fc.constantFrom('=', '!='), value: text })
  .map((it) => formatMatcher({ ...it, operator: it.operator === '=' ? '=' : '!=' }));
const match = fc.array(matcher, { maxLength: 3 });
const optional = { requiredKeys: [] };

/** Lists of things with ids, each id once. */
const named = <Item>(item: fc.Arbitrary<Item>, prefix: string) =>
  fc
    .array(item, { maxLength: 4 })
    .map((items) => items.map((it, index) => ({ id: `${prefix}-${index}`, ...it })));

const tenant = (name: string) =>
  fc.record(
    {
      sources: fc
        .array(fc.record({ kind: fc.constantFrom('alertmanager', 'cloud-monitoring') }), {
          minLength: 1,
          maxLength: 3,
        })
        .map((all) => all.map((it, index) => ({ id: `${name}-${index}`.slice(-40), ...it }))),
      name: text,
      services: named(
        fc.record({
          tier: fc.constantFrom(1, 2, 3),
          team: text,
          match: fc.array(matcher, { minLength: 1, maxLength: 3 }),
        }),
        'service',
      ),
      severity: fc.record(
        {
          rules: named(fc.record({ match, severity, reason: text }), 'rule'),
          default: severity,
          blast: named(
            fc.record({ minAlerts: fc.integer({ min: 2, max: 99 }), severity, reason: text }),
            'blast',
          ),
        },
        optional,
      ),
      grouping: named(
        fc.record({
          match,
          by: fc.oneof(
            fc.constant('source-group'),
            fc.uniqueArray(fc.constantFrom('@service', '@source', 'a', 'b.c'), { minLength: 1 }),
          ),
        }),
        'group',
      ),
      lifecycle: fc.record(
        { maxAge: fc.integer({ min: 3_600, max: 86_400 }).map((n) => formatDuration(seconds(n))) },
        optional,
      ),
      communication: fc.record(
        {
          updateEvery: fc.record({ P0: fc.constantFrom('5m', '1h', 'never') }, optional),
          closeAfter: fc.record({ P1: fc.constantFrom('0s', '7d') }, optional),
        },
        optional,
      ),
      slack: fc.record(
        {
          teamId: fc.constantFrom('T0AB', 'TXYZ12345'),
          channel: fc.constantFrom('C0AB', 'GXYZ12345'),
          ownChannel: fc.record({ prefix: fc.stringMatching(/^[a-z][a-z0-9-]{0,9}$/) }, optional),
          linkHosts: fc.array(fc.domain(), { maxLength: 3 }),
        },
        { requiredKeys: ['teamId', 'channel'] },
      ),
      people: named(
        fc.record({
          name: text,
          roles: fc.uniqueArray(fc.constantFrom(...accessRoles), { minLength: 1 }),
        }),
        'person',
      ),
    },
    { requiredKeys: ['sources'] },
  );

const policy = fc.uniqueArray(id, { minLength: 1, maxLength: 3 }).chain((names) =>
  fc.record({
    version: fc.constant(1),
    tenants: fc.record(Object.fromEntries(names.map((name) => [name, tenant(name)]))),
  }),
);

describe('a valid policy', () => {
  it('loads, and compiles to what reads back as the same', () => {
    fc.assert(
      fc.property(policy, (content) => {
        const loaded = loadPolicy(stringify(content, { lineWidth: 0 }), { fileName: 'p.yaml' });
        if (!loaded.ok) expect.fail(formatPolicyErrors(loaded.error));
        expect(readCompiledPolicy(compilePolicy(loaded.value))).toEqual(loaded.value);
        expect(loaded.value.tenants.map(({ id }) => id)).toEqual(Object.keys(content.tenants));
      }),
    );
  });

  it('has the same version however its text is laid out', () => {
    fc.assert(
      fc.property(policy, fc.constantFrom(2, 3, 7), fc.boolean(), (content, indent, isFlow) => {
        // The library folds long lines in the middle of a character beyond the basic plane.
        const plain = loadPolicy(stringify(content, { lineWidth: 0 }), { fileName: 'a' });
        const style = isFlow ? { collectionStyle: 'flow' as const } : {};
        const other = loadPolicy(stringify(content, { indent, lineWidth: 0, ...style }), {
          fileName: 'b',
        });
        expect(other).toEqual(plain);
      }),
    );
  });
});

describe('checkPolicy', () => {
  const piece = fc.constantFrom(
    ...['version: 1', 'tenants:', 'default:', 'sources:', '- id: a', 'kind: alertmanager'],
    ...['severity:', 'rules:', 'P0', 'match:', `['a="b"']`, '{', '}', '[', ']', '"', "'", '|'],
    ...['&a', '*a', '!!map', '%', '---', '? ', ': ', '\n', '\n  ', '\n    ', '\t', '#', '\r\n'],
    ...['__proto__: {}', '<<: *a', '1', 'null', '\u0000', '🔥', '\ufeff'],
  );
  const yamlish = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
  const anyText = fc.oneof(fc.string({ unit: 'binary' }), yamlish);

  function expectPlaced(written: string): void {
    const checked = checkPolicy(written, { fileName: 'p.yaml' });
    const lines = written.split('\n');
    for (const error of checked.ok ? checked.value.warnings : checked.error) {
      expect(error.line).toBeGreaterThanOrEqual(1);
      expect(error.line).toBeLessThanOrEqual(lines.length);
      expect(error.column).toBeGreaterThanOrEqual(1);
      expect(error.column).toBeLessThanOrEqual((lines[error.line - 1] ?? '').length + 1);
      expect([error.problem, error.allowed, error.fix]).not.toContain('');
    }
    if (!checked.ok) expect(checked.error.length).toBeGreaterThan(0);
    if (!checked.ok) expect(formatPolicyErrors(checked.error)).toContain('p.yaml:');
  }

  it('never throws, and every error is at a place of the text', () => {
    fc.assert(fc.property(anyText, expectPlaced), { numRuns: 1_000 });
  });

  it('finds a place for the errors of any content', () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('default', 'P0', '@x', 1, null),
    );
    const wrong = fc.tuple(policy, fc.array(fc.nat(), { maxLength: 6 }), value);
    fc.assert(
      fc.property(wrong, ([content, route, replacement]) => {
        expectPlaced(stringify(replaced(content, route, replacement), { lineWidth: 0 }));
      }),
      { numRuns: 500 },
    );
  });
});

/** The content with another value somewhere inside, found by taking the n-th member each time. */
function replaced(content: unknown, route: readonly number[], replacement: unknown): unknown {
  const [first, ...rest] = route;
  if (typeof content !== 'object' || content === null || first === undefined) return replacement;
  const members = Object.entries(content);
  const [key, member] = members[first % Math.max(members.length, 1)] ?? [];
  if (key === undefined) return replacement;
  const next = replaced(member, rest, replacement);
  if (Array.isArray(content))
    return content.map((it: unknown, at) => (String(at) === key ? next : it));
  return { ...content, [key]: next };
}

describe('a duration', () => {
  it('is the same after it was written and read', () => {
    fc.assert(
      fc.property(fc.nat({ max: 30 * 86_400 }), (count) => {
        expect(parseDuration(formatDuration(seconds(count)))).toBe(seconds(count));
      }),
    );
  });
});
