import { applyJsonPatch, readJsonPatch } from '../../../domain/kubernetes/json-patch.ts';
import type { Json } from '../../../domain/shared/json.ts';
import { isJsonObject, ownValue, parseJson, type JsonObject } from '../../shared/json.ts';
import { bodyFields, headerOf, textField, type Call } from '../slack/call.ts';
import { json, type Reply } from '../slack/reply.ts';
import type { ApiRoute } from '../http/routes.ts';
import type { ArgoCdSandboxAccount, Right } from './settings.ts';
import { isAutoSyncOn, isBusy, type AppState, type WantedSync } from './state.ts';
import { applicationOf } from './view.ts';
import type { World } from './world.ts';

export interface ApiDeps {
  readonly world: World;
  readonly accounts: readonly ArgoCdSandboxAccount[];
}

/** A call that may be made: who makes it, and about what. */
interface Allowed extends ApiDeps {
  readonly account: ArgoCdSandboxAccount;
  readonly state: AppState;
  readonly fields: JsonObject;
}

const APPLICATION = '/api/v1/applications/{name}';

/** Argo CD's calls for one Application, with the words and codes of `server/application`. */
export function apiRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const route = (
    routeKey: string,
    of: { readonly operation: string; readonly right: Right; readonly run: (of: Allowed) => Reply },
  ): ApiRoute => ({
    routeKey,
    operation: of.operation,
    run: (call, { name = '' }) => {
      const allowed = allow(deps, call, { name, right: of.right });
      return isReply(allowed) ? allowed : of.run(allowed);
    },
  });
  return [
    route(`GET ${APPLICATION}`, { operation: 'application', right: 'get', run: shown }),
    route(`GET ${APPLICATION}/syncwindows`, { operation: 'windows', right: 'get', run: windows }),
    route(`PATCH ${APPLICATION}`, { operation: 'patch', right: 'update', run: patch }),
    route(`POST ${APPLICATION}/rollback`, { operation: 'rollback', right: 'sync', run: rollback }),
    route(`POST ${APPLICATION}/sync`, { operation: 'sync', right: 'sync', run: sync }),
    route(`DELETE ${APPLICATION}/operation`, { operation: 'end', right: 'sync', run: terminate }),
  ];
}

/** gRPC's codes, and the statuses that the gateway makes of them. */
const refusals = {
  invalid: [400, 3],
  precondition: [400, 9],
  missing: [404, 5],
  forbidden: [403, 7],
  unauthenticated: [401, 16],
  unknown: [500, 2],
} as const;

function refuse(kind: keyof typeof refusals, message: string): Reply {
  const [status, code] = refusals[kind];
  return json(status, { error: message, code, message });
}

const isReply = (value: Allowed | Reply): value is Reply => 'kind' in value;

function allow(
  deps: ApiDeps,
  call: Call,
  { name, right }: { readonly name: string; readonly right: Right },
): Allowed | Reply {
  const token = /^Bearer (.+)$/.exec(headerOf(call, 'authorization') ?? '')?.[1];
  const account = deps.accounts.find((one) => one.token === token);
  if (account === undefined) return refuse('unauthenticated', 'no session information');
  const fields = bodyFields(call);
  if (fields === undefined) return refuse('invalid', 'the body is no JSON object');
  const named = (member: string): string => call.query.get(member) ?? textField(fields, member);
  const project = named('project');
  const state = deps.world.application(name);
  if (!isMeant(state, { project, appNamespace: named('appNamespace') })) {
    // Without the project nobody is told whether there is one.
    return project === ''
      ? refuse('forbidden', 'permission denied')
      : refuse('missing', `applications.argoproj.io "${name}" not found`);
  }
  if (!account.rights.includes(right)) {
    const subject = `applications, ${right}, ${state.project}/${name}, sub: ${account.name}`;
    return refuse('forbidden', `permission denied: ${subject}`);
  }
  return { ...deps, account, state, fields };
}

const isMeant = (
  state: AppState | undefined,
  { project, appNamespace }: { readonly project: string; readonly appNamespace: string },
): state is AppState =>
  state !== undefined &&
  ['', state.project].includes(project) &&
  ['', state.namespace].includes(appNamespace);

const asShown = ({ world }: ApiDeps, state: AppState): Reply =>
  json(200, applicationOf(state, world.nowMs, world.pace));

function shown(of: Allowed): Reply {
  return asShown(of, of.state);
}

const windows = ({ state }: Allowed): Reply =>
  json(200, {
    canSync: !state.isWindowClosed,
    ...(state.isWindowClosed
      ? { activeWindows: [{ kind: 'deny', schedule: '* * * * *', duration: '1h' }] }
      : {}),
  });

function patch(of: Allowed): Reply {
  const { world, state, fields } = of;
  if (textField(fields, 'patchType') !== 'json') {
    return refuse('invalid', `Patch type '${textField(fields, 'patchType')}' is not supported`);
  }
  // Both are JSON: one was parsed just now, the other is sent as such.
  const operations = readJsonPatch(parseJson(textField(fields, 'patch')) as Json);
  if (!operations.ok) return refuse('unknown', 'error decoding json patch');
  const before = applicationOf(state, world.nowMs, world.pace) as Json;
  const patched = applyJsonPatch(before, operations.value);
  if (!patched.ok) return refuse('unknown', `error applying patch: ${patched.error.message}`);
  world.record(state.name, {
    kind: 'patched',
    syncPolicy: objectAt(patched.value, ['spec', 'syncPolicy']),
    annotations: objectAt(patched.value, ['metadata', 'annotations']) ?? {},
  });
  return asShown(of, world.application(state.name) ?? state);
}

function objectAt(value: unknown, path: readonly string[]): JsonObject | null {
  const found = path.reduce<unknown>(
    (inner, name) => (isJsonObject(inner) ? ownValue(inner, name) : undefined),
    value,
  );
  return isJsonObject(found) ? found : null;
}

function rollback(of: Allowed): Reply {
  const { state, fields, account } = of;
  if (state.isDeleting) return refuse('precondition', 'application is deleting');
  if (isAutoSyncOn(state)) {
    return refuse('precondition', 'rollback cannot be initiated when auto-sync is enabled');
  }
  const id = ownValue(fields, 'id') ?? 0;
  const entry = state.history.find((one) => one.id === id);
  if (entry === undefined) {
    const name = `${state.namespace}/${state.name}`;
    const message = `application ${name} does not have deployment with id ${JSON.stringify(id)}`;
    return refuse('invalid', message);
  }
  const { revision, source } = entry;
  return ask(of, { revision, source, isDryRun: fields['dryRun'] === true, by: account.name });
}

function sync(of: Allowed): Reply {
  const { state, fields, account } = of;
  if (state.isWindowClosed) return refuse('forbidden', 'cannot sync: blocked by sync window');
  if (state.isDeleting) return refuse('precondition', 'application is deleting');
  const revision = textField(fields, 'revision') || state.head;
  if (isAutoSyncOn(state) && revision !== state.head) {
    return refuse(
      'precondition',
      `Cannot sync to ${revision}: auto-sync currently set to ${state.head}`,
    );
  }
  return ask(of, { revision, isDryRun: fields['dryRun'] === true, by: account.name });
}

function ask(of: Allowed, wanted: WantedSync): Reply {
  const { world, state } = of;
  if (isBusy(state)) {
    return refuse('precondition', 'another operation is already in progress');
  }
  world.record(state.name, { kind: 'asked', sync: wanted });
  return asShown(of, world.application(state.name) ?? state);
}

function terminate({ world, state }: Allowed): Reply {
  if (state.operation?.phase !== 'Running') {
    const message = 'Unable to terminate operation. No operation is in progress';
    return refuse('invalid', message);
  }
  world.record(state.name, { kind: 'terminated' });
  return json(200, {});
}
