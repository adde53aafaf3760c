import { onTestFinished } from 'vitest';
import { createGitHosts } from '../../../lib/adapters/git/git-hosts.ts';
import { createGitActuator } from '../../../lib/app/targets/git/actuator.ts';
import type { Actuator, Planning } from '../../../lib/app/targets/actuator.ts';
import type { Plan, PlanDraft } from '../../../lib/domain/action/plan.ts';
import type { TargetPolicy } from '../../../lib/domain/policy/action-policy.ts';
import { ok } from '../../../lib/domain/shared/result.ts';
import { durationMs, epochMs } from '../../../lib/domain/shared/time.ts';
import type { Fault } from '../../../lib/local/sandbox/http/faults.ts';
import { createGitSandbox } from '../../../lib/local/sandbox/git/sandbox.ts';
import type { SeededCommit } from '../../../lib/local/sandbox/git/settings.ts';
import { systemTimekeeper } from '../../../lib/local/shared/timekeeper.ts';
import type { GitHost, RepositoryRef } from '../../../lib/ports/git-host.ts';

export const TOKEN = 'token-of-tocsin';
export const REPOSITORY = 'shop/deploy';
export type HostKind = 'github' | 'gitlab';

const NOW_MS = Date.parse('2026-11-21T10:00:00Z');

/** Two good commits, one bad one on the path, and one beside it. */
const COMMITS: readonly SeededCommit[] = [
  {
    message: 'Begin',
    author: 'ada',
    files: { 'checkout/app.yaml': 'image: 1', 'basket/app.yaml': 'image: 1' },
  },
  { message: 'Release 2', author: 'ada', files: { 'checkout/app.yaml': 'image: 2' } },
  {
    message: 'Release 3',
    author: 'grace',
    files: { 'checkout/app.yaml': 'image: 3', 'checkout/extra.yaml': 'new: yes' },
  },
  { message: 'Basket 2', author: 'ada', files: { 'basket/app.yaml': 'image: 2' } },
];

export interface Setting {
  readonly commits?: readonly SeededCommit[];
  readonly protectedBranches?: readonly string[];
  readonly ledgerPath?: string;
  readonly token?: string;
}

export interface Running {
  readonly url: string;
  readonly host: GitHost;
  readonly ref: RepositoryRef;
  readonly actuator: Actuator;
  readonly setFaults: (...faults: readonly Fault[]) => void;
  readonly people: (act: string, fields?: object) => Promise<string>;
  readonly files: (branch: string) => Promise<unknown>;
  /** Commits of the branch by their messages. */
  readonly shas: () => Promise<Readonly<Record<string, string>>>;
  readonly planning: (
    parameters: Readonly<Record<string, string>>,
    healthyVersions?: readonly string[],
  ) => Planning;
}

/** A sandbox on a free port with one repository on either host, and our side of it. */
export async function start(kind: HostKind, setting: Setting = {}): Promise<Running> {
  const sandbox = createGitSandbox({
    timekeeper: systemTimekeeper,
    siteUrl: 'http://127.0.0.1',
    tokens: [TOKEN],
    repositories: [
      {
        host: kind,
        name: REPOSITORY,
        branch: 'main',
        commits: setting.commits ?? COMMITS,
        protectedBranches: setting.protectedBranches ?? [],
      },
    ],
    ...(setting.ledgerPath === undefined ? {} : { ledgerPath: setting.ledgerPath }),
  });
  onTestFinished(sandbox.close);
  const url = `${await sandbox.listen({ host: '127.0.0.1', port: 0 })}/sandbox/git`;
  const apiUrl = kind === 'github' ? `${url}/github` : `${url}/gitlab/api/v4`;
  const policy = { id: 'forge', kind, apiUrl };
  const gitHosts = hostsAt(policy, setting.token ?? TOKEN);
  const clock = { now: () => epochMs(NOW_MS), sleep: () => Promise.resolve() };
  const host = gitHosts.open('acme');
  const ref = { host: 'forge', repository: REPOSITORY };
  return {
    url,
    host,
    ref,
    actuator: createGitActuator({ gitHosts, clock }),
    setFaults: (...faults) => {
      sandbox.setFaults(faults);
    },
    people: async (act, fields = {}) => {
      const body = JSON.stringify({ host: kind, repository: REPOSITORY, ...fields });
      return (await fetch(`${url}/people/${act}`, { method: 'POST', body })).text();
    },
    files: async (branch) => {
      const { repositories } = (await (await fetch(`${url}/state`)).json()) as State;
      return repositories[0]?.branches.find(({ name }) => name === branch)?.files;
    },
    shas: async () => {
      const listed = await host.commits(ref, { branch: 'main', path: '', limit: 100 });
      if (!listed.ok) throw new Error(listed.error.message);
      return Object.fromEntries(listed.value.map(({ title, sha }) => [title, sha]));
    },
    planning: (parameters, healthyVersions = []) => planning(policy, parameters, healthyVersions),
  };
}

interface State {
  readonly repositories: readonly {
    readonly branches: readonly { readonly name: string; readonly files: unknown }[];
  }[];
}

export function hostsAt(
  policy: { readonly id: string; readonly kind: HostKind; readonly apiUrl: string },
  token: string,
) {
  const tenants = {
    acme: { clusters: {}, argocd: {}, gitHosts: { forge: token }, signals: {} },
  };
  return createGitHosts({
    secrets: { targets: () => Promise.resolve(ok({ tenants })) },
    hosts: () => [policy],
    timeouts: { readMs: durationMs(300), writeMs: durationMs(300) },
  });
}

export const GIT: NonNullable<TargetPolicy['git']> = {
  host: 'forge',
  repository: REPOSITORY,
  branch: 'main',
  path: 'checkout',
};

function planning(
  policy: { readonly id: string; readonly kind: HostKind; readonly apiUrl: string },
  parameters: Readonly<Record<string, string>>,
  healthyVersions: readonly string[],
): Planning {
  // Only what the planner of this platform reads of a tenant's policy.
  const tenant = { id: 'acme', actions: { gitHosts: [policy] } } as unknown as Planning['tenant'];
  return {
    tenant,
    target: {
      id: 'checkout',
      service: 'checkout',
      team: 'payments',
      on: {
        kind: 'argocd',
        server: 'main',
        project: 'shop',
        application: 'checkout',
        appNamespace: null,
      },
      checks: [],
      approvers: [],
      replicas: null,
      git: GIT,
    },
    request: { verb: 'revert', targetId: 'checkout', parameters, reason: 'errors' },
    incidentId: 'inc-1',
    actionId: 'a0123456789abcde',
    healthyVersions,
    nowMs: epochMs(NOW_MS),
  };
}

/** The draft as the engine makes a plan of it. */
export const planOf = (draft: PlanDraft): Plan => ({
  ...draft,
  tenant: 'acme',
  incidentId: 'inc-1',
  actionId: 'a0123456789abcde',
  authors: null,
  verification: {
    convergeWithinMs: durationMs(600_000),
    soakMs: durationMs(0),
    samples: 1,
    validateWithinMs: durationMs(0),
    checks: [],
  },
  plannedAtMs: epochMs(NOW_MS),
});
