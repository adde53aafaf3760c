import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes wrong with one request to DynamoDB. */
export type Fault =
  /** Refused with an error of DynamoDB, not applied. */
  | { readonly kind: 'error'; readonly name: string; readonly status?: number }
  /** A transaction cancelled with these reasons, not applied. */
  | { readonly kind: 'cancelled'; readonly codes: readonly string[] }
  /** Applied, and the connection cut before the answer. */
  | { readonly kind: 'answer-lost' }
  /** Applied, and never answered. */
  | { readonly kind: 'silent' }
  /** A batch of reads answered for so many of its keys only. */
  | { readonly kind: 'left-out'; readonly taken: number }
  /** All is well with this one. */
  | { readonly kind: 'none' };

/** A DynamoDB that fails as told: the embedded one never conflicts and never throttles. */
export interface FaultyDynamoDb {
  readonly url: string;
  /** The next requests meet these, one each, in order; after that all is well. */
  readonly next: (...faults: readonly Fault[]) => void;
  /** Requests that came, by operation. */
  readonly seen: () => readonly string[];
  readonly stop: () => Promise<void>;
}

export async function startFaultyDynamoDb(target: string): Promise<FaultyDynamoDb> {
  let faults: readonly Fault[] = [];
  let seen: readonly string[] = [];
  const server = createServer((request, response) => {
    const [fault] = faults;
    faults = faults.slice(1);
    seen = [...seen, String(request.headers['x-amz-target']).replace(/^.*\./, '')];
    void serve({ target, request, response, fault });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server's address is an object.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    next: (...more) => {
      faults = more;
      seen = [];
    },
    seen: () => seen,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Exchange {
  readonly target: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly fault: Fault | undefined;
}

async function serve({ target, request, response, fault }: Exchange): Promise<void> {
  const body = await bodyOf(request);
  switch (fault?.kind) {
    case 'error':
      refuse(response, fault.status ?? 400, {
        name: fault.name,
        message: `injected ${fault.name}`,
      });
      return;
    case 'cancelled':
      refuse(response, 400, {
        name: 'TransactionCanceledException',
        message: 'injected',
        CancellationReasons: fault.codes.map((Code) => ({ Code, Message: `injected ${Code}` })),
      });
      return;
    case 'answer-lost':
      await forward(target, request, body);
      request.socket.destroy();
      return;
    case 'silent':
      await forward(target, request, body);
      return;
    case 'left-out':
      answerWith(response, 200, await leaveOut({ target, request, body }, fault.taken));
      return;
    case 'none':
    case undefined: {
      const answer = await forward(target, request, body);
      response.writeHead(answer.status, answer.headers).end(answer.body);
    }
  }
}

function refuse(response: ServerResponse, status: number, error: Record<string, unknown>): void {
  const { name, ...rest } = error;
  const type = `com.amazonaws.dynamodb.v20120810#${String(name)}`;
  answerWith(response, status, { __type: type, ...rest });
}

function answerWith(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify(body));
}

interface BatchGet {
  readonly RequestItems: Record<string, { readonly Keys: readonly unknown[] }>;
}

async function leaveOut(
  of: { readonly target: string; readonly request: IncomingMessage; readonly body: Buffer },
  taken: number,
): Promise<object> {
  // The test says which request this is: a BatchGetItem on one table.
  const { RequestItems } = JSON.parse(of.body.toString()) as BatchGet;
  const [table, { Keys }] = Object.entries(RequestItems)[0] ?? ['', { Keys: [] }];
  const left = { [table]: { ...RequestItems[table], Keys: Keys.slice(taken) } };
  if (taken === 0) return { Responses: {}, UnprocessedKeys: left };
  const some = {
    RequestItems: { [table]: { ...RequestItems[table], Keys: Keys.slice(0, taken) } },
  };
  const answer = await forward(of.target, of.request, Buffer.from(JSON.stringify(some)));
  return { ...(JSON.parse(answer.body.toString()) as object), UnprocessedKeys: left };
}

async function forward(target: string, request: IncomingMessage, body: Buffer) {
  const { host: _host, 'content-length': _length, ...headers } = request.headers;
  const outgoing = httpRequest(target, { method: request.method ?? 'POST', headers });
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  const { 'transfer-encoding': _encoding, ...kept } = answer.headers;
  return { status: answer.statusCode ?? 500, headers: kept, body: await bodyOf(answer) };
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  // A stream without an encoding gives buffers.
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
