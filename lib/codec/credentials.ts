import { Buffer } from 'node:buffer';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { SourceKind } from '../domain/alert/alert.ts';

/** A source that may deliver, by its id and the kind of path that it may use. */
export interface KnownSource {
  readonly id: string;
  readonly kind: SourceKind;
}

export interface IntakeAttempt {
  /** The header as the gateway gives it, several joined with commas; undefined without one. */
  readonly authorization: string | undefined;
  readonly rawQueryString: string;
  /** The kind of source whose path was called. */
  readonly sourceKind: SourceKind;
  /** Every source of every tenant: what an attempt is compared with must not depend on it. */
  readonly sources: readonly KnownSource[];
  /** Tokens valid now, by source id: several during a rotation. */
  readonly secrets: Readonly<Record<string, readonly string[]>>;
}

/** What a request offers: a token, and with Basic the source that it claims to be. */
interface Offer {
  readonly token: string;
  readonly sourceId: string | null;
}

/**
 * The id of the source that proves itself, or null. Bearer: the token names the source. Basic:
 * the user is the source's id, the password its token. Only Cloud Monitoring may use
 * `?auth_token=`, and an `Authorization` header alone decides when there is one.
 *
 * Refused: no, several or malformed credentials, empty tokens, the token of a source of another
 * kind, and a token that belongs to two sources and so names neither. Every attempt is compared
 * with every token, by digest and in constant time, so neither answer nor time tells what failed.
 */
export function verifyIntakeCredential(attempt: IntakeAttempt): string | null {
  const offer = readOffer(attempt);
  const offered = sha256(offer?.token ?? '');
  const proven = attempt.sources.filter((source) => {
    const tokens = tokensOf(attempt.secrets, source.id);
    const matches = tokens.map((token) => timingSafeEqual(offered, sha256(token)));
    const isCalled = source.kind === attempt.sourceKind;
    const isClaimed = offer?.sourceId === null || offer?.sourceId === source.id;
    return matches.includes(true) && isCalled && isClaimed;
  });
  const [source] = proven;
  return offer === null || source === undefined || proven.length > 1 ? null : source.id;
}

const tokensOf = (
  secrets: Readonly<Record<string, readonly string[]>>,
  sourceId: string,
): readonly string[] => (Object.hasOwn(secrets, sourceId) ? (secrets[sourceId] ?? []) : []);

const sha256 = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

function readOffer(attempt: IntakeAttempt): Offer | null {
  const offer =
    attempt.authorization === undefined
      ? readQueryToken(attempt)
      : (readBearer(attempt.authorization) ?? readBasic(attempt.authorization));
  return offer === null || offer.token === '' ? null : offer;
}

/** Visible ASCII but the comma, which only a gateway that joined two headers puts in. */
const bearer = /^Bearer +([\x21-\x2b\x2d-\x7e]+)$/i;
const basic = /^Basic +([A-Za-z0-9+/]+={0,2})$/i;

/** The token of an `Authorization: Bearer` header, or null when it is none. */
export function readBearer(authorization: string): Offer | null {
  const token = bearer.exec(authorization)?.[1];
  return token === undefined ? null : { token, sourceId: null };
}

function readBasic(authorization: string): Offer | null {
  const encoded = basic.exec(authorization)?.[1];
  if (encoded === undefined) return null;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 1 ? null : { sourceId: pair.slice(0, colon), token: pair.slice(colon + 1) };
}

/** A plus sign stays one: tokens hold them, and people paste tokens into URLs as they are. */
function readQueryToken({ rawQueryString, sourceKind }: IntakeAttempt): Offer | null {
  if (sourceKind !== 'cloud-monitoring') return null;
  const tokens = rawQueryString
    .split('&')
    .map((part) => /^([^=]*)=(.*)$/s.exec(part))
    .filter((match) => percentDecoded(match?.[1]) === 'auth_token')
    .map((match) => percentDecoded(match?.[2]));
  const [token] = tokens;
  return token === undefined || tokens.length > 1 ? null : { token, sourceId: null };
}

/** Text that is no valid percent-encoding stands for itself. */
function percentDecoded(text = ''): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const shownNames = 20;

/**
 * A query string as it may be logged: the names of its parameters, no value. A part without `=`
 * may be a token itself and is not shown either. Of more than 20 parameters the rest is counted.
 */
export function redactQuery(rawQueryString: string): string {
  if (rawQueryString === '') return '';
  const parts = rawQueryString.split('&');
  const shown = parts.slice(0, shownNames).map((part) => {
    const name = /^([\w.%[\]-]{1,64})=/.exec(part)?.[1];
    return name === undefined ? 'REDACTED' : `${name}=REDACTED`;
  });
  const rest = parts.length - shown.length;
  return rest > 0 ? `${shown.join('&')}&(${rest} more)` : shown.join('&');
}
