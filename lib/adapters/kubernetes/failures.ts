import { isRecord, listOf, numberOf, recordOf, textOf } from '../../codec/fields.ts';
import type { Json, JsonObject } from '../../domain/shared/json.ts';
import { plainText } from '../../domain/shared/plain-text.ts';
import { redact } from '../../domain/shared/redact.ts';
import type { ClusterFailure } from '../../ports/cluster.ts';
import type { Incoming, NoAnswer } from './exchange.ts';
import { maxMessageLength, maxRetryAfterMs } from './limits.ts';

/** What a call was, for its failure. */
export interface Called {
  /** Completes "The cluster shop could not": `read Deployment shop/web`. */
  readonly doing: string;
  readonly cluster: string;
  readonly isWrite: boolean;
  /** Values that no message may hold. */
  readonly secrets: readonly string[];
}

/** A failure that we found ourselves: nothing was sent. */
export const refusal = (message: string, kind: ClusterFailure['kind'] = 'rejected') =>
  ({ kind, message, status: null, reason: '' }) satisfies ClusterFailure;

/** No whole answer. The outcome of a write is unknown then, unless nobody was trusted with it. */
export function lost(called: Called, { kind, why, cause }: NoAnswer): ClusterFailure {
  const message = `${start(called)}: ${shown(why, called.secrets)}.`;
  const known = { message, status: null, reason: '', cause };
  if (kind === 'untrusted') {
    const advice =
      'Compare the certificate with the one in the secret or at EKS; it is not ignored.';
    return { ...known, kind: 'rejected', message: `${message} ${advice}` };
  }
  if (kind === 'too_large' && called.isWrite) return { ...known, kind: 'unavailable' };
  return { ...known, kind };
}

/** An answer that says success and cannot be read. */
export const unreadable = (called: Called, status: number, what: string): ClusterFailure => ({
  kind: 'unavailable',
  message: `${start(called)}: its answer ${what}.`,
  status,
  reason: '',
});

/**
 * What an answer other than success means. A 422 without causes is a failed `test` (or a path that
 * is not there): the object is not the one of the plan. With causes the patch itself is wrong.
 */
export function refused(called: Called, { status, headers, body }: Incoming): ClusterFailure {
  const said = statusOf(body);
  const message = shown(textOf(said, 'message'), called.secrets);
  const retryAfterMs = retryAfter(headers['retry-after'], said);
  return {
    kind: kindOf(status, listOf(recordOf(said, 'details'), 'causes').length > 0),
    message: `${start(called)}: it answered ${status}${message === '' ? '.' : `: ${message}`}`,
    status,
    reason: plainText(textOf(said, 'reason'), 64),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  };
}

const start = ({ cluster, doing }: Called): string => `The cluster ${cluster} could not ${doing}`;

function kindOf(status: number, hasCauses: boolean): ClusterFailure['kind'] {
  if (status === 422 && !hasCauses) return 'conflict';
  return kindsByStatus.get(status) ?? (status >= 500 ? 'unavailable' : 'rejected');
}

const kindsByStatus: ReadonlyMap<number, ClusterFailure['kind']> = new Map([
  [404, 'not_found'],
  [408, 'timeout'],
  [409, 'conflict'],
  [413, 'too_large'],
  [429, 'throttled'],
  [504, 'timeout'],
]);

/** The members of a `Status`, none for anything else. */
function statusOf(body: string): JsonObject {
  const json = parseJson(body);
  return isRecord(json) && textOf(json, 'kind') === 'Status' ? json : {};
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    // JSON.parse gives exactly the values that Json describes.
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function retryAfter(header: string | undefined, said: JsonObject): number | null {
  const stated = numberOf({ header: header ?? '' }, 'header');
  const seconds = stated ?? numberOf(recordOf(said, 'details'), 'retryAfterSeconds');
  return seconds === null || seconds < 0 ? null : Math.min(seconds * 1000, maxRetryAfterMs);
}

/** The server's words on one line, cut, and without what it may repeat of ours. */
function shown(text: string, secrets: readonly string[]): string {
  const safe = secrets
    .filter((secret) => secret !== '')
    .reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text);
  return plainText(redact(safe), maxMessageLength);
}
