import { describe, expect, it } from 'vitest';
import { maxPolicyLength } from '../../../lib/codec/policy/load.ts';
import { errorsOf, firstSectionLine, withSections } from './policy-text.ts';

/** One error in a section: line within the section, column, what is said, and what to write. */
type Row = readonly [
  section: string,
  line: number,
  column: number,
  path: string,
  problem: string,
  fix: string,
];

const service = (more: string) =>
  `    services:\n      - { id: a, team: t, tier: 1, match: ['a="b"'], ${more} }`;

const rows: readonly Row[] = [
  // Keys.
  ['    grupping: []', 1, 5, 'grupping', 'there is no key "grupping" here', 'write grouping'],
  ['    zzz: 1', 1, 5, 'zzz', 'there is no key "zzz" here', 'remove it'],
  [
    '    lifecycle: { reopen_window: 1m }',
    1,
    18,
    'lifecycle.reopen_window',
    'no key',
    'reopenWindow',
  ],
  ['    <<: {}', 1, 5, '<<', 'there is no key "<<" here', 'remove it'],
  // Kinds of values.
  ['    people: ada', 1, 13, 'people', 'people cannot be text', 'write people: [{ id: ada'],
  ['    people:', 1, 5, 'people', 'people cannot be empty', 'write people: ['],
  ['    name: 12', 1, 11, 'name', 'name cannot be the number 12', 'write name: "12"'],
  ['    name: true', 1, 11, 'name', 'name cannot be true or false', 'write name: "true"'],
  ['    name: [a]', 1, 12, 'name', 'name cannot be a list', 'write name: Example Shop'],
  ['    name: ""', 1, 11, 'name', 'name is empty', 'write name: Example Shop'],
  [
    `    name: ${'n'.repeat(81)}`,
    1,
    11,
    'name',
    'name is 81 characters long',
    'write name: Example',
  ],
  [
    '    sla: { stages: { a: 1 } }',
    1,
    22,
    'sla.stages',
    'stages cannot be a mapping',
    'write stages: [',
  ],
  // Severities and other words.
  [
    '    severity: { default: p1 }',
    1,
    26,
    'severity.default',
    '"p1" is not allowed',
    'write default: P1',
  ],
  [
    '    severity: { default: high }',
    1,
    26,
    'severity.default',
    '"high" is not',
    'write one of P0, P1 or P2',
  ],
  // Durations.
  [
    '    lifecycle: { maxAge: 15 hours }',
    1,
    26,
    'lifecycle.maxAge',
    'is not a duration',
    'write 15h',
  ],
  [
    '    lifecycle: { maxAge: soon }',
    1,
    26,
    'lifecycle.maxAge',
    '"soon" is not a duration',
    'write 1d',
  ],
  [
    '    lifecycle: { maxAge: 1m1h }',
    1,
    26,
    'lifecycle.maxAge',
    '"1m1h" is not a duration',
    'write 1d',
  ],
  ['    lifecycle: { maxAge: 59m }', 1, 26, 'lifecycle.maxAge', '59m is too short', 'write 1h'],
  ['    lifecycle: { maxAge: 31d }', 1, 26, 'lifecycle.maxAge', '31d is too long', 'write 30d'],
  [
    '    lifecycle: { maxAge: 3600 }',
    1,
    26,
    'lifecycle.maxAge',
    'the number 3600',
    '3600s for seconds',
  ],
  [
    '    paging: { fallback: { after: 9s } }',
    1,
    34,
    'paging.fallback.after',
    '9s is too short',
    'write 10s',
  ],
  [
    '    paging: { fallback: { after: 81s } }',
    1,
    34,
    'paging.fallback.after',
    '1m21s is too long',
    'write 80s',
  ],
  // Numbers.
  [
    '    paging: { ratePerMinute: 0 }',
    1,
    30,
    'paging.ratePerMinute',
    '0 is too small',
    'ratePerMinute: 1',
  ],
  [
    '    paging: { ratePerMinute: 6001 }',
    1,
    30,
    'paging.ratePerMinute',
    '6001 is too large',
    ': 6000',
  ],
  ['    paging: { ratePerMinute: 1.5 }', 1, 30, 'paging.ratePerMinute', 'the number 1.5', ': 1'],
  // Services.
  ['    services: [{ id: a }]', 1, 18, 'services[0].tier', 'tier is missing', 'add tier: 2'],
  [
    '    services: [{ id: My Api, tier: 1, match: [] }]',
    1,
    22,
    'services[0].id',
    '"My Api" is not',
    'id: my-api',
  ],
  [
    '    services: [{ id: a, tier: 4, match: [] }]',
    1,
    31,
    'services[0].tier',
    '4 is not',
    'tier: 2',
  ],
  [service('runbook: "ftp://x"'), 2, 63, 'services[0].runbook', 'no web address', 'write https://'],
  // Matchers.
  [
    `    services: [{ id: a, tier: 1, match: ['a=b'] }]`,
    1,
    45,
    'services[0].match[0]',
    'not in quotes',
    'a="b"',
  ],
  [
    `    services: [{ id: a, tier: 1, match: ['a=~"(b+)+"'] }]`,
    1,
    47,
    'services[0].match[0]',
    'a loop',
    'one class',
  ],
  [
    '    services: [{ id: a, tier: 1, match: "a" }]',
    1,
    41,
    'services[0].match',
    'match cannot be text',
    'write match: [',
  ],
  // Rules over several places.
  [
    '    people: [{ id: a }, { id: a }]',
    1,
    31,
    'people[1].id',
    'is taken by tenants.default.people[0].id',
    'a-2',
  ],
  [
    '    people: [{ id: a, email: a@b.co }, { id: b, email: a@b.co }]',
    1,
    56,
    'people[1].email',
    'is taken',
    'their own',
  ],
  [
    '    grouping: [{ id: source-group, by: [a] }]',
    1,
    22,
    'grouping[0].id',
    'names what holds when',
    'source-group-rule',
  ],
  [
    '    grouping: [{ id: a, by: ["@team"] }]',
    1,
    30,
    'grouping[0].by[0]',
    'there is no "@team"',
    "'@service'",
  ],
  [
    '    grouping: [{ id: a, by: ["@sorce"] }]',
    1,
    30,
    'grouping[0].by[0]',
    'there is no "@sorce"',
    "'@source'",
  ],
  [
    '    grouping: [{ id: a, by: [b, b] }]',
    1,
    33,
    'grouping[0].by[1]',
    '"b" is here twice',
    'remove one',
  ],
  [
    '    grouping: [{ id: a, by: [1] }]',
    1,
    30,
    'grouping[0].by[0]',
    'cannot be the number 1',
    'cluster',
  ],
  [
    '    grouping: [{ id: a, by: service }]',
    1,
    29,
    'grouping[0].by',
    '"service" is not allowed',
    'by: [',
  ],
  [
    '    severity: { blast: [{ id: a, severity: P0, reason: r }] }',
    1,
    27,
    'severity.blast[0]',
    'no bound',
    'minServices: 3',
  ],
  [
    '    sla: { stages: [50, 80] }',
    1,
    12,
    'sla.stages',
    'the last stage is not 100',
    '[50, 80, 100]',
  ],
  ['    sla: { stages: [80, 50, 100] }', 1, 12, 'sla.stages', 'do not ascend', '[50, 80, 100]'],
  [
    '    sla: { targets: { P0: { respond: 2h } } }',
    1,
    38,
    'sla.targets.P0.respond',
    'longer than',
    'respond: 1h',
  ],
  // YAML.
  ['    name: a\n    name: b', 2, 5, '', 'a second time; the first is in line 7', 'keep one'],
  ['    name: !!str a', 1, 17, '', 'a tag stands here', 'remove it'],
  ['    name: &x a', 1, 14, '', 'the anchor &x stands here', 'write the value out'],
  ['    sla: &x {}', 1, 13, '', 'the anchor &x stands here', 'write the value out'],
  ['    sla: !!map {}', 1, 16, '', 'a tag stands here', 'remove it'],
  ['    name: a: b', 1, 11, '', 'not valid YAML', 'single quotes'],
  ['\tname: a', 1, 1, '', 'not valid YAML: tabs', 'replace the tab by spaces'],
  ['    name: "\\q"', 1, 12, '', 'not valid YAML: invalid escape', 'single quotes'],
  ['    1: a', 1, 5, '', 'this cannot be a key', 'in quotes'],
  ['    __proto__: {}', 1, 5, '', 'this cannot be a key', 'write a name'],
];

describe('an error in a policy', () => {
  it.each(rows)('for %s is at %i:%i %s: %s', (section, line, column, path, problem, fix) => {
    const errors = errorsOf(withSections(section));
    const error = errors.find((each) => each.problem.includes(problem));
    expect(error, JSON.stringify(errors, null, 2)).toMatchObject({
      line: line + firstSectionLine - 1,
      column,
      path: path === '' ? '' : `tenants.default.${path}`,
    });
    expect(error?.fix).toContain(fix);
    expect(error?.allowed).not.toBe('');
  });

  it.each([
    ['', 1, 1, 'the file is empty', 'add version: 1'],
    ['# nothing', 1, 1, 'the file is empty', 'add version: 1'],
    ['[]', 1, 1, 'the policy cannot be a list', 'version: 1'],
    ['tenants: {}', 1, 1, 'version is missing', 'add version: 1'],
    ['version: 1', 1, 1, 'tenants is missing', 'add tenants:'],
    ['version: 1\ntenants: {}', 2, 1, 'there is no tenant', 'add default:'],
    ['version: 2\ntenants: {}', 1, 10, '2 is not allowed for version', 'write version: 1'],
    ['version: 1\ntenants: { My Team: {} }', 2, 12, '"My Team" cannot be a name', 'write my-team'],
    ['version: 1\ntenants: { a: {} }', 2, 12, 'sources is missing', 'add sources:'],
    [
      'version: 1\ntenants: { a: { sources: [] } }',
      2,
      26,
      'sources has 0 items',
      'write sources: [',
    ],
    ['%YAML 1.1\n---\nversion: 1', 1, 1, 'a directive stands before', 'remove the line'],
    ['a: 1\n---\nb: 1', 2, 1, 'a second YAML document', 'remove the ---'],
    ['&a [*a]', 1, 4, 'the anchor &a stands here', 'write the value out'],
    ['x'.repeat(maxPolicyLength + 1), 1, 1, 'the file is 262145 characters long', 'fewer'],
  ])('for the file %#', (text, line, column, problem, fix) => {
    const errors = errorsOf(text).filter((each) => each.problem.includes(problem));
    expect(errors[0], JSON.stringify(errorsOf(text))).toMatchObject({ line, column });
    expect(errors[0]?.fix).toContain(fix);
  });

  it.each(['[', '{a: ', '- ', '? '])('for %j without end is no crash', (piece) => {
    const [error] = errorsOf(piece.repeat(5_000));
    expect(error?.problem).toContain('not valid YAML');
  });

  it('is one of a bounded number, however much is wrong', () => {
    expect(errorsOf('a:\n'.repeat(5_000))).toHaveLength(500 + 3);
  });

  it('comes with all others, in the order of the text', () => {
    const errors = errorsOf(
      withSections('    zzz: 1\n    name: 12\n    people: [{ id: a }, { id: a }]\n    name: 13'),
    );
    expect(errors.map(({ line, column }) => [line, column])).toEqual([
      [7, 5],
      [9, 31],
      [10, 5],
      [10, 11],
    ]);
  });

  it('never shows what looks like a routing key or a password', () => {
    const key = '0123456789abcdef0123456789ABCDEF';
    const section = `    paging: { routingKey: ${key} }\n${service('runbook: "https://u:hunter2@x"')}`;
    const errors = errorsOf(withSections(section));
    expect(errors.map(({ line }) => line)).toEqual([7, 9]);
    expect(JSON.stringify(errors)).not.toMatch(new RegExp(`${key}|hunter2`, 'i'));
  });
});

describe('ids of sources', () => {
  it('are unique over all tenants, since a source names its tenant (I33)', () => {
    const errors = errorsOf(`version: 1
tenants:
  a: { sources: [{ id: prometheus, kind: alertmanager }] }
  b: { sources: [{ id: prometheus, kind: cloud-monitoring }] }
`);
    expect(errors).toMatchObject([
      {
        line: 4,
        column: 24,
        path: 'tenants.b.sources[0].id',
        problem: 'id "prometheus" is taken by tenants.a.sources[0].id',
      },
    ]);
  });

  it('may equal ids of services, rules and people', () => {
    const sections = `    services: [{ id: prometheus, team: t, tier: 1, match: ['a="b"'] }]
    people: [{ id: prometheus }]
    grouping: [{ id: prometheus, by: [a] }]`;
    expect(errorsOf(withSections(sections))).toEqual([]);
  });
});
