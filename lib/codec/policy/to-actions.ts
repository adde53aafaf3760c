import type {
  ActionPolicy,
  CheckPolicy,
  ClusterPolicy,
  GuardrailPolicy,
  RunbookPolicy,
  TargetPlace,
  TargetPolicy,
} from '../../domain/policy/action-policy.ts';
import { noTeam } from './defaults.ts';
import type { PolicyFile } from './schema.ts';

type TenantFile = PolicyFile['tenants'][string];

/** What a valid file says about actions. */
export const toActions = (file: TenantFile): ActionPolicy => ({
  clusters: file.clusters.map(toCluster),
  argocd: file.argocd,
  gitHosts: file.gitHosts,
  targets: file.targets.map((target) => toTarget(target, file.services)),
  checks: file.checks.map(toCheck),
  runbooks: file.runbooks.map(toRunbook),
  changeSources: file.changeSources,
  guardrails: toGuardrails(file.guardrails),
});

const toCluster = ({
  id,
  name,
  access,
  namespaces,
}: TenantFile['clusters'][number]): ClusterPolicy => ({
  id,
  name: name ?? id,
  access: access.kind === 'eks' ? { ...access, roleArn: access.roleArn ?? null } : access,
  namespaces,
});

const toTarget = (
  file: TenantFile['targets'][number],
  services: TenantFile['services'],
): TargetPolicy => ({
  id: file.id,
  service: file.service ?? null,
  team: file.team ?? services.find(({ id }) => id === file.service)?.team ?? noTeam,
  on: toPlace(file.on),
  checks: file.checks,
  approvers: file.approvers,
  replicas: file.replicas ?? null,
  git: file.git ?? null,
});

function toPlace(on: TenantFile['targets'][number]['on']): TargetPlace {
  switch (on.kind) {
    case 'workload':
    case 'http-route':
      return on;
    case 'service': {
      // The schema takes lists of two only.
      const [one = '', other = ''] = on.sides;
      return { ...on, sides: [one, other] };
    }
    case 'argocd':
      return { ...on, appNamespace: on.appNamespace ?? null };
  }
}

function toCheck({ id, name, ...file }: TenantFile['checks'][number]): CheckPolicy {
  const { measure } = file;
  const named = { id, name: name ?? id };
  if (measure.kind === 'http') {
    const http = { ...measure, contains: measure.contains ?? null };
    return { ...named, measure: http, atLeast: goodAnswer, atMost: null };
  }
  return { ...named, measure, atLeast: file.atLeast ?? null, atMost: file.atMost ?? null };
}

/** What an `http` check measures when it is answered as it should be. */
const goodAnswer = 1;

const toRunbook = (file: TenantFile['runbooks'][number]): RunbookPolicy => ({
  id: file.id,
  title: file.title,
  when: {
    match: file.when.match,
    changedWithinMs: file.when.changedWithin ?? null,
    services: file.when.services,
  },
  action: file.action === undefined ? null : toRunbookAction(file.action),
  steps: file.steps,
  proposes: file.proposes,
  willNot: file.willNot ?? '',
  mode: file.mode,
  revision: file.revision,
});

const toRunbookAction = ({
  verb,
  target,
  parameters,
}: NonNullable<TenantFile['runbooks'][number]['action']>): RunbookPolicy['action'] => ({
  verb,
  target: target ?? null,
  parameters: Object.fromEntries(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ),
});

const toGuardrails = (file: TenantFile['guardrails']): GuardrailPolicy => ({
  approvalWithinMs: file.approvalWithin,
  windowMs: file.window,
  perTarget: file.perTarget,
  perTeam: file.perTeam,
  inAll: file.inAll,
  cooldownMs: file.cooldown,
  freezes: file.freezes.map(({ name, from, until }) => ({ name, from, until })),
  soakMs: file.soak,
  samples: file.samples,
  convergeWithinMs: file.convergeWithin,
  validateWithinMs: file.validateWithin,
});
