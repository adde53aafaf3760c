import type { ArgoCdPolicy } from '../../domain/policy/action-policy.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { JsonObject } from '../../domain/shared/json.ts';
import type { DurationMs } from '../../domain/shared/time.ts';
import type {
  ApplicationRef,
  ArgoCd,
  ArgoCdFailure,
  ArgoCdResult,
  ArgoCds,
} from '../../ports/argocd.ts';
import type { Freshness, Secrets } from '../../ports/secrets.ts';
import { exchange, type Outgoing } from './exchange.ts';
import { readTimeoutMs, writeTimeoutMs } from './limits.ts';

export interface ArgoCdDeps {
  readonly secrets: Pick<Secrets, 'targets'>;
  /** The Argo CDs that the policy has for a tenant: no other is ever called. */
  readonly servers: (tenant: string) => readonly ArgoCdPolicy[];
  /** Those of `limits.ts` when left out. */
  readonly timeouts?: { readonly readMs: DurationMs; readonly writeMs: DurationMs };
}

interface Call {
  readonly tenant: string;
  readonly ref: ApplicationRef;
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below the Application. */
  readonly below: string;
  readonly body: JsonObject | null;
}

/**
 * Argo CD's REST API (https://argo-cd.readthedocs.io/en/stable/developer-guide/api-docs/). Each
 * method is one request; a read is made once more when there was no answer, and any request when
 * its token was refused and the secret holds another by now, as a refused one did nothing.
 */
export function createArgoCds(deps: ArgoCdDeps): ArgoCds {
  return { open: (tenant) => open(deps, tenant) };
}

function open(deps: ArgoCdDeps, tenant: string): ArgoCd {
  const look = (ref: ApplicationRef, below: string): ArgoCdResult<JsonObject> =>
    lookTwice(deps, { tenant, ref, method: 'GET', below, body: null });
  return {
    application: (ref) => look(ref, ''),
    canSync: async (ref) => {
      const windows = await look(ref, '/syncwindows');
      if (!windows.ok) return windows;
      return ok(windows.value['canSync'] !== false);
    },
    patch: (ref, patch) => {
      const body = { ...named(ref), patchType: 'json', patch: JSON.stringify(patch) };
      return call(deps, { tenant, ref, method: 'PATCH', below: '', body });
    },
    rollback: (ref, { historyId, isDryRun }) => {
      const body = { ...named(ref), id: historyId, prune: false, dryRun: isDryRun };
      return call(deps, { tenant, ref, method: 'POST', below: '/rollback', body });
    },
    sync: (ref, { revision, isDryRun }) => {
      const strategy = { apply: { force: false } };
      const body = { ...named(ref), revision, prune: false, dryRun: isDryRun, strategy };
      return call(deps, { tenant, ref, method: 'POST', below: '/sync', body });
    },
  };
}

/** The project is in every call: without it a missing Application is a 403. */
const named = ({ name, project, appNamespace }: ApplicationRef): JsonObject => ({
  name,
  project,
  ...(appNamespace === null ? {} : { appNamespace }),
});

async function lookTwice(deps: ArgoCdDeps, of: Call): ArgoCdResult<JsonObject> {
  const first = await call(deps, of);
  if (first.ok || first.error.kind !== 'unavailable' || first.error.status !== null) return first;
  return call(deps, of);
}

async function call(deps: ArgoCdDeps, of: Call): ArgoCdResult<JsonObject> {
  const { tenant, ref } = of;
  const server = deps.servers(tenant).find(({ id }) => id === ref.server);
  if (server === undefined) return err(noServer(ref.server));
  const token = await tokenOf(deps, of, 'cached');
  if (!token.ok) return token;
  const request = { ...outgoing(server, of), timeoutMs: timeoutOf(deps, of) };
  const answer = await exchange({ ...request, token: token.value });
  if (answer.ok || answer.error.status !== 401) return answer;
  const fresh = await tokenOf(deps, of, 'fresh');
  if (!fresh.ok || fresh.value === token.value) return answer;
  return exchange({ ...request, token: fresh.value });
}

function timeoutOf({ timeouts }: ArgoCdDeps, { method }: Call): DurationMs {
  const { readMs, writeMs } = timeouts ?? { readMs: readTimeoutMs, writeMs: writeTimeoutMs };
  return method === 'GET' ? readMs : writeMs;
}

function outgoing(
  { url }: ArgoCdPolicy,
  { ref, method, below, body }: Call,
): Pick<Outgoing, 'method' | 'url' | 'body'> {
  const path = `/api/v1/applications/${encodeURIComponent(ref.name)}${below}`;
  const query = new URLSearchParams({
    project: ref.project,
    ...(ref.appNamespace === null ? {} : { appNamespace: ref.appNamespace }),
  });
  // Where there is a body, the names are in it.
  const address = `${url.replace(/\/$/, '')}${path}`;
  return { method, body, url: body === null ? `${address}?${query.toString()}` : address };
}

async function tokenOf(
  { secrets }: ArgoCdDeps,
  { tenant, ref }: Call,
  freshness: Freshness,
): Promise<Result<string, ArgoCdFailure>> {
  const secret = await secrets.targets(freshness);
  if (!secret.ok) return err({ ...secret.error, status: null });
  const { tenants } = secret.value;
  const own = Object.hasOwn(tenants, tenant) ? tenants[tenant]?.argocd : undefined;
  const token = own !== undefined && Object.hasOwn(own, ref.server) ? own[ref.server] : undefined;
  return token === undefined ? err(noToken(tenant, ref.server)) : ok(token);
}

const noServer = (id: string): ArgoCdFailure => ({
  kind: 'rejected',
  status: null,
  message: `The policy has no Argo CD "${id}"; add it to "argocd", or mend the target's "server".`,
});

const noToken = (tenant: string, id: string): ArgoCdFailure => ({
  kind: 'rejected',
  status: null,
  message:
    `The targets secret has no token for Argo CD "${id}" of tenant "${tenant}". Add one to ` +
    `tenants.${tenant}.argocd.${id}.`,
});
