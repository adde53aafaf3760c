import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readManifests } from '../../codec/manifest.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { ClusterSecret } from '../../ports/secrets.ts';
import type { Mount } from '../runtime/http/api-server.ts';
import { MOUNT } from '../sandbox/kubernetes/people-api.ts';
import { createKubernetesSandbox, type KubernetesSandbox } from '../sandbox/kubernetes/sandbox.ts';
import { readTextIfPresent, writeFileAtomically } from '../shared/files.ts';
import { isJsonObject, ownValue, parseJson } from '../shared/json.ts';
import type { Timekeeper } from '../shared/timekeeper.ts';
import { keptText } from './kept-text.ts';

/** The cluster of this run. */
export interface KubernetesHere {
  /** Base URL of its API, over TLS. */
  readonly apiUrl: string;
  /** The file for a person's kubectl. */
  readonly kubeconfigPath: string;
  /** What opens it, with the rights of `deploy/kubernetes/` and no others. */
  readonly secret: ClusterSecret;
  /** By tenant and id, for every cluster of the policy that is entered by a kubeconfig. */
  readonly secrets: (
    policy: Policy,
  ) => Readonly<Record<string, Readonly<Record<string, ClusterSecret>>>>;
  /** The parts of our own address that are served here. */
  readonly mounts: () => readonly Mount[];
  readonly close: () => Promise<void>;
}

export interface KubernetesRequest {
  readonly dataDir: string;
  /** Root of this repository, where the manifests are. */
  readonly rootDir: string;
  readonly timekeeper: Timekeeper;
}

/** As an operator applies them: who we are, and what we may do. */
const MANIFESTS = ['identity.yaml', 'tocsin.yaml', 'pods-delete.yaml'];

/**
 * Starts the sandbox cluster on loopback. Its port is the same as last time while it is free, so
 * that a kubeconfig that somebody copied goes on working.
 */
export async function startKubernetes(request: KubernetesRequest): Promise<KubernetesHere> {
  const { dataDir, rootDir, timekeeper } = request;
  const directory = join(dataDir, 'kubernetes-sandbox');
  const keysPath = join(directory, 'keys.json');
  const keys = readKeys(keysPath);
  const kubeconfigPath = join(dataDir, 'kubeconfig');
  const sandbox = createKubernetesSandbox({
    timekeeper,
    randomBytes,
    directory,
    kubeconfigPath,
    adminToken: keys.adminToken,
    tocsinToken: keys.tocsinToken,
    manifests: MANIFESTS.flatMap((name) =>
      readManifests(readFileSync(join(rootDir, 'deploy', 'kubernetes', name), 'utf8')),
    ),
  });
  const apiUrl = await listenOn(sandbox, keys.port);
  const port = Number(new URL(apiUrl).port);
  writeFileAtomically(keysPath, `${JSON.stringify({ ...keys, port }, undefined, 2)}\n`);
  const secret: ClusterSecret = {
    server: apiUrl,
    caData: Buffer.from(sandbox.ca, 'utf8').toString('base64'),
    token: keys.tocsinToken,
    clientCertData: null,
    clientKeyData: null,
    tlsServerName: null,
  };
  return {
    apiUrl,
    kubeconfigPath,
    secret,
    secrets: (policy) => secretsFor(policy, secret),
    mounts: () => [{ prefix: MOUNT, handle: sandbox.handle }],
    close: sandbox.close,
  };
}

interface Keys {
  readonly adminToken: string;
  readonly tocsinToken: string;
  /** 0 before the first start. */
  readonly port: number;
}

function readKeys(path: string): Keys {
  const stored = parseJson(readTextIfPresent(path) ?? '');
  const kept = isJsonObject(stored) ? stored : {};
  const port = ownValue(kept, 'port');
  return {
    adminToken: keptText(kept, ['adminToken']),
    tocsinToken: keptText(kept, ['tocsinToken']),
    port: typeof port === 'number' ? port : 0,
  };
}

const HOST = '127.0.0.1';

async function listenOn(sandbox: KubernetesSandbox, port: number): Promise<string> {
  try {
    return await sandbox.listen({ host: HOST, port });
  } catch (error) {
    // Somebody has taken the port since; the kubeconfig is written with the new one.
    if (port === 0 || !isTaken(error)) throw error;
    return await sandbox.listen({ host: HOST, port: 0 });
  }
}

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

function secretsFor(
  policy: Policy,
  secret: ClusterSecret,
): Readonly<Record<string, Readonly<Record<string, ClusterSecret>>>> {
  return Object.fromEntries(
    policy.tenants.map(({ id, actions }) => {
      const clusters = actions.clusters.filter(({ access }) => access.kind === 'kubeconfig');
      return [id, Object.fromEntries(clusters.map((cluster) => [cluster.id, secret]))];
    }),
  );
}
