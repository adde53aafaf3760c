import type { GitHostPolicy } from '../../domain/policy/action-policy.ts';
import type { Json, JsonObject } from '../../domain/shared/json.ts';
import type { DurationMs } from '../../domain/shared/time.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { GitHostFailure } from '../../ports/git-host.ts';
import type { Freshness, Secrets } from '../../ports/secrets.ts';
import { exchange, type Refusal } from './exchange.ts';
import { readTimeoutMs, writeTimeoutMs } from './limits.ts';

/** Calls one host of the policy in a tenant's name. `path` is below the API's base. */
export interface Caller {
  readonly get: (path: string, query?: Readonly<Record<string, string>>) => Answer;
  /** Sent once. */
  readonly post: (path: string, body: JsonObject) => Answer;
}

export type Answer = Promise<Result<Json, Refusal>>;

export interface CallerDeps {
  readonly secrets: Pick<Secrets, 'targets'>;
  readonly tenant: string;
  readonly host: GitHostPolicy;
  /** Those of `limits.ts` when left out. */
  readonly timeouts?: Timeouts | undefined;
}

export interface Timeouts {
  readonly readMs: DurationMs;
  readonly writeMs: DurationMs;
}

const headersOf: Readonly<Record<GitHostPolicy['kind'], Readonly<Record<string, string>>>> = {
  github: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
  gitlab: { accept: 'application/json' },
};

/**
 * A read is made once more when there was no answer, and any call when its token was refused and
 * the secret holds another by now: tokens of a GitHub App live for an hour.
 */
export function createCaller(deps: CallerDeps): Caller {
  const { host } = deps;
  const base = host.apiUrl.replace(/\/$/, '');
  const { readMs, writeMs } = deps.timeouts ?? { readMs: readTimeoutMs, writeMs: writeTimeoutMs };
  const call = async (
    method: 'GET' | 'POST',
    path: string,
    body: JsonObject | null,
  ): Promise<Result<Json, Refusal>> => {
    const timeoutMs = method === 'GET' ? readMs : writeMs;
    const request = { method, url: base + path, headers: headersOf[host.kind], body, timeoutMs };
    const token = await tokenOf(deps, 'cached');
    if (!token.ok) return err({ ...token.error, body: undefined });
    const answer = await exchange({ ...request, token: token.value });
    if (answer.ok || answer.error.status !== 401) return answer;
    const fresh = await tokenOf(deps, 'fresh');
    if (!fresh.ok || fresh.value === token.value) return answer;
    return exchange({ ...request, token: fresh.value });
  };
  return {
    get: async (path, query = {}) => {
      const asked = new URLSearchParams(query).toString();
      const whole = asked === '' ? path : `${path}?${asked}`;
      const first = await call('GET', whole, null);
      const isUnanswered = !first.ok && first.error.kind === 'unavailable';
      return isUnanswered && first.error.status === null ? call('GET', whole, null) : first;
    },
    post: (path, body) => call('POST', path, body),
  };
}

async function tokenOf(
  { secrets, tenant, host }: CallerDeps,
  freshness: Freshness,
): Promise<Result<string, GitHostFailure>> {
  const secret = await secrets.targets(freshness);
  if (!secret.ok) return err({ ...secret.error, status: null });
  const { tenants } = secret.value;
  const own = Object.hasOwn(tenants, tenant) ? tenants[tenant]?.gitHosts : undefined;
  const token = own !== undefined && Object.hasOwn(own, host.id) ? own[host.id] : undefined;
  if (token !== undefined) return ok(token);
  const message =
    `The targets secret has no token for Git host "${host.id}" of tenant "${tenant}". Add one to ` +
    `tenants.${tenant}.gitHosts.${host.id}.`;
  return err({ kind: 'rejected', status: null, message });
}

/** An answer that lacks what it must have is no success. */
export const unreadable = (what: string): GitHostFailure => ({
  kind: 'unavailable',
  status: null,
  message: `The Git host's answer has no ${what}.`,
});
