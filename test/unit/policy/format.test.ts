import { describe, expect, it } from 'vitest';
import { formatPolicyErrors, formatPolicyWarnings } from '../../../lib/codec/policy/format.ts';
import type { PolicyProblem } from '../../../lib/codec/policy/problem.ts';
import { errorsOf, withSections } from './policy-text.ts';

const problem: PolicyProblem = {
  fileName: 'policy/tocsin.yaml',
  line: 12,
  column: 7,
  length: 4,
  sourceLine: '      tier: 4',
  path: 'tenants.default.services[0].tier',
  problem: 'a sentence',
  found: '4',
  allowed: '1, 2 or 3',
  fix: 'write tier: 2',
};

describe('formatPolicyErrors', () => {
  it('prints place, sentence, line, mark and advice', () => {
    expect(formatPolicyErrors(errorsOf(withSections('    severity: { default: p1 }')))).toBe(
      `policy.yaml:7:26: error: "p1" is not allowed for default [tenants.default.severity.default]
     7 |     severity: { default: p1 }
       |                          ^^
  found:   "p1"
  allowed: P0, P1 or P2
  fix:     write default: P1
`,
    );
  });

  it('leaves out what is not there', () => {
    const bare = { ...problem, path: '', found: null, sourceLine: null };
    expect(formatPolicyErrors([bare])).toBe(
      `policy/tocsin.yaml:12:7: error: a sentence
    12 | (not shown: it may hold a secret)
  allowed: 1, 2 or 3
  fix:     write tier: 2
`,
    );
  });

  it('keeps the mark below its place behind tabs and in long lines', () => {
    const [, tabbed, tabbedMark] = formatPolicyErrors([
      { ...problem, sourceLine: '\t\tx: y', column: 6, length: 1 },
    ]).split('\n');
    expect([tabbed, tabbedMark]).toEqual(['    12 | \t\tx: y', '       | \t\t   ^']);
    const long = { ...problem, sourceLine: `${'a'.repeat(300)}b${'c'.repeat(300)}`, column: 301 };
    const [, line = '', mark = ''] = formatPolicyErrors([{ ...long, length: 1 }]).split('\n');
    expect(line.length).toBeLessThan(120);
    expect(line[mark.indexOf('^')]).toBe('b');
  });

  it('shows control characters as text, so that a file cannot steer the terminal', () => {
    const text = formatPolicyErrors([{ ...problem, sourceLine: 'a\u001b[31mb\u202e' }]);
    expect(text).toContain('a\\u{1b}[31mb\\u{202e}');
    expect(text).not.toContain('\u001b');
  });

  it('prints fifty and the number of the others', () => {
    const text = formatPolicyErrors(Array.from({ length: 53 }, () => problem));
    expect(text.match(/^policy\/tocsin\.yaml:12:7/gm)).toHaveLength(50);
    expect(text.endsWith('and 3 more errors\n')).toBe(true);
    expect(formatPolicyErrors([])).toBe('');
  });
});

describe('formatPolicyWarnings', () => {
  it('says that they are warnings', () => {
    expect(formatPolicyWarnings([problem])).toMatch(/^policy\/tocsin\.yaml:12:7: warning: /);
  });
});
