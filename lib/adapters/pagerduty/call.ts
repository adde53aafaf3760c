import { api } from '@pagerduty/pdjs';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { DurationMs } from '../../domain/shared/time.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { maxQuotedAnswerLength, maxRetryAfterMs } from './limits.ts';

/** One request to PagerDuty, at any address. */
export interface PagerDutyCall {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly token: string;
  readonly data?: object;
  /** A list is sent as the same name several times. */
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Query = Readonly<Record<string, string | readonly string[]>>;

/** Any answer at all, whatever its status. */
export interface PagerDutyAnswer {
  readonly status: number;
  /** JSON as it came; undefined when there was none. */
  readonly body: unknown;
  readonly retryAfterMs: number | null;
}

/**
 * One call through pdjs, with what its documentation does not say kept in here:
 *
 * - `requestTimeout` times nothing out, but keeps a timer running: 0 switches it off. `signal` is
 *   what ends a call.
 * - It tries again after a 429, 20 s apart, whatever it is told. Our `cross-fetch` ends that; with
 *   the package's own, the tries come at once and the last answer counts.
 * - It never throws for a 4xx, and for an answer that is no JSON it rejects with the `Response`.
 * - It follows redirects, and would show the routing key to whoever is at the other end.
 */
export async function callPagerDuty(
  { url, method, token, data, query, headers }: PagerDutyCall,
  signal: AbortSignal,
): Promise<Result<PagerDutyAnswer, PortFailure>> {
  try {
    const response = await api({
      url,
      method,
      token,
      requestTimeout: 0,
      retryTimeout: 1,
      redirect: 'manual',
      signal,
      ...(data === undefined ? {} : { data }),
      ...(headers === undefined ? {} : { headers: { ...headers } }),
      ...(query === undefined ? {} : { queryParameters: mutable(query) }),
    });
    return ok(answerOf(response, response.data));
  } catch (cause) {
    if (isResponse(cause)) return ok(answerOf(cause, undefined));
    return err(signal.aborted ? timedOut(cause) : unreachable(url, cause));
  }
}

/** pdjs asks for lists that it could change, and changes none. */
const mutable = (query: Query): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : [...value],
    ]),
  );

/** Ends with `timeout` when the signal does, whatever the work is waiting for. */
export async function within<Value>(
  timeoutMs: DurationMs,
  work: (signal: AbortSignal) => Promise<Result<Value, PortFailure>>,
): Promise<Result<Value, PortFailure>> {
  const signal = AbortSignal.timeout(timeoutMs);
  const over = new Promise<Result<Value, PortFailure>>((resolve) => {
    signal.addEventListener('abort', () => resolve(err(timedOut())), { once: true });
  });
  return Promise.race([work(signal), over]);
}

/** What an answer other than success means. */
export function failureOf(answer: PagerDutyAnswer, secrets: readonly string[]): PortFailure {
  const { status, retryAfterMs } = answer;
  const said = quote(answer, secrets);
  return {
    kind: kindOf(status),
    message: `PagerDuty answered ${status}${said === '' ? '' : `: ${said}`}`,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  };
}

function kindOf(status: number): PortFailure['kind'] {
  if (status === 404) return 'not_found';
  if (status === 408) return 'timeout';
  if (status === 413) return 'too_large';
  if (status === 429) return 'throttled';
  return status >= 500 ? 'unavailable' : 'rejected';
}

/** PagerDuty's own words on one line, without any secret that it may repeat. */
function quote({ body }: PagerDutyAnswer, secrets: readonly string[]): string {
  const { error, message, errors } = membersOf(body);
  const inner = membersOf(error);
  const texts = [message, inner['message'], errors, inner['errors']].flat();
  const said = texts.filter((text) => typeof text === 'string').join('; ');
  const safe = secrets.reduce((text, secret) => withoutSecret(text, secret), said);
  return safe.slice(0, maxQuotedAnswerLength).toWellFormed();
}

const withoutSecret = (text: string, secret: string): string =>
  secret === '' ? text : text.replaceAll(secret, '[redacted]');

/** The members of a JSON object, none for anything else. */
export const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

function answerOf({ status, headers }: Response, body: unknown): PagerDutyAnswer {
  const seconds = Number(headers.get('retry-after') ?? headers.get('ratelimit-reset') ?? NaN);
  const isStated = Number.isFinite(seconds) && seconds >= 0;
  const retryAfterMs = isStated ? Math.min(seconds * 1000, maxRetryAfterMs) : null;
  return { status, body, retryAfterMs };
}

const isResponse = (value: unknown): value is Response =>
  typeof value === 'object' && value !== null && 'status' in value && 'headers' in value;

const timedOut = (cause?: unknown): PortFailure => ({
  kind: 'timeout',
  message: 'PagerDuty did not answer in time; what was sent may have been accepted.',
  ...(cause === undefined ? {} : { cause }),
});

function unreachable(url: string, cause: unknown): PortFailure {
  const why = cause instanceof Error ? cause.message : String(cause);
  const { host } = new URL(url);
  return { kind: 'unavailable', message: `PagerDuty at ${host} is out of reach: ${why}`, cause };
}
