import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { Freshness, PagerDutySecret, Secrets } from '../../ports/secrets.ts';
import type { Log } from '../../ports/system.ts';
import type { DurationMs } from '../../domain/shared/time.ts';
import {
  callPagerDuty,
  failureOf,
  membersOf,
  within,
  type PagerDutyAnswer,
  type Query,
} from './call.ts';
import { maxRestPages, restPageSize } from './limits.ts';

/** What every call of the REST API needs. */
export interface RestDeps {
  /** Base of the REST API, without a slash at its end. */
  readonly apiUrl: string;
  readonly secrets: Pick<Secrets, 'pagerduty'>;
  readonly log: Log;
}

export interface RestRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below the base, with its slash; ids in it are percent-encoded. */
  readonly path: string;
  readonly query?: Query;
  readonly data?: object;
}

/**
 * One call of the REST API, in the name of the secret's user where it writes. A token that is
 * refused is tried once more if the secret holds another by now.
 */
export async function callRest(
  deps: RestDeps,
  request: RestRequest,
  signal: AbortSignal,
): Promise<Result<unknown, PortFailure>> {
  const cached = await deps.secrets.pagerduty();
  if (!cached.ok) return cached;
  const first = await askAs(deps, { request, secret: cached.value }, signal);
  if (!first.isRefused) return first.answer;
  const fresh = await freshSecret(deps, cached.value);
  return fresh === null
    ? first.answer
    : (await askAs(deps, { request, secret: fresh }, signal)).answer;
}

/** A secret with another token: somebody may have rotated it a moment ago. */
async function freshSecret(
  { secrets }: RestDeps,
  refused: PagerDutySecret,
): Promise<PagerDutySecret | null> {
  const freshness: Freshness = 'fresh';
  const fresh = await secrets.pagerduty(freshness);
  return fresh.ok && fresh.value.apiToken !== refused.apiToken ? fresh.value : null;
}

interface Asked {
  readonly answer: Result<unknown, PortFailure>;
  /** The token was not accepted. */
  readonly isRefused: boolean;
}

async function askAs(
  { apiUrl }: RestDeps,
  { request, secret }: { readonly request: RestRequest; readonly secret: PagerDutySecret },
  signal: AbortSignal,
): Promise<Asked> {
  const { apiToken: token } = secret;
  if (token === null) return { answer: err(noToken), isRefused: false };
  const headers = headersFor(request, secret);
  if (headers === null) return { answer: err(noUser), isRefused: false };
  const { path, ...call } = request;
  const answer = await callPagerDuty({ ...call, headers, url: apiUrl + path, token }, signal);
  if (!answer.ok) return { answer, isRefused: false };
  const { status } = answer.value;
  return { answer: bodyOf(answer.value, token), isRefused: status === 401 || status === 403 };
}

/** Whoever writes says in whose name; null when that is not known. */
function headersFor(
  { method }: RestRequest,
  { apiFrom }: PagerDutySecret,
): Readonly<Record<string, string>> | null {
  if (method === 'GET') return {};
  return apiFrom === null ? null : { From: apiFrom };
}

function bodyOf(answer: PagerDutyAnswer, token: string): Result<unknown, PortFailure> {
  const { status, body } = answer;
  return status >= 200 && status < 300 ? ok(body) : err(failureOf(answer, [token]));
}

/** All pages of a list, up to a bound that is logged when it is met. */
export async function listRest(
  deps: RestDeps,
  of: { readonly path: string; readonly name: string; readonly query?: Query },
  signal: AbortSignal,
): Promise<Result<readonly unknown[], PortFailure>> {
  const found: unknown[] = [];
  for (let page = 0; page < maxRestPages; page += 1) {
    const query = { ...of.query, limit: String(restPageSize), offset: String(page * restPageSize) };
    const listed = await callRest(deps, { method: 'GET', path: of.path, query }, signal);
    if (!listed.ok) return listed;
    const { [of.name]: items, more } = membersOf(listed.value);
    if (!Array.isArray(items)) return err(unreadable(`no list of ${of.name}`));
    found.push(...(items as readonly unknown[]));
    if (more !== true) return ok(found);
  }
  deps.log.warn('PagerDuty has more than is read of a list.', {
    list: of.name,
    read: found.length,
  });
  return ok(found);
}

export type Answer<Value> = Promise<Result<Value, PortFailure>>;

/** GET of one thing below a path; `read` gives null for what is no such thing. */
export const look = <Value>(
  deps: RestDeps,
  of: {
    readonly path: string;
    readonly query?: RestRequest['query'];
    readonly read: (body: Readonly<Record<string, unknown>>) => Value | null;
  },
  timeoutMs: DurationMs,
): Answer<Value> =>
  within(timeoutMs, async (signal) => {
    const query = of.query === undefined ? {} : { query: of.query };
    const shown = await callRest(deps, { method: 'GET', path: of.path, ...query }, signal);
    if (!shown.ok) return shown;
    const value = of.read(membersOf(shown.value));
    return value === null ? err(unreadable('another shape than is known')) : ok(value);
  });

export const unreadable = (what: string): PortFailure => ({
  kind: 'unavailable',
  message: `PagerDuty's answer has ${what}.`,
});

const noToken: PortFailure = {
  kind: 'not_found',
  message:
    'Nothing can be asked of PagerDuty: the PagerDuty secret has no "apiToken". Add a REST API ' +
    'key to have the two sides kept in step.',
};

const noUser: PortFailure = {
  kind: 'not_found',
  message:
    'Nothing can be written in PagerDuty: the PagerDuty secret has no "apiFrom". Add the e-mail ' +
    'address of the PagerDuty user in whose name Tocsin is to write.',
};
