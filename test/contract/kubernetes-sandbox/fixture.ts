import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:https';
import { readFileSync } from 'node:fs';
import { readManifests } from '../../../lib/codec/manifest.ts';
import type { Json, JsonObject } from '../../../lib/domain/shared/json.ts';
import { withDefaults } from '../../../lib/local/sandbox/kubernetes/api/defaults.ts';
import type { Controller } from '../../../lib/local/sandbox/kubernetes/controllers/world.ts';
import { startControlLoop } from '../../../lib/local/sandbox/kubernetes/controllers/run.ts';
import { textAt, type KubeObject } from '../../../lib/local/sandbox/kubernetes/fields.ts';
import {
  createKubernetesSandbox,
  type KubernetesSandbox,
} from '../../../lib/local/sandbox/kubernetes/sandbox.ts';
import { createSteppedTime } from '../../../lib/local/sandbox/kubernetes/seed/stepped-time.ts';
import { GROUND } from '../../../lib/local/sandbox/kubernetes/seed/shop.ts';
import { kindNamed } from '../../../lib/local/sandbox/kubernetes/store/kinds.ts';
import { createStore } from '../../../lib/local/sandbox/kubernetes/store/store.ts';
import { systemTimekeeper } from '../../../lib/local/shared/timekeeper.ts';

const START_MS = Date.parse('2026-03-01T10:00:00Z');

/** Controllers on a clock that the test moves, and a cluster with nodes and nothing on them. */
export function steppedCluster(others: readonly Controller[] = []) {
  const time = createSteppedTime(START_MS);
  let count = 0;
  const next = (): string => {
    count += 1;
    return createHash('sha256').update(String(count)).digest('hex');
  };
  const store = createStore({ nowMs: time.nowMs, newUid: next });
  const loop = startControlLoop({
    store,
    timekeeper: time,
    suffix: () => next().slice(0, 5),
    others,
  });
  const make = (object: KubeObject): KubeObject =>
    store.create(kindNamed(textAt(object, 'kind')), withDefaults(object));
  for (const object of GROUND) make(object);
  const get = (kind: string, name: string): KubeObject => {
    const found = store.get(kindNamed(kind), 'shop', name);
    if (found === undefined) throw new Error(`There is no ${kind} ${name}.`);
    return found;
  };
  return {
    time,
    store,
    loop,
    make,
    get,
    list: (kind: string) => store.list(kindNamed(kind), 'shop'),
    change: (kind: string, name: string, edit: (object: KubeObject) => KubeObject) =>
      store.replace(kindNamed(kind), edit(get(kind, name))),
  };
}

export const workload = (
  kind: string,
  image: string,
  spec: JsonObject = {},
): KubeObject & { readonly kind: string } => ({
  apiVersion: kind === 'Rollout' ? 'argoproj.io/v1alpha1' : 'apps/v1',
  kind,
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'app', image }] },
    },
    ...spec,
  },
});

export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

export interface Asking {
  readonly method?: string;
  readonly token?: string;
  readonly type?: string;
  readonly accept?: string;
  readonly body?: Json;
  /** Whom the request wants to be taken for. */
  readonly as?: string;
}

export interface Api {
  readonly sandbox: KubernetesSandbox;
  readonly ask: (path: string, asking?: Asking) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

export const manifests = (...names: readonly string[]): readonly JsonObject[] =>
  names.flatMap((name) =>
    readManifests(
      readFileSync(new URL(`../../../deploy/kubernetes/${name}`, import.meta.url), 'utf8'),
    ),
  );

/** The whole sandbox on a free port; requests verify its certificate. */
export async function startApi(more: { readonly directory?: string } = {}): Promise<Api> {
  const sandbox = createKubernetesSandbox({
    timekeeper: systemTimekeeper,
    randomBytes,
    adminToken: 'admin',
    tocsinToken: 'tocsin',
    manifests: manifests('identity.yaml', 'tocsin.yaml'),
    ...more,
  });
  const url = await sandbox.listen({ host: '127.0.0.1', port: 0 });
  return {
    sandbox,
    ask: async (path, asking = {}) => await ask({ url: url + path, ca: sandbox.ca }, asking),
    close: sandbox.close,
  };
}

async function ask(
  { url, ca }: { readonly url: string; readonly ca: string },
  { method = 'GET', token = 'admin', type = 'application/json', accept, body, as }: Asking,
): Promise<Answer> {
  const content = body === undefined ? '' : JSON.stringify(body);
  return await new Promise((resolve, reject) => {
    const headers = {
      // Node sends the body of a DELETE without any length of its own.
      'content-length': String(Buffer.byteLength(content)),
      authorization: `Bearer ${token}`,
      'content-type': type,
      accept: accept ?? 'application/json',
      ...(as === undefined ? {} : { 'impersonate-user': as }),
    };
    const sent = request(url, { method, ca, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        // The sandbox answers with JSON objects only.
        const read = JSON.parse(Buffer.concat(chunks).toString('utf8')) as JsonObject;
        resolve({ status: response.statusCode ?? 0, body: read });
      });
    });
    sent.on('error', reject);
    sent.end(content);
  });
}
