import { redact } from '../../domain/shared/redact.ts';
import { plainText } from '../../domain/shared/plain-text.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { JsonObject } from '../../domain/shared/json.ts';
import type { DurationMs } from '../../domain/shared/time.ts';
import type { ArgoCdFailure } from '../../ports/argocd.ts';
import { maxAnswerBytes, maxQuotedLength, maxRetryAfterMs } from './limits.ts';

/** One request to an Argo CD. */
export interface Outgoing {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly url: string;
  readonly token: string;
  readonly body: JsonObject | null;
  readonly timeoutMs: DurationMs;
}

/**
 * One request and its whole answer, in time and within bounds. Redirects are not followed: they
 * would show the token to whoever is at the other end.
 */
export async function exchange(outgoing: Outgoing): Promise<Result<JsonObject, ArgoCdFailure>> {
  const { method, url, token, body } = outgoing;
  const signal = AbortSignal.timeout(outgoing.timeoutMs);
  try {
    const response = await fetch(url, {
      method,
      signal,
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        ...(body === null ? {} : { 'content-type': 'application/json' }),
      },
      body: body === null ? null : JSON.stringify(body),
    });
    const text = await cappedText(response);
    if (text === null) return err(tooLarge(response.status));
    return response.ok ? parsed(text, response.status) : err(failureOf(response, text, token));
  } catch (cause) {
    return err(signal.aborted ? timedOut(cause) : unreachable(url, cause));
  }
}

/** Null when there is more than is read. */
async function cappedText({ body }: Response): Promise<string | null> {
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // A body of `fetch` comes in bytes, which its type does not tell.
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxAnswerBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string, status: number): Result<JsonObject, ArgoCdFailure> {
  const value = objectIn(text);
  if (value !== null) return ok(value);
  return err({
    kind: 'unavailable',
    status,
    message: `Argo CD answered ${status} with something that is no JSON object. Check its address.`,
  });
}

function objectIn(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    // JSON.parse gives JSON, and this one is an object.
    return isObject ? (value as JsonObject) : null;
  } catch {
    return null;
  }
}

function failureOf(response: Response, text: string, token: string): ArgoCdFailure {
  const { status, headers } = response;
  const said = wordsOf(text, token);
  const waitS = Number(headers.get('retry-after') ?? NaN);
  return {
    kind: kindOf(status, said),
    status,
    message: `Argo CD answered ${status}${said === '' ? '.' : `: ${said}`}`,
    ...(waitS >= 0 ? { retryAfterMs: Math.min(waitS * 1000, maxRetryAfterMs) } : {}),
  };
}

/**
 * Argo CD's gRPC gateway answers FailedPrecondition and InvalidArgument with 400. A JSON Patch
 * whose `test` does not hold has no code of its own there: it is a 500 with these words
 * (`server/application/application.go`, Patch), and nothing has happened.
 */
function kindOf(status: number, said: string): ArgoCdFailure['kind'] {
  if (status === 500 && said.startsWith('error applying patch')) return 'conflict';
  return kinds.get(status) ?? (status >= 500 ? 'unavailable' : 'rejected');
}

const kinds: ReadonlyMap<number, ArgoCdFailure['kind']> = new Map([
  [404, 'not_found'],
  [408, 'timeout'],
  [409, 'conflict'],
  [413, 'too_large'],
  [429, 'throttled'],
]);

/** `message` and `error` hold the same words; whichever is there. */
function wordsOf(text: string, token: string): string {
  const body = objectIn(text);
  const said = [body?.['message'], body?.['error']].find((one) => typeof one === 'string') ?? '';
  const safe = redact(token === '' ? said : said.replaceAll(token, '[redacted]'));
  return plainText(safe, maxQuotedLength);
}

const tooLarge = (status: number): ArgoCdFailure => ({
  kind: 'too_large',
  status,
  message: `Argo CD's answer is larger than the ${maxAnswerBytes} bytes that are read.`,
});

const timedOut = (cause: unknown): ArgoCdFailure => ({
  kind: 'timeout',
  status: null,
  message: 'Argo CD did not answer in time; what was sent may have been done.',
  cause,
});

function unreachable(url: string, cause: unknown): ArgoCdFailure {
  const inner = cause instanceof Error ? (cause.cause ?? cause) : cause;
  const why = inner instanceof Error ? inner.message : String(inner);
  const message = `Argo CD at ${new URL(url).host} is out of reach: ${plainText(why, maxQuotedLength)}`;
  return { kind: 'unavailable', status: null, message, cause };
}
