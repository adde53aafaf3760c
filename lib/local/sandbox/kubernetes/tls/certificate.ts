import { createHash, createPublicKey, sign, type KeyObject } from 'node:crypto';
import {
  bitString,
  boolean,
  explicit,
  generalizedTime,
  implicit,
  integer,
  objectId,
  octetString,
  sequence,
  setOf,
  utf8,
} from './der.ts';

/** Who signs, and for whom. Node can verify X.509 certificates (RFC 5280), but not make them. */
export interface CertificateRequest {
  /** Common name. */
  readonly subject: string;
  readonly issuer: string;
  /** P-256. */
  readonly subjectKey: KeyObject;
  readonly issuerKey: KeyObject;
  readonly serial: Uint8Array;
  readonly fromMs: number;
  readonly untilMs: number;
  /** What it is for: to sign others, or to prove these names and addresses to clients. */
  readonly use:
    | { readonly kind: 'authority' }
    | { readonly kind: 'server'; readonly names: readonly string[]; readonly ips: readonly Ip[] };
}

/** 4 or 16 bytes. */
export type Ip = Uint8Array;

const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const COMMON_NAME = '2.5.4.3';
const SUBJECT_KEY_ID = '2.5.29.14';
const KEY_USAGE = '2.5.29.15';
const ALTERNATIVE_NAMES = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const AUTHORITY_KEY_ID = '2.5.29.35';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/** A signed certificate as PEM. */
export function makeCertificate(request: CertificateRequest): string {
  const algorithm = sequence(objectId(ECDSA_WITH_SHA256));
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(positive(request.serial)),
    algorithm,
    name(request.issuer),
    sequence(generalizedTime(request.fromMs), generalizedTime(request.untilMs)),
    name(request.subject),
    publicKey(request.subjectKey),
    explicit(3, sequence(...extensions(request))),
  );
  const signature = sign('sha256', toBeSigned, request.issuerKey);
  return pem(sequence(toBeSigned, algorithm, bitString(signature)));
}

/** A first byte that keeps the number positive and its encoding the shortest. */
const positive = (serial: Uint8Array): Uint8Array => Buffer.concat([Buffer.from([0x4b]), serial]);

const name = (commonName: string): Uint8Array =>
  sequence(setOf(sequence(objectId(COMMON_NAME), utf8(commonName))));

const publicKey = (key: KeyObject): Uint8Array =>
  createPublicKey(key).export({ type: 'spki', format: 'der' });

const keyId = (key: KeyObject): Uint8Array => createHash('sha1').update(publicKey(key)).digest();

function extensions({ use, subjectKey, issuerKey }: CertificateRequest): readonly Uint8Array[] {
  const isAuthority = use.kind === 'authority';
  return [
    extension(BASIC_CONSTRAINTS, sequence(...(isAuthority ? [boolean(true)] : [])), true),
    // keyCertSign and cRLSign, or digitalSignature: the bits from the left.
    extension(KEY_USAGE, isAuthority ? bits(1, 0x06) : bits(7, 0x80), true),
    extension(SUBJECT_KEY_ID, octetString(keyId(subjectKey))),
    extension(AUTHORITY_KEY_ID, sequence(implicit(0, keyId(issuerKey)))),
    ...(use.kind === 'authority'
      ? []
      : [
          extension(EXTENDED_KEY_USAGE, sequence(objectId(SERVER_AUTH))),
          extension(
            ALTERNATIVE_NAMES,
            sequence(
              ...use.names.map((dns) => implicit(2, Buffer.from(dns, 'ascii'))),
              ...use.ips.map((ip) => implicit(7, ip)),
            ),
          ),
        ]),
  ];
}

const extension = (id: string, value: Uint8Array, isCritical = false): Uint8Array =>
  sequence(objectId(id), ...(isCritical ? [boolean(true)] : []), octetString(value));

/** A BIT STRING of one byte whose last `unused` bits do not count. */
const bits = (unused: number, byte: number): Uint8Array => Buffer.from([0x03, 2, unused, byte]);

function pem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
