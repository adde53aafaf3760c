import { describe, expect, it } from 'vitest';
import { noActions } from '../../../lib/domain/policy/no-actions.ts';
import { hours, minutes, seconds } from '../../../lib/domain/shared/time.ts';
import { accepted, errorsOf, firstSectionLine, tenantOf, withSections } from './policy-text.ts';

const cluster =
  '    clusters: [{ id: main, access: { kind: kubeconfig }, namespaces: [shop, edge] }]';
const people = '    people: [{ id: ada, roles: [approver] }, { id: grace, roles: [approver] }]';
const check = '    checks: [{ id: health, measure: { kind: http, url: "http://shop.example/h" } }]';
const on = (workload = 'Deployment') =>
  `{ kind: workload, cluster: main, namespace: shop, workload: ${workload}, name: checkout }`;
const target = (more = '', workload?: string) =>
  `    targets: [{ id: checkout, on: ${on(workload)}${more} }]`;
const rest = `${cluster}\n${people}\n${check}\n`;
const runbook = (more: string) =>
  `    runbooks: [{ id: r, title: t, when: {}, proposes: p, willNot: w, ${more} }]`;

const actionsOf = (sections: string) => tenantOf(withSections(sections)).actions;

describe('a tenant that says nothing of actions', () => {
  it('has none, and the guardrails of the reference', () => {
    expect(actionsOf('')).toEqual(noActions);
  });
});

describe('what a policy says of actions', () => {
  it('is taken as it stands', () => {
    const actions = actionsOf(`    services: [{ id: shop, team: web, tier: 1, match: ['a="b"'] }]
    clusters:
      - id: main
        name: Frankfurt
        access: { kind: eks, region: eu-central-1, clusterName: Main_1 }
        namespaces: [shop]
    gitHosts: [{ id: hub, kind: github, apiUrl: https://api.github.com }]
    argocd: [{ id: argo, url: "http://127.0.0.1:8484/sandbox/argocd" }]
    targets:
      - id: green
        service: shop
        on: { kind: service, cluster: main, namespace: shop, name: s, selectorKey: v, sides: [a, b] }
        git: { host: hub, repository: o/r, path: deploy }
      - { id: app, on: { kind: argocd, server: argo, project: p, application: shop } }
      - { id: route, team: net, on: { kind: http-route, cluster: main, namespace: shop, name: r } }
    checks: [{ id: e, measure: { kind: prometheus, url: http://p.example:9090, query: x }, atMost: 0.1 }]
    runbooks:
      - id: r
        title: t
        when: { match: ['a="b"'], changedWithin: 2h, services: [shop] }
        action: { verb: switch, target: green, parameters: { to: 7 } }
        proposes: p
    changeSources: [{ id: hub, kind: github, services: { o/r: shop } }]
    guardrails:
      freezes: [{ name: x, from: 2026-12-20T00:00:00Z, until: 2026-12-20T02:00:00+01:00 }]
      soak: 30s
      samples: 3
`);
    expect(actions).toMatchObject({
      clusters: [{ name: 'Frankfurt', access: { kind: 'eks', roleArn: null } }],
      targets: [
        { service: 'shop', team: 'web', on: { sides: ['a', 'b'] }, git: { branch: 'main' } },
        { service: null, team: 'unassigned', on: { appNamespace: null }, replicas: null },
        { team: 'net', on: { rule: 0 }, git: null, checks: [], approvers: [] },
      ],
      checks: [{ name: 'e', atLeast: null, atMost: 0.1 }],
      runbooks: [
        {
          when: { changedWithinMs: hours(2), services: ['shop'] },
          action: { verb: 'switch', target: 'green', parameters: { to: '7' } },
          willNot: '',
          mode: 'shadow',
          revision: 1,
        },
      ],
      changeSources: [{ services: { 'o/r': 'shop' } }],
      guardrails: { soakMs: seconds(30), samples: 3, approvalWithinMs: minutes(10) },
    });
    const [freeze] = actions.guardrails.freezes;
    expect((freeze?.until ?? 0) - (freeze?.from ?? 0)).toBe(hours(1));
  });

  it('makes of an http check one that must measure 1', () => {
    expect(actionsOf(`${target(', checks: [health]')}\n${rest}`).checks).toEqual([
      {
        id: 'health',
        name: 'health',
        measure: { kind: 'http', url: 'http://shop.example/h', contains: null },
        atLeast: 1,
        atMost: null,
      },
    ]);
  });

  it('knows people by their other names, and sources by their own API', () => {
    const tenant = tenantOf(
      withSections(`        apiUrl: http://alertmanager.monitoring:9093
    people: [{ id: ada, logins: [ada-b, AdaB], apiNames: ['arn:aws:sts::1:assumed-role/r/ada'] }]`),
    );
    expect(tenant.sources[0]?.apiUrl).toBe('http://alertmanager.monitoring:9093');
    expect(tenant.people[0]).toMatchObject({
      logins: ['ada-b', 'AdaB'],
      apiNames: ['arn:aws:sts::1:assumed-role/r/ada'],
    });
  });
});

describe('an error names the place and what to write', () => {
  it.each([
    [
      `${target()}\n${cluster.replace('main', 'mein')}`,
      'targets[0].on.cluster',
      'no cluster "main"',
      'write mein',
    ],
    [
      target(),
      'targets[0].on.cluster',
      'there is no cluster "main"',
      'add this cluster to clusters',
    ],
    [`${target(', service: shop')}\n${cluster}`, 'targets[0].service', 'no service "shop"', 'add'],
    [`${target(', checks: [helth]')}\n${rest}`, 'targets[0].checks[0]', 'no check', 'write health'],
    [
      `${target(', approvers: [adda]')}\n${rest}`,
      'targets[0].approvers[0]',
      'no person',
      'write ada',
    ],
    [
      `${target(', git: { host: hub, repository: a/b, path: c }')}\n${rest}`,
      'targets[0].git.host',
      'no Git host "hub"',
      'add this Git host to gitHosts',
    ],
    [
      `${target().replace('shop', 'shopp')}\n${cluster}`,
      'targets[0].on.namespace',
      'does not list the namespace "shopp"',
      'write shop',
    ],
    [
      '    clusters: [{ id: main, access: { kind: kubeconfig }, namespaces: [kube-system] }]',
      'clusters[0].namespaces[0]',
      'kube-system belongs to Kubernetes itself',
      'a namespace of your own',
    ],
    [
      '    clusters: [{ id: main, access: { kind: gke }, namespaces: [shop] }]',
      'clusters[0].access.kind',
      '"gke" is not allowed for kind',
      'write one of eks or kubeconfig',
    ],
    [
      '    clusters: [{ id: main, access: { kind: eks, region: eu-central-1 }, namespaces: [shop] }]',
      'clusters[0].access.clusterName',
      'clusterName is missing',
      'add clusterName: main',
    ],
    [
      `${target().replace('workload: Deployment', 'workload: Deploiment')}\n${cluster}`,
      'targets[0].on.workload',
      'is not allowed for workload',
      'write workload: Deployment',
    ],
    [
      `${target().replace('kind: workload', 'kind: workloads')}\n${cluster}`,
      'targets[0].on.kind',
      '"workloads" is not allowed for kind',
      'write kind: workload',
    ],
    [
      `${target().replace('cluster: main', 'clusters: main')}\n${cluster}`,
      'targets[0].on.clusters',
      'there is no key "clusters" here',
      'write cluster',
    ],
    [
      target(', on: 1').replace(`on: ${on()}, `, ''),
      'targets[0].on',
      'cannot be the number 1',
      'kind: workload',
    ],
    [
      `${target(', replicas: { min: 9, max: 3 }')}\n${cluster}`,
      'targets[0].replicas.min',
      'above max',
      'min: 3',
    ],
    [
      '    checks: [{ id: e, measure: { kind: prometheus, url: "http://p:9090", query: x } }]',
      'checks[0]',
      'no bound',
      'add atMost: 0.05',
    ],
    [
      '    checks: [{ id: e, measure: { kind: prometheus, url: "http://p:9090/", query: x }, atMost: 1 }]',
      'checks[0].measure.url',
      'paths are put behind this address',
      'write http://p:9090',
    ],
    [check.replace(' } }]', ' }, atMost: 1 }]'), 'checks[0].atMost', 'has no bounds', 'remove it'],
    [
      '    argocd: [{ id: argo, url: http://argo.example }]',
      'argocd[0].url',
      'a token would cross the network in the clear',
      'write https://argo.example',
    ],
    [
      '    gitHosts: [{ id: hub, kind: gitlab, apiUrl: gitlab.example }]',
      'gitHosts[0].apiUrl',
      'this is no web address',
      'write https://api.github.com',
    ],
    [runbook(''), 'runbooks[0]', 'neither proposes an action nor has steps', 'add action:'],
    [runbook('steps: [s], mode: automatic'), 'runbooks[0].mode', 'cannot be automatic', 'propose'],
    [runbook('action: { verb: rolback }'), 'runbooks[0].action.verb', 'not allowed', 'rollback'],
    [
      runbook('action: { verb: promote }, mode: automatic'),
      'runbooks[0].mode',
      'promote goes on to the version in doubt',
      'write mode: propose',
    ],
    [
      `${runbook('action: { verb: rollback, target: checkout }, mode: automatic')}\n${target('', 'StatefulSet')}\n${cluster}`,
      'runbooks[0].mode',
      'may have to delete pods',
      'write mode: propose',
    ],
    [
      `${runbook('action: { verb: pause, target: checkout }')}\n${target('', 'DaemonSet')}\n${cluster}`,
      'runbooks[0].action.verb',
      'pause cannot be done to checkout',
      'write rollback',
    ],
    [
      `${runbook('action: { verb: revert, target: checkout }')}\n${target()}\n${cluster}`,
      'runbooks[0].action.verb',
      'revert cannot be done to checkout',
      'add git: to checkout',
    ],
    [
      runbook('action: { verb: scale }'),
      'runbooks[0].action.verb',
      'scale does not say how far',
      'add parameters: { by: +50% }',
    ],
    [
      runbook('action: { verb: restart, parameters: { by: 2 } }'),
      'runbooks[0].action.parameters.by',
      'restart takes no "by"',
      'remove it',
    ],
    [
      runbook('action: { verb: scale, target: x }'),
      'runbooks[0].action.target',
      'no target "x"',
      'add',
    ],
    [
      '    guardrails: { freezes: [{ name: x, from: 2026-12-20T00:00:00Z, until: 2026-12-19T00:00:00Z }] }',
      'guardrails.freezes[0].until',
      'ends before it begins',
      'a later until',
    ],
    [
      '    guardrails: { freezes: [{ name: x, from: 2026-12-20, until: 2026-12-21T00:00:00Z }] }',
      'guardrails.freezes[0].from',
      '"2026-12-20" is no instant',
      'write 2026-12-20T00:00:00Z',
    ],
    [
      '    guardrails: { soak: 20m }',
      'guardrails.soak',
      'must hold for 20m',
      'validateWithin: 20m',
    ],
    ['    guardrails: { samples: 100 }', 'guardrails.samples', 'hold for 16m30s', 'fewer samples'],
    ['    guardrails: { soak: 1s }', 'guardrails.soak', '1s is too short', 'write 10s'],
    ['    guardrails: { perTarget: 0 }', 'guardrails.perTarget', 'too small', 'perTarget: 1'],
    [
      '    changeSources: [{ id: prometheus, kind: tocsin }]',
      'changeSources[0].id',
      'is taken by tenants.default.sources[0].id',
      'prometheus-2',
    ],
    [
      '    changeSources: [{ id: d, kind: github, services: { a/b: nope } }]',
      'changeSources[0].services.a/b',
      'there is no service "nope"',
      'add this service',
    ],
    [
      '    people: [{ id: a, logins: [x] }, { id: b, logins: [x] }]',
      'people[1].logins[0]',
      'is taken by tenants.default.people[0].logins[0]',
      'their own',
    ],
  ] as const)('for %s', (sections, path, problem, fix) => {
    const errors = errorsOf(withSections(sections));
    const error = errors.find((each) => each.path === `tenants.default.${path}`);
    expect(error, JSON.stringify(errors)).toBeDefined();
    expect(error?.problem).toContain(problem);
    expect(error?.fix).toContain(fix);
    expect(error?.line).toBeGreaterThanOrEqual(firstSectionLine);
  });

  it('and refuses to ask Cloud Monitoring for what it does not tell', () => {
    const text = `version: 1
tenants:
  default:
    sources: [{ id: g, kind: cloud-monitoring, apiUrl: "https://m.example" }]
`;
    expect(errorsOf(text)).toMatchObject([{ line: 4, path: 'tenants.default.sources[0].apiUrl' }]);
  });

  it('and never shows a password', () => {
    const errors = errorsOf(
      withSections('    argocd: [{ id: argo, url: "https://u:hunter2@argo.example" }]'),
    );
    expect(errors).toMatchObject([{ found: null, sourceLine: null }]);
    expect(JSON.stringify(errors)).not.toContain('hunter2');
  });
});

describe('a warning is given', () => {
  const shop = '    services: [{ id: shop, team: t, tier: 1, match: [\'a="b"\'] }]\n';
  it.each([
    [`${target()}\n${cluster}\n${people}`, 'checkout has no checks', 'add checks:'],
    [
      `${target(', checks: [health]')}\n${cluster}\n${check}`,
      'nobody may approve an action',
      'add roles: [approver]',
    ],
    [
      `${target(', checks: [health]')}\n${cluster}\n${check}\n    people: [{ id: a, roles: [approver] }]`,
      'one person alone may approve',
      'add roles: [approver]',
    ],
    [
      `${target(', checks: [health], approvers: [lin]')}\n${cluster}\n${check}\n${people.replace(' }]', ' }, { id: lin }]')}`,
      'lin may not approve anything',
      'add approver to the roles of lin',
    ],
    [check, 'no target names the check health', 'remove it'],
    [
      runbook('steps: [s]').replace('willNot: w, ', ''),
      'does not say what it will not do',
      'willNot:',
    ],
    [
      `${shop}${target(', checks: [health], service: shop', 'DaemonSet')}\n${rest}${runbook('action: { verb: scale, parameters: { by: 2 } }')}`,
      'no target of its services can scale',
      'add such a target',
    ],
    [
      runbook('steps: [s]').replace('when: {}', `when: { match: ['a="b"', 'a="c"'] }`),
      'a cannot have two values at once',
      'a=~"b|c"',
    ],
  ] as const)('for %s', (sections, problem, fix) => {
    const { warnings } = accepted(withSections(sections));
    expect(warnings, JSON.stringify(warnings)).toHaveLength(1);
    expect(warnings[0]?.problem).toContain(problem);
    expect(warnings[0]?.fix).toContain(fix);
  });
});
