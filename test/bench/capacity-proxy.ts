import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';

/** A DynamoDB endpoint that hands everything on and adds up what writes consume. */
export interface CapacityProxy {
  readonly url: string;
  readonly writeUnits: () => number;
  readonly close: () => Promise<void>;
}

const WRITES = /\.(PutItem|UpdateItem|DeleteItem|TransactWriteItems|BatchWriteItem)$/;

/** `ReturnConsumedCapacity` is asked for in every write that passes. */
export async function startCapacityProxy(targetUrl: string): Promise<CapacityProxy> {
  let writeUnits = 0;
  const server = createServer((incoming, response) => {
    void forward(incoming, targetUrl).then(
      async (answer) => {
        const body = await buffer(answer);
        if (isWrite(incoming)) writeUnits += unitsIn(body.toString('utf8'));
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        response.end(body);
      },
      () => response.destroy(),
    );
  }).listen(0, '127.0.0.1');
  server.keepAliveTimeout = 65_000;
  await once(server, 'listening');
  // A TCP server's address is an object.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    writeUnits: () => writeUnits,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const isWrite = ({ headers }: IncomingMessage): boolean =>
  WRITES.test(String(headers['x-amz-target']));

async function forward(incoming: IncomingMessage, targetUrl: string): Promise<IncomingMessage> {
  const asked = await text(incoming);
  // The SDK sends JSON objects; a stand-in does not verify the signature over them.
  const body = isWrite(incoming)
    ? JSON.stringify({ ...(JSON.parse(asked) as object), ReturnConsumedCapacity: 'TOTAL' })
    : asked;
  const { host: _, ...headers } = incoming.headers;
  const outgoing = httpRequest(targetUrl, {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
  });
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return answer;
}

interface Consumed {
  readonly CapacityUnits?: number;
}

/** One object for a single write, a list with one for each table for several. */
function unitsIn(answer: string): number {
  const { ConsumedCapacity: consumed = [] } = JSON.parse(answer) as {
    readonly ConsumedCapacity?: Consumed | readonly Consumed[];
  };
  return [consumed].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}
