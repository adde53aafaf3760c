import { randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { readTextIfPresent, writeFileAtomically } from '../shared/files.ts';
import { isJsonObject, parseJson } from '../shared/json.ts';

/** The credentials that functions get, and that the local endpoints ask for. */
export interface LocalCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * The credentials of this data directory, made at the first start and kept (0600): some stand-ins for
 * DynamoDB keep a database per access key. The local endpoints hold secrets and take events, so they
 * answer only to this access key, which a web page or another user of the machine cannot know.
 */
export function loadCredentials(dataDir: string): LocalCredentials {
  const path = join(dataDir, 'aws-credentials.json');
  const stored = parseJson(readTextIfPresent(path) ?? '');
  if (isJsonObject(stored)) {
    const { accessKeyId, secretAccessKey } = stored;
    if (typeof accessKeyId === 'string' && typeof secretAccessKey === 'string') {
      return { accessKeyId, secretAccessKey };
    }
  }
  const credentials: LocalCredentials = {
    accessKeyId: `LOCAL${randomBytes(16).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64url'),
  };
  writeFileAtomically(path, `${JSON.stringify(credentials, undefined, 2)}\n`);
  return credentials;
}

/**
 * True when a SigV4 `Authorization` header names this access key. The signature itself is not
 * verified: over loopback the key alone says who calls.
 */
export function isSignedBy(
  authorization: string | undefined,
  { accessKeyId }: LocalCredentials,
): boolean {
  const named = /^AWS4-HMAC-SHA256 Credential=([^/\s]+)\//.exec(authorization ?? '')?.[1] ?? '';
  const [given, expected] = [Buffer.from(named), Buffer.from(accessKeyId)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}
