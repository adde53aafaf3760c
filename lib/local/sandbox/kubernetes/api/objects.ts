import type { JsonObject } from '../../../../domain/shared/json.ts';
import type { Result } from '../../../../domain/shared/result.ts';
import { instant, isObject, nameOf, namespaceOf, numberAt, type KubeObject } from '../fields.ts';
import type { ObjectAddress } from './address.ts';
import type { ApiDeps, Call } from './call.ts';
import { deleteObject } from './delete.ts';
import { listPage, plainList } from './list.ts';
import { patched, patchTypes } from './patch.ts';
import { serviceAccount } from './people.ts';
import {
  badRequest,
  noSuchPath,
  notFound,
  refuse,
  unsupportedMediaType,
  type Refusal,
} from './refusal.ts';
import { answer, type Reply } from './reply.ts';
import { scaleOf, withScale } from './scale.ts';
import { table, wantsTable } from './table.ts';
import { watch } from './watch.ts';
import { createObject, replaceObject, type Writing } from './write.ts';

interface Served {
  readonly call: Call;
  readonly address: ObjectAddress;
  readonly verb: string;
}

/** Does what was asked and is allowed. */
export function serveObjects(deps: ApiDeps, served: Served): Reply {
  const { address } = served;
  const { resource, subresource } = address;
  const isToken = subresource === 'token' && resource.kind === 'ServiceAccount';
  const known: readonly string[] = ['', ...resource.subresources, ...(isToken ? ['token'] : [])];
  if (!known.includes(subresource)) return refuse(noSuchPath);
  switch (served.verb) {
    case 'list':
      return list(deps, served);
    case 'watch':
      return watchThem(deps, served);
    case 'create':
      return isToken ? issueToken(deps, served) : create(deps, served);
    case 'deletecollection':
      return deleteAll(deps, served);
    default:
      return onObject(deps, served);
  }
}

function onObject(deps: ApiDeps, served: Served): Reply {
  const { resource, namespace, name, subresource } = served.address;
  const accepted = patchTypes(resource);
  if (served.verb === 'patch' && !accepted.includes(served.call.mediaType)) {
    return refuse(unsupportedMediaType(accepted));
  }
  const object = deps.store.get(resource, namespace, name);
  if (object === undefined) return refuse(notFound(resource, name));
  const seen = subresource === 'scale' ? scaleOf(object) : object;
  switch (served.verb) {
    case 'get':
      return show(deps, served, seen);
    case 'delete':
      return replyOf(
        deleteObject(deps.store, { kind: resource, object }, deletionOf(deps, served)),
        200,
      );
    case 'patch':
      return patchIt(deps, served, seen);
    default:
      return isObject(served.call.body)
        ? replace(deps, served, served.call.body)
        : refuse(badRequest('the body of the request is no JSON object'));
  }
}

function patchIt(deps: ApiDeps, served: Served, seen: JsonObject): Reply {
  const { mediaType, body } = served.call;
  if (body === undefined) return refuse(badRequest('the body of the request is no JSON'));
  const next = patched(seen, { mediaType, body });
  return next.ok ? replace(deps, served, next.value) : refuse(next.error);
}

function show({ timekeeper }: ApiDeps, { call, address }: Served, object: JsonObject): Reply {
  if (address.subresource !== '' || !wantsTable(call.accept)) return answer(200, object);
  return answer(
    200,
    table({
      kind: address.resource,
      objects: [object],
      metadata: {},
      nowMs: timekeeper.nowMs(),
      isWhole: call.query.get('includeObject') === 'Object',
    }),
  );
}

function list({ store, timekeeper }: ApiDeps, { call, address }: Served): Reply {
  const page = listPage(store, address, call.query);
  if (!wantsTable(call.accept)) return answer(200, plainList(address, page));
  return answer(
    200,
    table({
      kind: address.resource,
      objects: page.items,
      metadata: page.metadata,
      nowMs: timekeeper.nowMs(),
      isWhole: call.query.get('includeObject') === 'Object',
    }),
  );
}

function watchThem({ store, timekeeper }: ApiDeps, { call, address }: Served): Reply {
  const { query } = call;
  if (query.get('sendInitialEvents') === 'true') {
    return refuse({
      code: 422,
      reason: 'Invalid',
      message:
        'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
    });
  }
  const show = (object: KubeObject): JsonObject =>
    wantsTable(call.accept)
      ? table({
          kind: address.resource,
          objects: [object],
          metadata: {},
          nowMs: timekeeper.nowMs(),
          isWhole: query.get('includeObject') === 'Object',
        })
      : object;
  return watch(store, timekeeper, { address, query, show });
}

function create(deps: ApiDeps, served: Served): Reply {
  const { call, address } = served;
  if (!isObject(call.body)) return refuse(unsupportedMediaType(['application/json']));
  const writing = writingOf(deps, served);
  return replyOf(createObject(deps.store, address, { object: call.body, writing }), 201);
}

function replace(deps: ApiDeps, served: Served, next: JsonObject): Reply {
  const { store } = deps;
  const { address } = served;
  const { resource, namespace, name, subresource } = address;
  const writing = writingOf(deps, served);
  if (subresource !== 'scale') {
    return replyOf(replaceObject(store, address, { object: next, writing }), 200);
  }
  const object = store.get(resource, namespace, name) ?? {};
  const scaled = withScale(object, next);
  const main = { ...address, subresource: '' };
  const written = replaceObject(store, main, { object: scaled, writing });
  return written.ok ? answer(200, scaleOf(written.value)) : refuse(written.error);
}

function deleteAll(deps: ApiDeps, served: Served): Reply {
  const { items } = listPage(deps.store, served.address, served.call.query);
  const { resource } = served.address;
  for (const object of items) {
    deleteObject(deps.store, { kind: resource, object }, deletionOf(deps, served));
  }
  return answer(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });
}

const HOUR_S = 3600;

function issueToken({ store, tokens, timekeeper }: ApiDeps, { call, address }: Served): Reply {
  const { resource, namespace, name } = address;
  const account = store.get(resource, namespace, name);
  if (account === undefined) return refuse(notFound(resource, name));
  const seconds = numberAt(call.body, 'spec', 'expirationSeconds') ?? HOUR_S;
  const expiresAtMs = timekeeper.nowMs() + seconds * 1000;
  const user = serviceAccount(namespaceOf(account), nameOf(account));
  return answer(201, {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace },
    spec: { expirationSeconds: seconds, audiences: ['https://kubernetes.default.svc'] },
    status: {
      token: tokens.issue(user, expiresAtMs),
      expirationTimestamp: instant(expiresAtMs),
    },
  });
}

const replyOf = (written: Result<JsonObject, Refusal>, status: number): Reply =>
  written.ok ? answer(status, written.value) : refuse(written.error);

const isDryRun = ({ call }: Served): boolean => call.query.get('dryRun') === 'All';

const writingOf = ({ timekeeper, suffix }: ApiDeps, served: Served): Writing => ({
  isDryRun: isDryRun(served),
  // Without one, the first word of the program's name, as the API server does.
  manager:
    served.call.query.get('fieldManager') ?? served.call.userAgent.split('/')[0] ?? 'unknown',
  atMs: timekeeper.nowMs(),
  suffix,
});

function deletionOf({ timekeeper }: ApiDeps, served: Served) {
  const { body } = served.call;
  const grace = served.call.query.get('gracePeriodSeconds');
  const options: JsonObject = {
    ...(isObject(body) ? body : {}),
    ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
  };
  const isDry = isDryRun(served) || JSON.stringify(options['dryRun'] ?? []) === '["All"]';
  return { options, isDryRun: isDry, atMs: timekeeper.nowMs() };
}
