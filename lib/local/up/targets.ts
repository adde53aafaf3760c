import { join } from 'node:path';
import type { Policy, TenantPolicy } from '../../domain/policy/policy.ts';
import type { ClusterSecret } from '../../ports/secrets.ts';
import type { Mount } from '../runtime/http/api-server.ts';
import { ARGOCD_SANDBOX_PATH, createArgoCdSandbox } from '../sandbox/argocd/sandbox.ts';
import { createGitSandbox, GIT_SANDBOX_PATH } from '../sandbox/git/sandbox.ts';
import { readTextIfPresent, writeFileAtomically } from '../shared/files.ts';
import { isJsonObject, ownValue, parseJson, type JsonObject } from '../shared/json.ts';
import type { Timekeeper } from '../shared/timekeeper.ts';
import { keptText } from './kept-text.ts';
import { startKubernetes } from './kubernetes.ts';
import { argoCdApplications, gitRepositories } from './targets-sample.ts';

/** What opens the sandboxes beside the cluster. */
interface TargetKeys {
  readonly argocd: string;
  readonly git: string;
}

/** The targets of this run: a cluster, an Argo CD and Git hosts that anybody may break. */
export interface TargetsHere {
  readonly environment: (url: string) => Readonly<Record<string, string>>;
  readonly mounts: (url: string) => readonly Mount[];
  /** Adds to the secret what opens the sandboxes, for all places of the policy without an entry. */
  readonly addTo: (secret: JsonObject, policy: Policy) => JsonObject;
  readonly close: () => Promise<void>;
}

export interface TargetsRequest {
  readonly dataDir: string;
  /** Root of this repository: the cluster grants what its manifests grant. */
  readonly rootDir: string;
  readonly timekeeper: Timekeeper;
}

/** Starts the sandbox cluster, which has an address of its own, and prepares the others. */
export async function prepareTargets(request: TargetsRequest): Promise<TargetsHere> {
  const { dataDir, rootDir, timekeeper } = request;
  const directory = join(dataDir, 'targets-sandbox');
  const keys = keepKeys(join(directory, 'keys.json'));
  const cluster = await startKubernetes({ dataDir, rootDir, timekeeper });
  const close: (() => Promise<void>)[] = [cluster.close];
  return {
    environment: (url) => ({ TOCSIN_SANDBOX_URL: url }),
    mounts: (url) => {
      const argocd = createArgoCdSandbox({
        timekeeper,
        ledgerPath: join(directory, 'argocd.jsonl'),
        accounts: [{ name: 'tocsin', token: keys.argocd, rights: ['get', 'sync', 'update'] }],
        applications: argoCdApplications,
      });
      const git = createGitSandbox({
        timekeeper,
        ledgerPath: join(directory, 'git.jsonl'),
        siteUrl: url,
        tokens: [keys.git],
        repositories: gitRepositories,
      });
      close.push(argocd.close, git.close);
      return [
        ...cluster.mounts(),
        { prefix: ARGOCD_SANDBOX_PATH, handle: argocd.handle },
        { prefix: GIT_SANDBOX_PATH, handle: git.handle },
      ];
    },
    addTo: (secret, policy) => withSandboxes(secret, { policy, keys, cluster: cluster.secret }),
    close: async () => {
      await Promise.all(close.map((end) => end()));
    },
  };
}

function keepKeys(path: string): TargetKeys {
  const stored = parseJson(readTextIfPresent(path) ?? '');
  const kept = isJsonObject(stored) ? stored : {};
  const keys = { argocd: keptText(kept, ['argocd']), git: keptText(kept, ['git']) };
  writeFileAtomically(path, `${JSON.stringify(keys, undefined, 2)}\n`);
  return keys;
}

export interface Sandboxes {
  readonly policy: Policy;
  readonly keys: TargetKeys;
  readonly cluster: ClusterSecret;
}

/** An entry that somebody wrote stays; one that opens a sandbox follows the sandbox. */
export function withSandboxes(secret: JsonObject, sandboxes: Sandboxes): JsonObject {
  const tenants = membersOf(secret, 'tenants');
  return {
    tenants: {
      ...tenants,
      ...Object.fromEntries(
        sandboxes.policy.tenants.map((tenant) => [
          tenant.id,
          tenantEntry(membersOf(tenants, tenant.id), tenant, sandboxes),
        ]),
      ),
    },
  };
}

function tenantEntry(
  kept: JsonObject,
  { actions }: TenantPolicy,
  { keys, cluster }: Sandboxes,
): JsonObject {
  const isOurs = (value: unknown): boolean =>
    isJsonObject(value) && value['token'] === cluster.token;
  const byHand = Object.entries(membersOf(kept, 'clusters')).filter(([, value]) => !isOurs(value));
  const all = (ids: readonly { readonly id: string }[], value: JsonObject | string): JsonObject =>
    Object.fromEntries(ids.map(({ id }) => [id, value]));
  const entered = actions.clusters.filter(({ access }) => access.kind === 'kubeconfig');
  return {
    clusters: { ...all(entered, { ...cluster }), ...Object.fromEntries(byHand) },
    argocd: { ...all(actions.argocd, keys.argocd), ...membersOf(kept, 'argocd') },
    gitHosts: { ...all(actions.gitHosts, keys.git), ...membersOf(kept, 'gitHosts') },
    signals: membersOf(kept, 'signals'),
  };
}

function membersOf(object: JsonObject, key: string): JsonObject {
  const value = ownValue(object, key);
  return isJsonObject(value) ? value : {};
}
