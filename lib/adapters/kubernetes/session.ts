import type { AwsCredentials } from '../../codec/aws-signature.ts';
import { parseInstant } from '../../codec/instant.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import type { ClusterFailure } from '../../ports/cluster.ts';
import { xmlText, type CallAws } from './aws-call.ts';
import { refusal } from './failures.ts';
import { sessionSeconds } from './limits.ts';

/** Credentials of a role that was assumed, in the name of an action. */
export interface Session {
  readonly credentials: AwsCredentials;
  /** Null: until whoever gave them says otherwise. */
  readonly expiresAtMs: EpochMs | null;
}

/** Assumes a role. The cluster's audit log then names the action as the session. */
export async function assumeRole(
  call: CallAws,
  of: {
    readonly region: string;
    readonly roleArn: string;
    readonly attribution: string;
    readonly credentials: AwsCredentials;
  },
): Promise<Result<Session, ClusterFailure>> {
  const { region, roleArn, attribution, credentials } = of;
  const answer = await call({
    ...{ service: 'sts', region, credentials, method: 'POST', path: '/' },
    form: {
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: roleArn,
      RoleSessionName: sessionName(attribution),
      DurationSeconds: String(sessionSeconds),
    },
  });
  if (!answer.ok) return answer;
  const session = readSession(answer.value);
  const what = `STS in ${region} assumed ${roleArn}, but its answer holds no credentials.`;
  return session === null ? err(refusal(what, 'unavailable')) : ok(session);
}

function readSession(xml: string): Session | null {
  const accessKeyId = xmlText(xml, 'AccessKeyId');
  const secretAccessKey = xmlText(xml, 'SecretAccessKey');
  const sessionToken = xmlText(xml, 'SessionToken');
  const expiresAtMs = parseInstant(xmlText(xml, 'Expiration') ?? '');
  if (accessKeyId === null || secretAccessKey === null) return null;
  if (sessionToken === null || expiresAtMs === null) return null;
  return { credentials: { accessKeyId, secretAccessKey, sessionToken }, expiresAtMs };
}

/** STS takes 2 to 64 of `\w+=,.@-`. */
const sessionName = (attribution: string): string =>
  attribution
    .replace(/[^\w+=,.@-]/g, '-')
    .slice(0, 64)
    .padEnd(2, '-');
