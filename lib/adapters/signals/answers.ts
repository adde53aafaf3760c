import type { Json } from '../../domain/shared/json.ts';
import { plainText } from '../../domain/shared/plain-text.ts';
import { redact } from '../../domain/shared/redact.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { Incoming } from './exchange.ts';
import { maxMessageLength, maxRetryAfterMs } from './limits.ts';

/** What an answer other than success means. `said` are the other side's own words. */
export function refused(host: string, answer: Incoming, said: string): PortFailure {
  const { status, headers } = answer;
  const words = shown(said);
  const seconds = Number(headers['retry-after'] ?? NaN);
  return {
    kind: kindOf(status),
    message: `${host} answered ${status}${words === '' ? '.' : `: ${words}`}`,
    ...(seconds >= 0 ? { retryAfterMs: Math.min(seconds * 1000, maxRetryAfterMs) } : {}),
  };
}

function kindOf(status: number): PortFailure['kind'] {
  if (status === 404) return 'not_found';
  if (status === 408 || status === 504) return 'timeout';
  if (status === 429) return 'throttled';
  return status >= 500 ? 'unavailable' : 'rejected';
}

/** An answer that says success and cannot be read. */
export const unreadable = (host: string, what: string): PortFailure => ({
  kind: 'unavailable',
  message: `${host} gave an answer that ${what}.`,
});

/** Words from outside on one line, cut, without what looks like a credential. */
export const shown = (text: string): string => plainText(redact(text), maxMessageLength);

/** Undefined for what is no JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    // JSON.parse gives exactly the values that Json describes.
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
