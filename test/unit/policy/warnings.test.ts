import { describe, expect, it } from 'vitest';
import { accepted, firstSectionLine, withSections } from './policy-text.ts';

const rules = (...items: readonly string[]) =>
  `    severity:\n      rules:\n${items.map((item) => `        - ${item}\n`).join('')}`;
const rule = (id: string, more: string) => `{ id: ${id}, ${more} severity: P1, reason: r }`;

describe('a warning', () => {
  it.each([
    [
      rules(rule('a', ''), rule('b', `match: ['x="1"'],`)),
      4,
      17,
      'b is never reached',
      'move b above a',
    ],
    [
      rules(rule('a', `match: ['x="1"'],`), rule('b', `match: ['y="2"', 'x="1"'],`)),
      4,
      17,
      'b is never reached',
      'move b above a',
    ],
    [
      rules(rule('a', 'tiers: [1, 2],'), rule('b', 'tiers: [2],')),
      4,
      17,
      'never reached',
      'move b',
    ],
    [
      rules(rule('a', 'environments: [p],'), rule('b', 'environments: [p], tiers: [1],')),
      4,
      17,
      'b is never reached',
      'move b above a',
    ],
    [
      `    grouping: [{ id: a, by: [x] }, { id: b, by: [y] }]`,
      1,
      42,
      'b is never reached',
      'or remove it',
    ],
    [
      `    services:
      - { id: a, team: t, tier: 1, match: ['x=~".+"'] }
      - { id: b, team: t, tier: 1, match: ['x=~".+"', 'y="1"'] }`,
      3,
      15,
      'b is never reached',
      'move b above a',
    ],
    [
      rules(rule('a', `match: ['x="1"', 'x="2"'],`)),
      3,
      20,
      'a never matches: x cannot have two values',
      'write x=~"1|2"',
    ],
    [
      `    services: [{ id: a, tier: 1, match: ['x="1"'] }]`,
      1,
      22,
      'the service a has no team',
      'add team:',
    ],
    [
      `    severity: { blast: [{ id: a, minAlerts: 2, severity: P2, reason: r }] }`,
      1,
      58,
      'a never raises anything',
      'write severity: P1',
    ],
    [
      `    sla: { targets: { P0: { respond: 50m, resolve: 5h } } }`,
      1,
      52,
      'P0 gives more time to resolve than P1 does',
      'write resolve: 4h or less',
    ],
    [
      `    paging: { fallback: { severities: [P1] } }`,
      1,
      27,
      'P0 has no second channel',
      'write severities: [P0, P1]',
    ],
    [
      `    lifecycle: { reopenWindow: 2h, maxAge: 1h }`,
      1,
      32,
      'old enough to be closed',
      'write reopenWindow: 1h or less',
    ],
  ])('for %s', (sections, line, column, problem, fix) => {
    const { warnings } = accepted(withSections(sections));
    expect(warnings, JSON.stringify(warnings, null, 2)).toHaveLength(1);
    expect(warnings[0]).toMatchObject({ line: line + firstSectionLine - 1, column });
    expect(warnings[0]?.problem).toContain(problem);
    expect(warnings[0]?.fix).toContain(fix);
  });

  it.each([
    ['narrower before wider', rules(rule('a', `match: ['x="1"'],`), rule('b', ''))],
    ['other tiers', rules(rule('a', 'tiers: [1],'), rule('b', 'tiers: [2],'))],
    ['a tier before all', rules(rule('a', 'tiers: [1],'), rule('b', ''))],
    ['other environments', rules(rule('a', 'environments: [p],'), rule('b', 'environments: [q],'))],
    ['other values', rules(rule('a', `match: ['x="1"'],`), rule('b', `match: ['x="2"'],`))],
    ['the same value twice', rules(rule('a', `match: ['x="1"', 'x="1"'],`))],
    ['equal targets', '    sla: { targets: { P0: { respond: 1h, resolve: 4h } } }'],
    ['a reopen window as long as the age', '    lifecycle: { reopenWindow: 1h, maxAge: 1h }'],
  ])('is not given for %s', (_, sections) => {
    expect(accepted(withSections(sections)).warnings).toEqual([]);
  });
});
