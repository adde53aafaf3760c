import { describeAwsError } from '../../codec/aws-error.ts';
import { signed, type AwsCredentials } from '../../codec/aws-signature.ts';
import { isRecord, textOf } from '../../codec/fields.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { ClusterFailure } from '../../ports/cluster.ts';
import type { Clock } from '../../ports/system.ts';
import { connectionTo, exchange, publicIdentity, type Connection } from './exchange.ts';
import { parseJson } from './failures.ts';
import { awsTimeoutMs, maxAwsBytes } from './limits.ts';

export interface AwsDeps {
  /** Of the function itself, as they are now. */
  readonly credentials: () => AwsCredentials;
  /** In place of AWS's own: https addresses without a path, and the authority that vouches. */
  readonly endpoints?: { readonly eks: string; readonly sts: string; readonly ca: string };
  readonly clock: Pick<Clock, 'now'>;
}

export interface AwsCall {
  readonly service: 'eks' | 'sts';
  readonly region: string;
  readonly credentials: AwsCredentials;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** A form; null: no body. */
  readonly form: Readonly<Record<string, string>> | null;
}

/** Calls EKS or STS in a region; an answer's text, or why there is none. */
export type CallAws = (call: AwsCall) => Promise<Result<string, ClusterFailure>>;

/** Signed calls over kept connections. One that found its connection dead is sent again. */
export function createAwsCalls(deps: AwsDeps): CallAws {
  const connections = new Map<string, Connection>();
  const connectionOf = (address: string): Connection => {
    const known = connections.get(address);
    if (known !== undefined) return known;
    const ca = deps.endpoints?.ca ?? null;
    const made = connectionTo(new URL(address), { ...publicIdentity, ca });
    connections.set(address, made);
    return made;
  };
  return async (call) => {
    const address =
      deps.endpoints?.[call.service] ?? `https://${hostOf(call.service, call.region)}`;
    const first = await send(deps, call, connectionOf(address));
    if (first.ok || first.error.status !== null || first.error.kind !== 'unavailable') return first;
    return send(deps, call, connectionOf(address));
  };
}

/** The regional host, which is the one to use. */
export const hostOf = (service: 'eks' | 'sts', region: string): string =>
  `${service}.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`;

async function send(
  { clock }: AwsDeps,
  call: AwsCall,
  connection: Connection,
): Promise<Result<string, ClusterFailure>> {
  const { service, region, credentials, method, path, form } = call;
  const body = form === null ? null : new URLSearchParams(form).toString();
  const port = connection.port === '' ? '' : `:${connection.port}`;
  const headers = signed(
    {
      method,
      path,
      headers: {
        host: connection.host + port,
        ...(body === null ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      body: Buffer.from(body ?? ''),
    },
    { credentials, region, service, atMs: clock.now() },
  );
  const answer = await exchange({
    ...{ connection, method, path, headers, body },
    isWrite: false,
    timeoutMs: awsTimeoutMs,
    maxBytes: maxAwsBytes,
  });
  if (!answer.ok) {
    const { kind, why, cause } = answer.error;
    const message = `${names[service]} in ${region} did not answer: ${why}.`;
    return err({
      kind: kind === 'untrusted' ? 'rejected' : kind,
      ...{ message, status: null, reason: '', cause },
    });
  }
  const { status, headers: answered, body: text } = answer.value;
  return status === 200
    ? ok(text)
    : err(refused(call, { status, type: answered['x-amzn-errortype'], text }));
}

const names = { eks: 'EKS', sts: 'STS' } as const;

/** EKS says what is wrong in JSON and a header, STS in XML. */
function refused(
  { service, region }: AwsCall,
  of: { readonly status: number; readonly type: unknown; readonly text: string },
): ClusterFailure {
  const { status, text } = of;
  const json = parseJson(text);
  const xml = (name: string): string => xmlText(text, name) ?? '';
  const type = typeof of.type === 'string' ? of.type.replace(/:.*$/, '') : '';
  const said = isRecord(json) ? textOf(json, 'message') : xml('Message');
  const { kind, name, message } = describeAwsError({
    name: type === '' ? xml('Code') || `status ${status}` : type,
    message: said === '' ? 'no reason was given' : said,
    status,
  });
  return {
    kind,
    message: `${names[service]} in ${region} refused: ${name}: ${message}`,
    status,
    reason: name,
  };
}

/** The text of the first element of a name; null when there is none. Nothing in it is markup. */
export function xmlText(xml: string, name: string): string | null {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text === undefined
    ? null
    : text
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&amp;', '&');
}
