import { Buffer } from 'node:buffer';
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { ChangeSourceKind } from '../../domain/policy/action-policy.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import { readBearer } from '../credentials.ts';

export interface ChangeAttempt {
  /** The kind whose path was called. */
  readonly kind: ChangeSourceKind;
  /** A header by its lower-case name. */
  readonly header: (name: string) => string | undefined;
  readonly body: Uint8Array;
  readonly nowMs: EpochMs;
  /** Every change source of every tenant. */
  readonly sources: readonly { readonly id: string; readonly kind: ChangeSourceKind }[];
  /** Secrets valid now, by source id: several during a rotation. */
  readonly secrets: Readonly<Record<string, readonly string[]>>;
}

/**
 * The id of the source that proves itself, or null. Each source of the kind is tried with each of
 * its secrets, in constant time; a proof that fits two sources names neither. Empty secrets prove
 * nothing. Neither GitHub's signature nor GitLab's token says when it was made: a message is
 * taken once by its bytes, which the caller sees to.
 */
export function verifyChangeCredential(attempt: ChangeAttempt): string | null {
  const proves = proofOf(attempt);
  const proven = attempt.sources.filter(({ id, kind }) => {
    const secrets = Object.hasOwn(attempt.secrets, id) ? (attempt.secrets[id] ?? []) : [];
    const matches = secrets.map((secret) => secret !== '' && proves(secret));
    return matches.includes(true) && kind === attempt.kind;
  });
  const [source] = proven;
  return source === undefined || proven.length > 1 ? null : source.id;
}

type Proof = (secret: string) => boolean;

function proofOf(attempt: ChangeAttempt): Proof {
  const { kind, header } = attempt;
  switch (kind) {
    case 'tocsin':
      return ownProof(attempt);
    case 'github':
      return signs(attempt.body, [
        /^sha256=([0-9a-f]{64})$/.exec(header('x-hub-signature-256') ?? '')?.[1],
      ]);
    case 'gitlab':
      return equals(header('x-gitlab-token'));
    case 'argocd':
      return equals(readBearer(header('authorization') ?? '')?.token);
  }
}

/** Older, or further ahead, than this a signature is none: clocks differ by less. */
export const signatureGoodForS = 300;

/** One secret signs once; more than this many in a header is no rotation. */
const maxSignatures = 16;

/**
 * `X-Tocsin-Signature: t=<unix seconds>,v1=<hex>`: HMAC-SHA256 over `<t>.<raw body>`, several
 * `v1` during a rotation.
 */
function ownProof({ header, body, nowMs }: ChangeAttempt): Proof {
  const parts = (header('x-tocsin-signature') ?? '').split(',', maxSignatures + 1);
  const times = parts.flatMap((part) => /^\s*t=(\d{1,11})\s*$/.exec(part)?.[1] ?? []);
  const [time] = times;
  if (time === undefined || times.length > 1) return () => false;
  if (Math.abs(nowMs / 1000 - Number(time)) > signatureGoodForS) return () => false;
  const signed = Buffer.concat([Buffer.from(`${time}.`), body]);
  return signs(
    signed,
    parts.map((part) => /^\s*v1=([0-9a-f]{64})\s*$/.exec(part)?.[1]),
  );
}

/** The header by which a message in our own format proves who sent it, and when. */
export function signChange(secret: string, body: Uint8Array, atMs: EpochMs): string {
  const time = String(Math.floor(atMs / 1000));
  const signature = createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex');
  return `t=${time},v1=${signature}`;
}

function signs(bytes: Uint8Array, offered: readonly (string | undefined)[]): Proof {
  const signatures = offered.flatMap((hex) => (hex === undefined ? [] : [Buffer.from(hex, 'hex')]));
  return (secret) => {
    const expected = createHmac('sha256', secret).update(bytes).digest();
    return signatures.map((signature) => timingSafeEqual(signature, expected)).includes(true);
  };
}

/** By digest, so that the comparison takes the same time whatever the lengths. */
function equals(offered: string | undefined): Proof {
  const digest = sha256(offered ?? '');
  return (secret) => timingSafeEqual(digest, sha256(secret)) && offered !== undefined;
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
