import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { encodeQuery, signed, type AwsCredentials } from '../codec/aws-signature.ts';
import { connectionFileName, decodeConnection } from '../codec/local-connection.ts';
import { epochMs } from '../domain/shared/time.ts';
import type { Invocation, OptionSpec } from './command.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { Failure, messageOf } from './failure.ts';
import { printable } from './terminal.ts';

/** Who calls in AWS: the SDK's own chain of credentials, loaded only for `--url`. */
export type FindAwsCredentials = () => Promise<AwsCredentials>;

export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The HTTP API, in a person's name. Gives the text of a 2xx answer; everything else is a Failure. */
export type Api = (request: ApiRequest) => Promise<string>;

/** What every command that calls the API takes. */
export const apiOptions: readonly OptionSpec[] = [
  {
    name: 'data',
    short: 'd',
    value: 'DIR',
    summary: 'the Tocsin of this data directory (.tocsin)',
  },
  { name: 'url', value: 'URL', summary: 'the HTTP API in AWS instead (TOCSIN_URL)' },
  { name: 'region', value: 'NAME', summary: 'its region (from the URL, or AWS_REGION)' },
  { name: 'tenant', value: 'ID', summary: 'tenant (the first of the policy)' },
  { name: 'json', summary: 'the API’s own answer, for machines' },
];

/** Connects as the options say: to AWS by SigV4, else to the Tocsin of a data directory. */
export function openApi(invocation: Invocation, findCredentials: FindAwsCredentials): Api {
  const { text, isSet, host } = invocation;
  // A directory that was named counts more than a variable that was set once and forgotten.
  const url = text('url') ?? (isSet('data') ? undefined : host.env['TOCSIN_URL']);
  const tenant = text('tenant');
  const send =
    url === undefined ? localSender(invocation) : awsSender(invocation, url, findCredentials);
  return async (request) => {
    const query = { ...request.query, ...(tenant === undefined ? {} : { tenant }) };
    return textOf(await send({ ...request, query }), request);
  };
}

type Sender = (
  request: ApiRequest & { readonly query: Readonly<Record<string, string>> },
) => Promise<Answer>;

/** An answer that has arrived whole. */
interface Answer {
  readonly status: number;
  readonly text: string;
}

const timeoutMs = 30_000;

function localSender({ text, host }: Invocation): Sender {
  const dataDir = text('data') ?? '.tocsin';
  const file = resolve(host.cwd, join(dataDir, connectionFileName));
  const connection = decodeConnection(readConnection(file, dataDir));
  if (connection === null) {
    throw new Failure(EXIT.failed, `${file} is damaged. Start Tocsin again: it writes it anew.`);
  }
  return ({ method, path, query, body }) =>
    reach({ base: connection.url, advice: isItRunning }, `${path}${search(query)}`, {
      method,
      headers: { authorization: `Bearer ${connection.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
}

function readConnection(file: string, dataDir: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure(
      EXIT.unreachable,
      `No Tocsin has run with the data directory ${dataDir}. Start it with \`npm start\`, name another ` +
        'directory with --data, or the HTTP API in AWS with --url.',
      { cause: error },
    );
  }
}

function awsSender({ text, host }: Invocation, url: string, find: FindAwsCredentials): Sender {
  const base = url.replace(/\/+$/, '');
  const { host: hostName, pathname } = parseUrl(base);
  const region =
    text('region') ?? /\.execute-api\.([\w-]+)\./.exec(hostName)?.[1] ?? host.env['AWS_REGION'];
  if (region === undefined) {
    throw new Failure(EXIT.usage, `The region of ${base} is not known: name it with --region.`);
  }
  return async ({ method, path, query, body }) => {
    const bytes = new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body));
    const { host: _host, ...headers } = signed(
      {
        method,
        path: `${pathname === '/' ? '' : pathname}${path}`,
        query,
        headers: { host: hostName, 'content-type': 'application/json' },
        body: bytes,
      },
      {
        credentials: await credentialsFrom(find),
        region,
        service: 'execute-api',
        atMs: epochMs(host.nowMs()),
      },
    );
    return reach({ base, advice: isItRight }, `${path}${search(query)}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: bytes }),
    });
  };
}

async function credentialsFrom(find: FindAwsCredentials): Promise<AwsCredentials> {
  try {
    return await find();
  } catch (error) {
    throw new Failure(
      EXIT.failed,
      `There are no AWS credentials to sign with (${messageOf(error)}). Sign in, for example with ` +
        '`aws sso login`, or set AWS_PROFILE.',
      { cause: error },
    );
  }
}

function parseUrl(url: string): URL {
  const parsed = URL.parse(url);
  if (parsed !== null && ['http:', 'https:'].includes(parsed.protocol)) return parsed;
  throw new Failure(
    EXIT.usage,
    `${JSON.stringify(url)} is no http or https URL. The stack’s output ApiUrl is meant.`,
  );
}

const search = (query: Readonly<Record<string, string>>): string =>
  Object.keys(query).length === 0 ? '' : `?${encodeQuery(query)}`;

const isItRunning = 'Is it running? `npm start` starts it.';
const isItRight = 'Is that the stack’s output ApiUrl, and is the network there?';

async function reach(
  { base, advice }: { readonly base: string; readonly advice: string },
  target: string,
  init: RequestInit,
): Promise<Answer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(`${base}${target}`, { ...init, redirect: 'error', signal });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new Failure(
      EXIT.unreachable,
      `Tocsin cannot be reached at ${base} (${messageOf(cause)}). ${advice}`,
      { cause: error },
    );
  }
}

const exitCodes = new Map<number, ExitCode>([
  [401, EXIT.refused],
  [403, EXIT.refused],
  [404, EXIT.notFound],
  [409, EXIT.refused],
]);

function textOf({ status, text }: Answer, { path }: ApiRequest): string {
  if (status >= 200 && status < 300) return text;
  throw new Failure(
    exitCodes.get(status) ?? EXIT.failed,
    errorOf(text) ?? `${path} was answered with ${status}: ${printable(text.slice(0, 200))}`,
  );
}

/** The sentence of the API's error, or of the gateway's. */
function errorOf(text: string): string | null {
  try {
    // Whatever the other side sent: only strings are taken from it.
    const { error, message } = JSON.parse(text) as {
      error?: { message?: unknown };
      message?: unknown;
    };
    const said = error?.message ?? message;
    return typeof said === 'string' ? printable(said) : null;
  } catch {
    return null;
  }
}
