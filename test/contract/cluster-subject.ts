import { createMemoryLog } from '../../lib/adapters/memory/log.ts';
import { createClusters, type ClustersDeps } from '../../lib/adapters/kubernetes/clusters.ts';
import type { ClusterPolicy } from '../../lib/domain/policy/action-policy.ts';
import { noActions } from '../../lib/domain/policy/no-actions.ts';
import { ok } from '../../lib/domain/shared/result.ts';
import { epochMs, type EpochMs } from '../../lib/domain/shared/time.ts';
import type { Cluster } from '../../lib/ports/cluster.ts';
import type { ClusterSecret, Freshness, TargetsSecret } from '../../lib/ports/secrets.ts';
import { drawPolicy, tenantId } from '../sim/engine/policy.ts';

export { tenantId };

export const web = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
} as const;

/** What a server says of `web`. */
export const webObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', uid: 'u1', generation: 4 },
  spec: { aFieldOfTheFuture: [1] },
};

export const status = (code: number, reason: string, more: object = {}) => ({
  status: code,
  body: { kind: 'Status', status: 'Failure', code, reason, message: `no: ${reason}`, ...more },
});

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

export const secretFor = (of: Partial<ClusterSecret>): ClusterSecret => ({
  server: null,
  caData: null,
  token: null,
  clientCertData: null,
  clientKeyData: null,
  tlsServerName: null,
  ...of,
});

/** Access by a kubeconfig. */
export const kubeconfig: ClusterPolicy['access'] = { kind: 'kubeconfig' };

/** A keeper of secrets whose value the test changes: cached until it is asked afresh. */
export function rotatingTargets(first: ClusterSecret | null) {
  let current = first;
  let cached = first;
  const asked: Freshness[] = [];
  const secretOf = (cluster: ClusterSecret | null): TargetsSecret => ({
    tenants: {
      [tenantId]: {
        clusters: cluster === null ? {} : { main: cluster },
        ...{ argocd: {}, gitHosts: {}, signals: {} },
      },
    },
  });
  const targets: ClustersDeps['secrets']['targets'] = (freshness = 'cached') => {
    asked.push(freshness);
    if (freshness === 'fresh') cached = current;
    return Promise.resolve(ok(secretOf(cached)));
  };
  const rotate = (next: ClusterSecret): void => {
    current = next;
  };
  return { targets, rotate, asked };
}

export interface Subject {
  readonly open: (attribution?: string) => ReturnType<ReturnType<typeof createClusters>['open']>;
  /** Fails the test when it cannot be opened. */
  readonly opened: () => Promise<Cluster>;
  readonly paused: readonly number[];
  readonly log: ReturnType<typeof createMemoryLog>;
  readonly move: (ms: number) => void;
}

/** The adapter with one cluster, on a clock that stands and sleeps in no time. */
export function clusterSubject(of: {
  readonly access: ClusterPolicy['access'];
  readonly secrets: ClustersDeps['secrets'];
  readonly aws?: ClustersDeps['aws'];
  readonly nowMs?: EpochMs;
  readonly timeouts?: NonNullable<ClustersDeps['timeouts']>;
}): Subject {
  const drawn = drawPolicy(1);
  const cluster: ClusterPolicy = {
    id: 'main',
    name: 'Main',
    access: of.access,
    namespaces: ['shop', 'kube-system'],
  };
  const tenants = drawn.tenants.map((tenant) => ({
    ...tenant,
    actions: { ...noActions, clusters: [cluster] },
  }));
  const paused: number[] = [];
  let nowMs = of.nowMs ?? epochMs(1_800_000_000_000);
  const log = createMemoryLog();
  const clusters = createClusters({
    policy: { ...drawn, tenants },
    secrets: of.secrets,
    aws: of.aws ?? { credentials: () => ({ accessKeyId: 'AKID', secretAccessKey: 'secret' }) },
    clock: {
      now: () => nowMs,
      sleep: (span) => {
        paused.push(span);
        return Promise.resolve();
      },
    },
    log,
    ...(of.timeouts === undefined ? {} : { timeouts: of.timeouts }),
  });
  const open = (attribution = 'a1') => clusters.open(tenantId, 'main', attribution);
  return {
    open,
    async opened() {
      const cluster = await open();
      if (!cluster.ok) throw new Error(cluster.error.message);
      return cluster.value;
    },
    paused,
    log,
    move: (ms) => {
      nowMs = epochMs(nowMs + ms);
    },
  };
}
