import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { isRecord, numberOf, textOf } from '../../codec/fields.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { durationMs, after, epochMs, type EpochMs } from '../../domain/shared/time.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { Clock } from '../../ports/system.ts';
import { parseJson, refused, unreadable } from './answers.ts';
import { exchange } from './exchange.ts';
import {
  grantSeconds,
  maxAnswerBytes,
  maxKeptTokens,
  tokenMarginMs,
  tokenTimeoutMs,
} from './limits.ts';

export interface GoogleDeps {
  /** Where tokens are given: never what a key says of it. */
  readonly tokenUrl: string;
  readonly ca?: string;
  readonly clock: Pick<Clock, 'now'>;
}

/** Gives the `Authorization` of a service account, by its key as Google wrote it. */
export type GoogleTokens = (key: string, isFresh: boolean) => Promise<Result<string, PortFailure>>;

const scope = 'https://www.googleapis.com/auth/monitoring.read';

/**
 * Tokens by a signed grant (https://developers.google.com/identity/protocols/oauth2/service-account),
 * kept until shortly before they end.
 */
export function createGoogleTokens(deps: GoogleDeps): GoogleTokens {
  const kept = new Map<string, { readonly header: string; readonly untilMs: EpochMs }>();
  return async (key, isFresh) => {
    const nowMs = deps.clock.now();
    const known = kept.get(key);
    if (!isFresh && known !== undefined && known.untilMs > nowMs) return ok(known.header);
    const account = readKey(key);
    if (account === null) return err(badKey);
    const granted = await grant(deps, account, nowMs);
    if (!granted.ok) return granted;
    kept.set(key, granted.value);
    const [oldest] = kept.keys();
    if (kept.size > maxKeptTokens && oldest !== undefined) kept.delete(oldest);
    return ok(granted.value.header);
  };
}

interface Account {
  readonly email: string;
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

function readKey(text: string): Account | null {
  const json = parseJson(text);
  if (!isRecord(json) || textOf(json, 'client_email') === '') return null;
  try {
    const privateKey = createPrivateKey(textOf(json, 'private_key'));
    if (privateKey.asymmetricKeyType !== 'rsa') return null;
    return {
      email: textOf(json, 'client_email'),
      keyId: textOf(json, 'private_key_id'),
      privateKey,
    };
  } catch {
    // What OpenSSL says could quote the key.
    return null;
  }
}

const badKey: PortFailure = {
  kind: 'rejected',
  message:
    "The targets secret's value for Google is no key of a service account: it needs " +
    '"client_email" and an RSA "private_key", as in the file that Google gave.',
};

async function grant(deps: GoogleDeps, account: Account, nowMs: EpochMs) {
  const url = new URL(deps.tokenUrl);
  const answer = await exchange({
    url,
    headers: { accept: 'application/json' },
    form: {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: assertion(account, deps.tokenUrl, nowMs),
    },
    timeoutMs: tokenTimeoutMs,
    maxBytes: maxAnswerBytes,
    ...(deps.ca === undefined ? {} : { ca: deps.ca }),
  });
  if (!answer.ok) return answer;
  const json = parseJson(answer.value.body);
  const body = isRecord(json) ? json : {};
  if (answer.value.status !== 200) {
    const said = [textOf(body, 'error'), textOf(body, 'error_description')].join(' ');
    return err(refused(url.host, answer.value, said));
  }
  const token = textOf(body, 'access_token');
  const seconds = numberOf(body, 'expires_in');
  if (token === '' || seconds === null) return err(unreadable(url.host, 'holds no token'));
  const endsAtMs = after(nowMs, durationMs(Math.min(Math.max(seconds, 0), grantSeconds) * 1000));
  return ok({ header: `Bearer ${token}`, untilMs: epochMs(endsAtMs - tokenMarginMs) });
}

function assertion({ email, keyId, privateKey }: Account, tokenUrl: string, nowMs: EpochMs) {
  const issuedAt = Math.floor(nowMs / 1000);
  const header = { alg: 'RS256', typ: 'JWT', ...(keyId === '' ? {} : { kid: keyId }) };
  const claims = { iss: email, scope, aud: tokenUrl, iat: issuedAt, exp: issuedAt + grantSeconds };
  const toSign = [header, claims].map(encoded).join('.');
  const signature = sign('sha256', Buffer.from(toSign), privateKey);
  return `${toSign}.${signature.toString('base64url')}`;
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
