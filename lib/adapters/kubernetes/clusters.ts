import type { ClusterPolicy } from '../../domain/policy/action-policy.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { between, toIso } from '../../domain/shared/time.ts';
import type { ClusterFailure, Clusters } from '../../ports/cluster.ts';
import type { ClusterSecret, Freshness, Secrets } from '../../ports/secrets.ts';
import type { Clock, Log } from '../../ports/system.ts';
import type { AwsDeps } from './aws-call.ts';
import { expiryOf } from './bearer.ts';
import { createCluster } from './cluster.ts';
import { createEks, type Eks, type EksAccess, type EksPlace } from './eks.ts';
import { connectionTo, type Connection, type Identity } from './exchange.ts';
import { refusal } from './failures.ts';
import { expiryMarginMs, usualTimeouts } from './limits.ts';
import type { Access, Timeouts } from './transport.ts';

export interface ClustersDeps {
  readonly policy: Policy;
  readonly secrets: Pick<Secrets, 'targets'>;
  readonly aws: Omit<AwsDeps, 'clock'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Of each call, in place of 10 s for a read and 40 s for a write. */
  readonly timeouts?: Timeouts;
}

/**
 * The clusters of the policy, over connections and credentials that are kept between calls. What
 * cannot be opened for want of a credential is said at once, in a sentence; whether the cluster
 * answers shows with the first call.
 */
export function createClusters(deps: ClustersDeps): Clusters {
  const eks = createEks({ ...deps.aws, clock: deps.clock, log: deps.log });
  const connect = createConnections();
  return {
    async open(tenant, clusterId, attribution) {
      const cluster = clusterOf(deps.policy, tenant, clusterId);
      if (cluster === undefined) {
        return err(refusal(`The policy of ${tenant} names no cluster ${clusterId}.`, 'not_found'));
      }
      const way: Way = { deps, eks, connect, tenant, cluster, attribution };
      const access = (freshness: Freshness) => accessTo(way, freshness);
      const first = await access('cached');
      if (!first.ok) return first;
      const { namespaces, name } = cluster;
      const { clock, timeouts = usualTimeouts } = deps;
      return ok(createCluster({ cluster: name, clock, timeouts, access, namespaces }));
    },
  };
}

const clusterOf = (policy: Policy, tenant: string, clusterId: string): ClusterPolicy | undefined =>
  policy.tenants
    .find(({ id }) => id === tenant)
    ?.actions.clusters.find(({ id }) => id === clusterId);

type Connect = (key: string, server: string, identity: Identity) => Connection;

/** One connection for each cluster, and another when its address or what proves us changed. */
function createConnections(): Connect {
  const made = new Map<string, { readonly by: string; readonly connection: Connection }>();
  return (key, server, identity) => {
    const by = JSON.stringify([server, identity]);
    const known = made.get(key);
    if (known?.by === by) return known.connection;
    const connection = connectionTo(new URL(server), identity);
    made.set(key, { by, connection });
    return connection;
  };
}

/** Everything that leads to one cluster, for one action. */
interface Way {
  readonly deps: ClustersDeps;
  readonly eks: Eks;
  readonly connect: Connect;
  readonly tenant: string;
  readonly cluster: ClusterPolicy;
  readonly attribution: string;
}

async function accessTo(way: Way, freshness: Freshness): Promise<Result<Access, ClusterFailure>> {
  const { access } = way.cluster;
  switch (access.kind) {
    case 'eks':
      return eksAccess(way, access, freshness);
    case 'kubeconfig': {
      const cached = await kubeconfigAccess(way, freshness);
      // Whoever put a token in the secret that ends puts the next one there in time.
      return cached.ok || freshness === 'fresh' ? cached : kubeconfigAccess(way, 'fresh');
    }
  }
}

/** What the secret holds for this cluster; null when it holds nothing. */
async function secretOf(
  { deps, tenant, cluster }: Way,
  freshness: Freshness,
): Promise<Result<ClusterSecret | null, ClusterFailure>> {
  const read = await deps.secrets.targets(freshness);
  if (!read.ok) return err({ ...read.error, status: null, reason: '' });
  const { tenants } = read.value;
  const clusters = Object.hasOwn(tenants, tenant) ? (tenants[tenant]?.clusters ?? {}) : {};
  return ok(Object.hasOwn(clusters, cluster.id) ? (clusters[cluster.id] ?? null) : null);
}

/** An address and an authority in the secret pin the cluster, whatever EKS says of it. */
async function eksAccess(
  way: Way,
  access: EksAccess,
  freshness: Freshness,
): Promise<Result<Access, ClusterFailure>> {
  const read = await secretOf(way, freshness);
  if (!read.ok) return read;
  const secret = read.value ?? nothingPinned;
  const pinned = { server: secret.server, ca: pem(secret.caData) };
  const place = isWhole(pinned) ? ok(pinned) : await way.eks.place(access);
  if (!place.ok) return place;
  const token = await way.eks.token(access, way.attribution, freshness);
  if (!token.ok) return token;
  const connection = way.connect(keyOf(way), pinned.server ?? place.value.server, {
    ca: pinned.ca ?? place.value.ca,
    clientCert: null,
    clientKey: null,
    serverName: secret.tlsServerName,
  });
  return ok({ connection, token: token.value });
}

type Pinned = Pick<ClusterSecret, 'server' | 'caData' | 'tlsServerName'>;

const nothingPinned: Pinned = { server: null, caData: null, tlsServerName: null };

const isWhole = (of: { readonly [Part in keyof EksPlace]: string | null }): of is EksPlace =>
  of.server !== null && of.ca !== null;

async function kubeconfigAccess(
  way: Way,
  freshness: Freshness,
): Promise<Result<Access, ClusterFailure>> {
  const read = await secretOf(way, freshness);
  if (!read.ok) return read;
  const secret = read.value;
  if (secret === null) return err(unusable(way, 'holds nothing for it'));
  if (secret.server === null) return err(unusable(way, 'names no server for it'));
  const problem = problemOf(way, secret);
  if (problem !== null) return err(unusable(way, problem));
  const connection = way.connect(keyOf(way), secret.server, {
    ca: pem(secret.caData),
    clientCert: pem(secret.clientCertData),
    clientKey: pem(secret.clientKeyData),
    serverName: secret.tlsServerName,
  });
  return ok({ connection, token: secret.token });
}

const keyOf = ({ tenant, cluster }: Way): string => JSON.stringify([tenant, cluster.id]);

const pem = (data: string | null): string | null =>
  data === null ? null : Buffer.from(data, 'base64').toString('latin1');

/** Completes "the targets secret"; null when nothing speaks against it. */
function problemOf({ deps }: Way, secret: ClusterSecret): string | null {
  if (secret.token === null && secret.clientCertData === null) {
    return 'has neither a token nor a client certificate for it';
  }
  const expiresAtMs = secret.token === null ? null : expiryOf(secret.token);
  if (expiresAtMs === null) return null;
  const leftMs = between(deps.clock.now(), expiresAtMs);
  return leftMs >= expiryMarginMs
    ? null
    : `has a token for it that ends at ${toIso(expiresAtMs)}, too soon for a call to end before`;
}

const unusable = ({ tenant, cluster }: Way, problem: string): ClusterFailure =>
  refusal(
    `The cluster ${cluster.name} of ${tenant} cannot be opened: the targets secret ${problem}. ` +
      `Put a current one there, under tenants.${tenant}.clusters.${cluster.id}.`,
  );
