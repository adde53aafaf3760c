import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isJsonObject, parseJson } from '../shared/json.ts';
import { listen, stopListening } from '../shared/listener.ts';
import { readBody } from '../shared/read-body.ts';
import type { Timekeeper } from '../shared/timekeeper.ts';
import { jsonError, queryError, s3Error, type AwsAnswer, type AwsError } from './answer.ts';
import { isSignedBy, type LocalCredentials } from './credentials.ts';
import type { JsonOperation } from './eventbridge.ts';
import type { S3Request } from './s3.ts';

/** The services behind the one port. */
export interface AwsServices {
  /** `X-Amz-Target` (`AWSEvents.PutEvents`) to operation. */
  readonly jsonOperations: ReadonlyMap<string, JsonOperation>;
  readonly sns: (form: URLSearchParams) => AwsAnswer;
  readonly s3: (request: S3Request) => AwsAnswer;
}

export interface AwsEndpointSettings {
  readonly services: AwsServices;
  readonly credentials: LocalCredentials;
  readonly timekeeper: Timekeeper;
}

/** The running endpoint. */
export interface AwsEndpoint {
  /** For every `AWS_ENDPOINT_URL_*` variable of the services above. */
  readonly url: string;
  readonly stop: (graceMs: number) => Promise<void>;
}

/** Above anything that Tocsin stores or sends. */
const MAX_REQUEST_BYTES = 64 * 1024 * 1024;

/** One protocol of AWS: how it is answered, and how it says that something is wrong. */
interface Protocol {
  readonly answer: (request: IncomingMessage, body: Buffer) => AwsAnswer;
  readonly error: (error: AwsError) => AwsAnswer;
}

/**
 * Serves EventBridge, Secrets Manager, SNS and S3 on one loopback port, told apart by what their
 * clients send: a target header, a form, or neither. Answers only to the local access key.
 */
export async function startAwsEndpoint(settings: AwsEndpointSettings): Promise<AwsEndpoint> {
  const protocols = createProtocols(settings.services);
  const respond = async (request: IncomingMessage): Promise<AwsAnswer> => {
    const protocol = protocols.of(request);
    const read = await readBody(request, MAX_REQUEST_BYTES);
    if (!isSignedBy(request.headers.authorization, settings.credentials)) {
      return protocol.error(NOT_SIGNED);
    }
    if (read.kind !== 'ok') return protocol.error(UNREADABLE);
    try {
      return protocol.answer(request, read.body);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return protocol.error({ statusCode: 500, code: 'InternalFailure', message });
    }
  };
  const server = createServer((request, response) => {
    void respond(request).then((answer) => {
      write(request, response, answer);
    });
  });
  server.keepAliveTimeout = 65_000;
  const url = await listen(server, { host: '127.0.0.1', port: 0 });
  return {
    url,
    stop: (graceMs) => stopListening(server, { graceMs, timekeeper: settings.timekeeper }),
  };
}

const NOT_SIGNED: AwsError = {
  statusCode: 403,
  code: 'UnrecognizedClientException',
  message: 'The security token included in the request is invalid.',
};
const UNREADABLE: AwsError = {
  statusCode: 413,
  code: 'RequestEntityTooLargeException',
  message: `The request is larger than ${String(MAX_REQUEST_BYTES)} bytes, or was not sent whole.`,
};

function createProtocols(services: AwsServices): { of: (request: IncomingMessage) => Protocol } {
  const json: Protocol = {
    error: jsonError,
    answer: ({ headers }, body) => {
      const target = String(headers['x-amz-target']);
      const operation = services.jsonOperations.get(target);
      const input = parseJson(body.toString('utf8'));
      if (operation === undefined) {
        const message = `${target} is not implemented on one machine.`;
        return jsonError({ statusCode: 400, code: 'UnknownOperationException', message });
      }
      if (isJsonObject(input)) return operation(input);
      const message = 'The body is no JSON object.';
      return jsonError({ statusCode: 400, code: 'SerializationException', message });
    },
  };
  const query: Protocol = {
    error: queryError,
    answer: (_, body) => services.sns(new URLSearchParams(body.toString('utf8'))),
  };
  const rest: Protocol = {
    error: s3Error,
    answer: ({ method = '', url = '', headers }, body) =>
      services.s3({ method, path: url, headers, body }),
  };
  return {
    of: ({ method, headers }) => {
      if (headers['x-amz-target'] !== undefined) return json;
      const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
      return method === 'POST' && isForm === true ? query : rest;
    },
  };
}

function write(request: IncomingMessage, response: ServerResponse, answer: AwsAnswer): void {
  if (response.destroyed) return;
  const requestId = randomUUID();
  response.writeHead(answer.statusCode, {
    ...answer.headers,
    'content-length': Buffer.byteLength(answer.body),
    'x-amzn-requestid': requestId,
    'x-amz-request-id': requestId,
  });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}
