import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { writeFileAtomically } from '../../shared/files.ts';
import { listen, stopListening, type ListenAddress } from '../../shared/listener.ts';
import { serveApi } from './api/api.ts';
import type { ApiDeps } from './api/call.ts';
import { ADMIN, createTokens, serviceAccount } from './api/people.ts';
import { refuse } from './api/refusal.ts';
import { sendReply, type Reply } from './api/reply.ts';
import { createHealer } from './controllers/healer.ts';
import { startControlLoop } from './controllers/run.ts';
import { createFaults, type Fault, type Faults, type HealerFault } from './faults.ts';
import { keepStore, readStore } from './keep-store.ts';
import { kubeconfig } from './kubeconfig.ts';
import { createPeopleApi } from './people-api.ts';
import { readCall } from './read-call.ts';
import { SHOP } from './seed/shop.ts';
import { seedCluster } from './seed/seed.ts';
import type { KubernetesSandboxSettings } from './settings.ts';
import { createStore, type Store } from './store/store.ts';
import { keepIdentity } from './tls/keep-identity.ts';

/**
 * A Kubernetes cluster on one machine: an API server that the real kubectl takes for one, with
 * rights, watches and dry runs, and controllers that roll out, break and hang as the images say.
 * No container runs. What it holds outlives a kill; tokens that it issued do not.
 */
export interface KubernetesSandbox {
  /** Serves the view and the faults below `/sandbox/kubernetes`; the other server guards it. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Serves the API over TLS, writes the kubeconfig, and gives the base URL. */
  readonly listen: (address: ListenAddress) => Promise<string>;
  /** Certificate of the authority that clients have to trust, as PEM. */
  readonly ca: string;
  /** Replaces the faults; none for health. */
  readonly setFaults: (faults: readonly Fault[]) => void;
  /** Cuts connections, and ends the controllers. */
  readonly close: () => Promise<void>;
}

export function createKubernetesSandbox(settings: KubernetesSandboxSettings): KubernetesSandbox {
  const { timekeeper, randomBytes, directory } = settings;
  const identity = keepIdentity({
    ...(directory === undefined ? {} : { path: join(directory, 'identity.json') }),
    nowMs: timekeeper.nowMs(),
    randomBytes,
  });
  const { store, close: closeStore } = openStore(settings);
  const faults = createFaults(timekeeper);
  const loop = startControlLoop({
    store,
    timekeeper,
    suffix: suffixes(randomBytes),
    others: [createHealer(() => faults.list().filter((fault) => fault.kind === 'healer'))],
  });
  const setFaults = (next: readonly Fault[]): void => {
    faults.set(next);
    // A healer keeps what it finds when it is switched on.
    if (next.some((fault): fault is HealerFault => fault.kind === 'healer')) loop.turn();
  };
  let url = '';
  const api = apiDeps(settings, { store, faults, serverUrl: () => url });
  const servers: Server[] = [];
  return {
    handle: createPeopleApi({ store, faults, setFaults, timekeeper, serverUrl: () => url }),
    listen: async (address) => {
      const { cert, key, ca } = identity;
      const server = createServer({ cert, key }, (request, response) => {
        void serve(api, request, response);
      });
      servers.push(server);
      url = (await listen(server, address)).replace(/^http:/, 'https:');
      const { kubeconfigPath: path, adminToken: token } = settings;
      const facts = { server: url, ca, token, namespace: SHOP };
      if (path !== undefined) writeFileAtomically(path, kubeconfig(facts));
      return url;
    },
    ca: identity.ca,
    setFaults,
    close: async () => {
      await Promise.all(servers.map((server) => stopListening(server, { graceMs: 0, timekeeper })));
      loop.stop();
      closeStore();
    },
  };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const uids = (randomBytes: (length: number) => Uint8Array) => (): string =>
  hex(randomBytes(16)).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

const SIGNS = 'bcdfghjklmnpqrstvwxz2456789';

const suffixes = (randomBytes: (length: number) => Uint8Array) => (): string =>
  [...randomBytes(5)].map((byte) => SIGNS[byte % SIGNS.length] ?? '').join('');

function openStore(settings: KubernetesSandboxSettings): {
  readonly store: Store;
  readonly close: () => void;
} {
  const { timekeeper, randomBytes, directory, manifests } = settings;
  const newUid = uids(randomBytes);
  const path = directory === undefined ? undefined : join(directory, 'cluster.json');
  const found = path === undefined ? undefined : readStore(path);
  const nowMs = timekeeper.nowMs();
  const kept = found ?? seedCluster({ nowMs, newUid, suffix: suffixes(randomBytes), manifests });
  const store = createStore({ nowMs: timekeeper.nowMs, newUid, kept });
  const close = path === undefined ? () => undefined : keepStore(store, path, timekeeper);
  return { store, close };
}

function apiDeps(
  { timekeeper, randomBytes, adminToken, tocsinToken }: KubernetesSandboxSettings,
  parts: {
    readonly store: Store;
    readonly faults: Faults;
    readonly serverUrl: () => string;
  },
): ApiDeps {
  const { store, faults, serverUrl } = parts;
  const tokens = createTokens({
    fixed: new Map([
      [adminToken, ADMIN],
      [tocsinToken, serviceAccount('tocsin', 'tocsin')],
    ]),
    nowMs: timekeeper.nowMs,
    newToken: () => hex(randomBytes(24)),
  });
  const suffix = suffixes(randomBytes);
  return { store, tokens, timekeeper, suffix, serverUrl, strike: faults.strike };
}

async function serve(
  api: ApiDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const call = await readCall(request);
  if (call === 'aborted') return;
  if (typeof call === 'string') {
    response.setHeader('connection', 'close');
    const message = call === 'too_large' ? 'Request entity too large: limit is 3145728' : call;
    sendReply(response, refuse({ code: 413, reason: 'RequestEntityTooLarge', message }));
    return;
  }
  sendReply(response, await serveApi(api, call).catch(failed));
}

function failed(error: unknown): Reply {
  const message = error instanceof Error ? error.message : 'The sandbox failed.';
  return refuse({ code: 500, reason: 'InternalError', message: `Internal error: ${message}` });
}
