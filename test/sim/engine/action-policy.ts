import type {
  ActionPolicy,
  RunbookPolicy,
  TargetPolicy,
} from '../../../lib/domain/policy/action-policy.ts';
import { noActions } from '../../../lib/domain/policy/no-actions.ts';
import type { PersonPolicy, Policy, TenantPolicy } from '../../../lib/domain/policy/policy.ts';
import { minutes, seconds } from '../../../lib/domain/shared/time.ts';
import type { ActionRates } from './action-profile.ts';
import { sourceIds, tenantId } from './policy.ts';
import { createRandom, type Random } from './random.ts';

export const clusterId = 'main';
export const namespace = 'shop';

/** What may be acted on, and whose it is. Each is a Deployment of the same name. */
export const teams: Readonly<Record<string, string>> = {
  checkout: 'shop',
  search: 'shop',
  mail: 'back office',
  reports: 'back office',
};

export const targetIds = Object.keys(teams);

/** The account by which each person comes in, and who they are. Ann has two. */
export const humanOf: Readonly<Record<string, string>> = {
  'arn:ann': 'ann',
  'arn:ann-phone': 'ann',
  'arn:bob': 'bob',
  'arn:cy': 'cy',
  'arn:dee': 'dee',
  'arn:eve': 'eve',
};

export const humans = [...new Set(Object.values(humanOf))];

const personNamed = (id: string): PersonPolicy => ({
  id,
  name: id,
  email: `${id}@example.com`,
  pagerdutyUserId: id === 'ann' ? 'PADA' : null,
  slackUserId: null,
  logins: [`${id}-on-git`],
  apiNames: Object.keys(humanOf).filter((account) => humanOf[account] === id),
  roles: id === 'eve' ? ['responder'] : ['responder', 'approver'],
});

const targetOf = (id: string): TargetPolicy => ({
  id,
  service: id,
  team: teams[id] ?? '',
  on: { kind: 'workload', cluster: clusterId, namespace, workload: 'Deployment', name: id },
  checks: [`errors-${id}`],
  approvers: [],
  replicas: { min: 2, max: 20 },
  git: null,
});

const runbookFor = (id: string, service: string, mode: RunbookPolicy['mode']): RunbookPolicy => ({
  id,
  title: `Roll ${service} back`,
  when: { match: [], changedWithinMs: null, services: [service] },
  action: { verb: 'rollback', target: service, parameters: {} },
  steps: [],
  proposes: 'Roll back the last deploy.',
  willNot: 'It touches no data.',
  mode,
  revision: 1,
});

/** The policy with targets, with those who approve, and with guardrails drawn from the seed. */
export function withActions(policy: Policy, rates: ActionRates | null, startMs: number): Policy {
  if (rates === null) return policy;
  const random = createRandom(rates.seed, 'action policy');
  const actions = drawActions(random, rates, startMs);
  const tenants = policy.tenants.map((tenant) =>
    tenant.id === tenantId ? withTargets(tenant, actions, rates) : tenant,
  );
  return { ...policy, tenants };
}

function withTargets(
  tenant: TenantPolicy,
  actions: ActionPolicy,
  rates: ActionRates,
): TenantPolicy {
  const apiUrl = rates.hasApi ? 'https://alertmanager.example' : null;
  const [sample] = tenant.services;
  const known = tenant.services.map(({ id }) => id);
  const services = targetIds
    .filter((id) => !known.includes(id))
    .flatMap((id) =>
      sample === undefined
        ? []
        : {
            ...sample,
            id,
            name: id,
            match: [{ label: 'service', operator: '=', value: id } as const],
          },
    );
  return {
    ...tenant,
    sources: tenant.sources.map((source) =>
      source.id === sourceIds.alertmanager ? { ...source, apiUrl } : source,
    ),
    services: [...tenant.services, ...services],
    people: humans.map(personNamed),
    actions,
  };
}

function drawActions(random: Random, rates: ActionRates, startMs: number): ActionPolicy {
  const { freeze, runbookMode } = rates;
  const from = startMs + (freeze?.fromMs ?? 0);
  return {
    ...noActions,
    clusters: [
      { id: clusterId, name: 'main', access: { kind: 'kubeconfig' }, namespaces: [namespace] },
    ],
    targets: targetIds.map(targetOf),
    checks: targetIds.map((id) => ({
      id: `errors-${id}`,
      name: `Errors of ${id}`,
      measure: { kind: 'prometheus', url: 'https://prometheus.example', query: id },
      atLeast: null,
      atMost: 0.01,
    })),
    runbooks: [
      runbookFor('roll-checkout-back', 'checkout', runbookMode),
      runbookFor('roll-checkout-back-again', 'checkout', runbookMode),
      runbookFor('roll-search-back', 'search', runbookMode),
    ],
    guardrails: {
      ...noActions.guardrails,
      approvalWithinMs: minutes(random.int(4, 10)),
      windowMs: minutes(random.int(8, 15)),
      perTarget: random.int(1, 2),
      perTeam: random.int(1, 3),
      inAll: random.int(2, 4),
      cooldownMs: minutes(random.pick([0, 1, 10])),
      freezes: freeze === null ? [] : [{ name: 'sale', from, until: from + freeze.lengthMs }],
      soakMs: seconds(random.pick([30, 60, 120])),
      samples: random.int(3, 5),
      convergeWithinMs: minutes(random.int(2, 4)),
      validateWithinMs: minutes(random.int(2, 4)),
    },
  };
}

/** The policy with fewer approvers: somebody has lost the role. */
export const withoutApprover = (policy: Policy, id: string): Policy => ({
  ...policy,
  tenants: policy.tenants.map((tenant) => ({
    ...tenant,
    people: tenant.people.map((person) =>
      person.id === id
        ? { ...person, roles: person.roles.filter((role) => role !== 'approver') }
        : person,
    ),
  })),
});
