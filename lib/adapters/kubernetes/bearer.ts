import { isRecord, numberOf } from '../../codec/fields.ts';
import { epochMs, type EpochMs } from '../../domain/shared/time.ts';
import { parseJson } from './failures.ts';

/** When a token says that it ends; null for one that says nothing, or is no JWT. */
export function expiryOf(token: string): EpochMs | null {
  const parts = token.split('.');
  if (parts.length !== 3) return null;
  const claims = parseJson(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8'));
  const seconds = isRecord(claims) ? numberOf(claims, 'exp') : null;
  return seconds === null ? null : epochMs(seconds * 1000);
}
