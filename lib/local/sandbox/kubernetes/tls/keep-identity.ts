import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { isJsonObject, ownValue, parseJson } from '../../../shared/json.ts';
import { readTextIfPresent, writeFileAtomically } from '../../../shared/files.ts';
import { makeCertificate } from './certificate.ts';

/** What a TLS server proves itself with, as PEM. */
export interface TlsIdentity {
  /** Certificate of our own authority: what clients are told to trust. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface KeepIdentityRequest {
  /** Kept in memory only when left out. */
  readonly path?: string;
  readonly nowMs: number;
  readonly randomBytes: (length: number) => Uint8Array;
}

const DAY_MS = 86_400_000;
const LIFE_MS = 825 * DAY_MS;
/** Made anew when less than this is left, so that no run outlives it. */
const SPARE_MS = 30 * DAY_MS;

const AUTHORITY = 'Tocsin sandbox cluster authority';
const LOOPBACK_IPS = [
  Buffer.from([127, 0, 0, 1]),
  Buffer.concat([Buffer.alloc(15), Buffer.from([1])]),
];
const LOOPBACK_NAMES = ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'];

/**
 * The identity of a server on loopback: made at the first start, the same from then on, so that a
 * kubeconfig that somebody copied goes on working. The authority's key is thrown away at once:
 * nobody can sign anything else that a client of ours would trust.
 */
export function keepIdentity(request: KeepIdentityRequest): TlsIdentity {
  const { path, nowMs } = request;
  const kept = path === undefined ? undefined : readIdentity(path);
  if (kept !== undefined && isGood(kept, nowMs)) return kept;
  const made = makeIdentity(request);
  if (path !== undefined) writeFileAtomically(path, `${JSON.stringify(made, undefined, 2)}\n`);
  return made;
}

function makeIdentity({ nowMs, randomBytes }: KeepIdentityRequest): TlsIdentity {
  const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const authorityKey = newKey();
  const serverKey = newKey();
  const shared = {
    issuer: AUTHORITY,
    issuerKey: authorityKey,
    // Clocks that lag behind see it valid too.
    fromMs: nowMs - DAY_MS,
    untilMs: nowMs + LIFE_MS,
  };
  return {
    ca: makeCertificate({
      ...shared,
      subject: AUTHORITY,
      subjectKey: authorityKey,
      serial: randomBytes(15),
      use: { kind: 'authority' },
    }),
    cert: makeCertificate({
      ...shared,
      subject: 'kube-apiserver',
      subjectKey: serverKey,
      serial: randomBytes(15),
      use: { kind: 'server', names: LOOPBACK_NAMES, ips: LOOPBACK_IPS },
    }),
    key: serverKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function readIdentity(path: string): TlsIdentity | undefined {
  const value = parseJson(readTextIfPresent(path) ?? '');
  if (!isJsonObject(value)) return undefined;
  const [ca, cert, key] = ['ca', 'cert', 'key'].map((name) => ownValue(value, name));
  return typeof ca === 'string' && typeof cert === 'string' && typeof key === 'string'
    ? { ca, cert, key }
    : undefined;
}

/** A file that a hand has changed is made anew, too. */
function isGood({ ca, cert, key }: TlsIdentity, nowMs: number): boolean {
  try {
    const server = new X509Certificate(cert);
    return (
      server.verify(new X509Certificate(ca).publicKey) &&
      server.checkPrivateKey(createPrivateKey(key)) &&
      Date.parse(server.validTo) > nowMs + SPARE_MS
    );
  } catch {
    return false;
  }
}
