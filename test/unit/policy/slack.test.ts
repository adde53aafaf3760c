import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../../lib/domain/shared/time.ts';
import { accepted, errorsOf, firstSectionLine, tenantOf, withSections } from './policy-text.ts';

const people = '    people: [{ id: ada, slackUserId: U0ADA }]';

const slack = (more = '') => `    slack: { teamId: T0X1, channel: C0X1${more} }\n`;

describe('a tenant with Slack', () => {
  it('has the defaults of the reference', () => {
    expect(tenantOf(withSections(`${slack()}${people}`)).slack).toEqual({
      teamId: 'T0X1',
      enterpriseId: null,
      channel: 'C0X1',
      ownChannel: {
        severities: ['P0'],
        prefix: 'inc',
        isPrivate: false,
        archiveAfterMs: hours(24),
        invite: [],
      },
      linkHosts: [],
      warRoomUrl: null,
    });
  });

  it('is taken as it stands', () => {
    const own =
      'ownChannel: { severities: [P0, P1], prefix: war-, private: true, archiveAfter: never, invite: [ada] }';
    const more = `, enterpriseId: E0X1, ${own}, linkHosts: [b.example], warRoom: "https://meet.example/a-{id}?n={id}"`;
    expect(tenantOf(withSections(`${slack(more)}${people}`)).slack).toMatchObject({
      enterpriseId: 'E0X1',
      ownChannel: {
        severities: ['P0', 'P1'],
        prefix: 'war-',
        isPrivate: true,
        archiveAfterMs: null,
        invite: ['ada'],
      },
      warRoomUrl: 'https://meet.example/a-{id}?n={id}',
    });
  });

  it('may link to the hosts of all links that its policy holds', () => {
    const services = `    services:
      - id: a
        team: t
        tier: 1
        match: ['a="b"']
        runbook: https://Wiki.example:8443/a
        dashboard: http://b.example/d
`;
    const more = ', linkHosts: [c.example, b.example], warRoom: "https://meet.example/{id}"';
    expect(tenantOf(withSections(`${slack(more)}${services}${people}`)).slack?.linkHosts).toEqual([
      'b.example',
      'c.example',
      'meet.example',
      'wiki.example',
    ]);
  });
});

describe('what is owed by severity', () => {
  it('is read for each, and never is null', () => {
    const tenant = tenantOf(
      withSections(`    communication:
      updateEvery: { P0: 30m, P1: never }
      postmortemWithin: { P2: 7d }
      closeAfter: { P2: 0s }
    paging: { acknowledgementIdle: { P0: never, P2: 1d }, adoptIncidents: false, priorities: { P0: P1 } }
`),
    );
    expect(tenant.communication).toEqual({
      updateEveryMs: { P0: minutes(30), P1: null, P2: null },
      postmortemWithinMs: { P0: hours(48), P1: hours(48), P2: hours(168) },
      closeAfterMs: { P0: hours(2), P1: hours(2), P2: 0 },
    });
    expect(tenant.paging).toMatchObject({
      ackIdleMs: { P0: null, P1: hours(4), P2: hours(24) },
      adoptIncidents: false,
      priorities: { P0: 'P1', P1: null, P2: null },
    });
  });
});

describe('people', () => {
  it('respond unless the policy says otherwise, and may have both roles', () => {
    const section = `    people:
      - { id: a }
      - { id: b, roles: [observer] }
      - { id: c, roles: [observer, responder] }`;
    expect(tenantOf(withSections(section)).people.map(({ roles }) => roles)).toEqual([
      ['responder'],
      ['observer'],
      ['observer', 'responder'],
    ]);
  });
});

describe('an error names the line, the column and what to write', () => {
  it.each([
    ['    slack: {}', 1, 5, 'slack.teamId', 'teamId is missing', 'add teamId: T0EXAMPLE'],
    ['    slack: on', 1, 12, 'slack', 'slack cannot be text', 'slack: { teamId: T0EXAMPLE'],
    [
      '    slack: { teamId: C0X1, channel: C0X1 }',
      1,
      22,
      'slack.teamId',
      '"C0X1" is not the id of a workspace',
      'app.slack.com/client/T',
    ],
    [
      '    slack: { teamId: T0X1, channel: "#incidents" }',
      1,
      37,
      'slack.channel',
      '"#incidents" is not the id of a channel',
      'at the end of the details of the channel',
    ],
    [slack(', enterpriseId: T1AB'), 1, 57, 'slack.enterpriseId', 'grid organisation', 'E0EXAMPLE'],
    [
      slack(', ownChannel: { prefix: Inc }'),
      1,
      65,
      'slack.ownChannel.prefix',
      '"Inc" is not allowed for prefix',
      'write prefix: inc',
    ],
    [
      slack(', ownChannel: { private: yes }'),
      1,
      66,
      'slack.ownChannel.private',
      'private cannot be text',
      'write private: true',
    ],
    [
      slack(', ownChannel: { archiveAfter: off }'),
      1,
      71,
      'slack.ownChannel.archiveAfter',
      '"off" is not a duration',
      'write never',
    ],
    [
      slack(', ownChannel: { archiveAfter: 91d }'),
      1,
      71,
      'slack.ownChannel.archiveAfter',
      '91d is too long',
      'write 90d',
    ],
    [
      `${slack(', ownChannel: { invite: [adda] }')}${people}`,
      1,
      66,
      'slack.ownChannel.invite[0]',
      'there is no person "adda"',
      'write ada',
    ],
    [
      `${slack(', ownChannel: { invite: [ada, zoe] }')}${people}`,
      1,
      71,
      'slack.ownChannel.invite[1]',
      'there is no person "zoe"',
      'add this person to people',
    ],
    [
      slack(', linkHosts: ["https://Grafana.example/d"]'),
      1,
      55,
      'slack.linkHosts[0]',
      'is not a host name',
      'write grafana.example',
    ],
    [
      slack(', linkHosts: ["*.example"]'),
      1,
      55,
      'slack.linkHosts[0]',
      '"*.example" is not a host name',
      'write grafana.example.com',
    ],
    [
      slack(', warRoom: "http://m.example/{id}"'),
      1,
      52,
      'slack.warRoom',
      'does not begin with https://',
      'https://meet.example.com/{id}',
    ],
    [
      slack(', warRoom: "https://m.example/{name}"'),
      1,
      52,
      'slack.warRoom',
      'another placeholder than {id}',
      'https://meet.example.com/{id}',
    ],
    [
      slack(', warRoom: "https://{id}.example/"'),
      1,
      52,
      'slack.warRoom',
      '{id} stands in the host',
      'https://meet.example.com/{id}',
    ],
    [
      slack(', warRoom: "https://m.example/<{id}>"'),
      1,
      52,
      'slack.warRoom',
      'a character',
      'write',
    ],
    [slack(', warRoom: "https://"'), 1, 52, 'slack.warRoom', 'no web address', 'write'],
    [
      '    communication: { updateEvery: { P0: 4m } }',
      1,
      41,
      'communication.updateEvery.P0',
      '4m is too short',
      'write 5m',
    ],
    [
      '    communication: { updateEvery: { P0: 20 minutes } }',
      1,
      41,
      'communication.updateEvery.P0',
      'is not a duration',
      'write 20m',
    ],
    [
      '    communication: { closeAfter: { P0: never } }',
      1,
      40,
      'communication.closeAfter.P0',
      '"never" is not a duration',
      'write 2h',
    ],
    [
      '    communication: { postmortemWithin: { P3: 1d } }',
      1,
      42,
      'communication.postmortemWithin.P3',
      'there is no key "P3"',
      'write P0',
    ],
    [
      '    paging: { acknowledgementIdle: { P0: 30 } }',
      1,
      42,
      'paging.acknowledgementIdle.P0',
      'cannot be the number 30',
      'P0: 30s for seconds, or 30m for minutes',
    ],
    [
      '    people: [{ id: a, roles: [admin] }]',
      1,
      31,
      'people[0].roles[0]',
      '"admin" is not allowed',
      'write one of observer, responder or approver',
    ],
    [
      '    people: [{ id: a, roles: [] }]',
      1,
      30,
      'people[0].roles',
      'roles has 0 items',
      'roles: [',
    ],
    [
      '    people: [{ id: a, slackUserId: U1 }, { id: b, slackUserId: U1 }]',
      1,
      64,
      'people[1].slackUserId',
      'is taken by tenants.default.people[0].slackUserId',
      'their own',
    ],
    [
      '    people: [{ id: a, pagerdutyUserId: P1 }, { id: b, pagerdutyUserId: P1 }]',
      1,
      72,
      'people[1].pagerdutyUserId',
      'is taken by tenants.default.people[0].pagerdutyUserId',
      'their own',
    ],
  ] as const)('for %s', (section, line, column, path, problem, fix) => {
    const [error] = errorsOf(withSections(section));
    expect(error, JSON.stringify(error)).toMatchObject({
      line: line + firstSectionLine - 1,
      column,
      path: `tenants.default.${path}`,
    });
    expect(error?.problem).toContain(problem);
    expect(error?.fix).toContain(fix);
  });

  it('and never shows a password in the link to a call', () => {
    const errors = errorsOf(withSections(slack(', warRoom: "https://u:hunter2@m.example/{id}"')));
    expect(errors).toMatchObject([{ found: null, sourceLine: null }]);
    expect(JSON.stringify(errors)).not.toContain('hunter2');
  });
});

describe('a warning is given', () => {
  it.each([
    [slack(), 1, 5, 'nobody may act from Slack', 'add slackUserId:'],
    [
      `${slack()}    people: [{ id: a, slackUserId: U0A, roles: [observer] }]`,
      1,
      5,
      'nobody may act from Slack',
      'add slackUserId:',
    ],
    [
      `${slack()}    people: [{ id: ada, slackUserId: "@ada" }]`,
      2,
      38,
      'ada will be refused there',
      'member ID',
    ],
    [
      `${slack(', ownChannel: { invite: [bob] }')}    people: [{ id: ada, slackUserId: U0A }, { id: bob }]`,
      1,
      66,
      'bob cannot be invited',
      'add slackUserId: to bob',
    ],
  ] as const)('for %s', (sections, line, column, problem, fix) => {
    const { warnings } = accepted(withSections(sections));
    expect(warnings, JSON.stringify(warnings)).toHaveLength(1);
    expect(warnings[0]).toMatchObject({ line: line + firstSectionLine - 1, column });
    expect(warnings[0]?.problem).toContain(problem);
    expect(warnings[0]?.fix).toContain(fix);
  });

  it('is not given about Slack where there is none', () => {
    const section = '    people: [{ id: ada, slackUserId: "@ada" }]';
    expect(accepted(withSections(section)).warnings).toEqual([]);
  });
});
