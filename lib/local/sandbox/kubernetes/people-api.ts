import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  htmlResponse,
  jsonResponse,
  textResponse,
  type HttpResponse,
} from '../../../codec/http-response.ts';
import { isJsonObject, ownValue, parseJson, type JsonObject } from '../../shared/json.ts';
import { readBody } from '../../shared/read-body.ts';
import type { Timekeeper } from '../../shared/timekeeper.ts';
import { deployNext, promoteRollout, setImage, workloadNamed } from './cluster.ts';
import type { Fault, Faults } from './faults.ts';
import { readFaults } from './read-faults.ts';
import { SHOP } from './seed/shop.ts';
import type { Store } from './store/store.ts';
import { healthOf } from './view/health.ts';
import { renderPage } from './view/page.ts';

/** Where the sandbox is on the server that it is mounted in. */
export const MOUNT = '/sandbox/kubernetes';

export interface PeopleApiDeps {
  readonly store: Store;
  readonly faults: Faults;
  readonly setFaults: (faults: readonly Fault[]) => void;
  readonly timekeeper: Timekeeper;
  /** Of the API itself; empty while it does not listen. */
  readonly serverUrl: () => string;
}

interface Seen {
  readonly route: string;
  readonly body: JsonObject | undefined;
  readonly etag: string;
}

const MAX_BODY_BYTES = 1 << 20;

/**
 * What a person does beside kubectl, for the view and for tests: `/deploy` breaks something,
 * `/faults` breaks the API, `/state` shows everything.
 */
export function createPeopleApi(
  deps: PeopleApiDeps,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const read = await readBody(request, MAX_BODY_BYTES);
    if (read.kind === 'aborted') return;
    const answered = answer(deps, {
      route: `${request.method ?? 'GET'} ${pathBelow(request.url ?? '/')}`,
      body: read.kind === 'ok' ? fieldsOf(read.body) : undefined,
      etag: request.headers['if-none-match'] ?? '',
    });
    response.writeHead(answered.statusCode, answered.headers);
    response.end(answered.body);
  };
}

function pathBelow(url: string): string {
  const path = URL.parse(`http://sandbox${url}`)?.pathname ?? '/';
  const below = path.startsWith(MOUNT) ? path.slice(MOUNT.length) : path;
  return below === '' ? '/' : below;
}

/** The members of a JSON body; an empty body has none. */
function fieldsOf(bytes: Buffer): JsonObject | undefined {
  if (bytes.byteLength === 0) return {};
  const body = parseJson(bytes.toString('utf8'));
  return isJsonObject(body) ? body : undefined;
}

function answer(deps: PeopleApiDeps, seen: Seen): HttpResponse {
  switch (seen.route) {
    case 'GET /':
      return page(deps, seen);
    case 'GET /state':
      return jsonResponse(200, deps.store.dump());
    case 'POST /deploy':
      return deploy(deps, seen.body);
    case 'POST /promote':
      return promote(deps, seen.body);
    case 'GET /faults':
      return jsonResponse(200, { faults: deps.faults.list() });
    case 'POST /faults':
    case 'PUT /faults':
      return setFaults(deps, seen.body);
    default:
      return health(deps, seen) ?? problem(404, `The sandbox does not serve ${seen.route}.`);
  }
}

/**
 * What a health check of a workload is answered, for the checks of a policy. Good is one that is
 * all that it is to be.
 */
function health({ store }: PeopleApiDeps, { route }: Seen): HttpResponse | undefined {
  const [, namespace = '', name = ''] = /^GET \/health\/([^/]+)\/([^/]+)$/.exec(route) ?? [];
  const found = workloadNamed(store, { namespace, name });
  if (found === undefined) return undefined;
  const { tone, words } = healthOf(found);
  return jsonResponse(tone === 'good' ? 200 : 503, { status: tone, message: words });
}

const problem = (status: number, message: string): HttpResponse =>
  jsonResponse(status, { message });

function page(
  { store, timekeeper, serverUrl, faults }: PeopleApiDeps,
  { etag }: Seen,
): HttpResponse {
  // Ages are written by the minute, so the page changes with every one.
  const minute = Math.floor(timekeeper.nowMs() / 60_000);
  const tag = `"${String(store.version())}.${String(minute)}.${String(faults.list().length)}"`;
  if (etag === tag) return textResponse(304, '', { etag: tag });
  const shown = renderPage({
    store,
    nowMs: timekeeper.nowMs(),
    path: MOUNT,
    serverUrl: serverUrl(),
    faults: faults.list(),
    tag,
  });
  return htmlResponse(200, shown, { etag: tag });
}

const text = (body: JsonObject, name: string): string => {
  const value = ownValue(body, name);
  return typeof value === 'string' ? value : '';
};

const ENDINGS = new Map([
  ['good', ''],
  ['broken', '-broken'],
  ['hangs', '-hangs'],
  ['nopull', '-nopull'],
  ['slow', '-slow'],
] as const);

function deploy({ store }: PeopleApiDeps, body: JsonObject | undefined): HttpResponse {
  if (body === undefined) return problem(400, 'The body must be a JSON object.');
  const named = { namespace: text(body, 'namespace') || SHOP, name: text(body, 'name') };
  const image = text(body, 'image');
  const [, ending] = [...ENDINGS].find(([how]) => how === (text(body, 'how') || 'good')) ?? [];
  if (ending === undefined) {
    return problem(400, `'how' is one of ${[...ENDINGS.keys()].join(', ')}.`);
  }
  const deployed =
    image === ''
      ? deployNext(store, { ...named, ending })
      : setImage(store, { ...named, image })
        ? image
        : undefined;
  return deployed === undefined
    ? problem(404, `There is no workload '${named.name}' in the namespace '${named.namespace}'.`)
    : jsonResponse(200, { image: deployed });
}

function promote({ store }: PeopleApiDeps, body: JsonObject | undefined): HttpResponse {
  if (body === undefined) return problem(400, 'The body must be a JSON object.');
  promoteRollout(store, { namespace: text(body, 'namespace') || SHOP, name: text(body, 'name') });
  return jsonResponse(200, { ok: true });
}

function setFaults(deps: PeopleApiDeps, body: JsonObject | undefined): HttpResponse {
  const faults = readFaults(body);
  if (typeof faults === 'string') return problem(400, faults);
  deps.setFaults(faults);
  return jsonResponse(200, { faults: deps.faults.list() });
}
