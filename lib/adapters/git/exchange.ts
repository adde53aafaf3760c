import { redact } from '../../domain/shared/redact.ts';
import { plainText } from '../../domain/shared/plain-text.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { Json, JsonObject } from '../../domain/shared/json.ts';
import type { DurationMs } from '../../domain/shared/time.ts';
import type { GitHostFailure } from '../../ports/git-host.ts';
import { maxAnswerBytes, maxQuotedLength, maxRetryAfterMs } from './limits.ts';

/** One request to a Git host. */
export interface Outgoing {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly token: string;
  readonly body: JsonObject | null;
  readonly timeoutMs: DurationMs;
}

/** Why there is no answer, with the body of one that said no. */
export interface Refusal extends GitHostFailure {
  readonly body: Json | undefined;
}

/**
 * One request and its whole answer, in time and within bounds. Redirects (a repository that was
 * renamed) are not followed: the policy is to name the place itself.
 */
export async function exchange(outgoing: Outgoing): Promise<Result<Json, Refusal>> {
  const { method, url, headers, token, body } = outgoing;
  const signal = AbortSignal.timeout(outgoing.timeoutMs);
  try {
    const response = await fetch(url, {
      method,
      signal,
      redirect: 'manual',
      headers: {
        ...headers,
        authorization: `Bearer ${token}`,
        'user-agent': 'tocsin',
        ...(body === null ? {} : { 'content-type': 'application/json' }),
      },
      body: body === null ? null : JSON.stringify(body),
    });
    const text = await cappedText(response);
    if (text === null) return err(tooLarge(response.status));
    const value = jsonIn(text);
    if (!response.ok) return err(refusalOf(response, value, token));
    return value === undefined ? err(noJson(response.status)) : ok(value);
  } catch (cause) {
    return err(signal.aborted ? timedOut(cause) : unreachable(url, cause));
  }
}

/** Null when there is more than is read. */
async function cappedText({ body }: Response): Promise<string | null> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  // A body of `fetch` comes in bytes, which its type does not tell.
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxAnswerBytes) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function jsonIn(text: string): Json | undefined {
  try {
    // What JSON.parse gives is JSON.
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function refusalOf({ status, headers }: Response, body: Json | undefined, token: string): Refusal {
  const said = wordsOf(body, token);
  const waitS = Number(headers.get('retry-after') ?? NaN);
  const isMoved = status >= 300 && status < 400;
  const why = isMoved ? ' (the repository has moved; name its new place in the policy)' : '';
  return {
    kind: kindOf(status, headers),
    status,
    body,
    message: `The Git host answered ${status}${why}${said === '' ? '.' : `: ${said}`}`,
    ...(waitS >= 0 ? { retryAfterMs: Math.min(waitS * 1000, maxRetryAfterMs) } : {}),
  };
}

/** GitHub limits with 403 as well as with 429, and says so in a header. */
function kindOf(status: number, headers: Headers): GitHostFailure['kind'] {
  if (status === 403 && headers.get('x-ratelimit-remaining') === '0') return 'throttled';
  return kinds.get(status) ?? (status >= 500 ? 'unavailable' : 'rejected');
}

const kinds: ReadonlyMap<number, GitHostFailure['kind']> = new Map([
  [404, 'not_found'],
  [408, 'timeout'],
  [409, 'conflict'],
  [413, 'too_large'],
  [429, 'throttled'],
]);

/** Everything a refusal says: GitHub has `message` and `errors`, GitLab `message` or `error`. */
function wordsOf(body: Json | undefined, token: string): string {
  const said = saidIn(body).join('; ');
  const safe = redact(token === '' ? said : said.replaceAll(token, '[redacted]'));
  return plainText(safe, maxQuotedLength);
}

/** The texts of a refusal, a few levels deep. */
export function saidIn(body: Json | undefined, depth = 4): readonly string[] {
  if (typeof body === 'string') return [body];
  if (depth === 0 || typeof body !== 'object' || body === null) return [];
  if (Array.isArray(body))
    return (body as readonly Json[]).flatMap((one) => saidIn(one, depth - 1));
  const telling = ['message', 'error', 'errors', 'error_description', 'base'];
  return Object.entries(body).flatMap(([name, value]) =>
    telling.includes(name) ? saidIn(value, depth - 1) : [],
  );
}

const tooLarge = (status: number): Refusal => ({
  kind: 'too_large',
  status,
  body: undefined,
  message: `The Git host's answer is larger than the ${maxAnswerBytes} bytes that are read.`,
});

const noJson = (status: number): Refusal => ({
  kind: 'unavailable',
  status,
  body: undefined,
  message: `The Git host answered ${status} with something that is no JSON. Check its address.`,
});

const timedOut = (cause: unknown): Refusal => ({
  kind: 'timeout',
  status: null,
  body: undefined,
  message: 'The Git host did not answer in time; what was sent may have been done.',
  cause,
});

function unreachable(url: string, cause: unknown): Refusal {
  const inner = cause instanceof Error ? (cause.cause ?? cause) : cause;
  const why = plainText(inner instanceof Error ? inner.message : String(inner), maxQuotedLength);
  const message = `The Git host at ${new URL(url).host} is out of reach: ${why}`;
  return { kind: 'unavailable', status: null, body: undefined, message, cause };
}
