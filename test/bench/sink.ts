import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { monotonicMs } from './monotonic.ts';

/**
 * A pager in a process of its own: takes every event at once and tells its parent. The same one for
 * Tocsin and for Alertmanager, so what differs between them is theirs.
 */
export interface Arrival {
  /** The mark that the bench put into the alert's name. */
  readonly mark: string;
  readonly action: string;
  readonly atMs: number;
}

const MARK = /(bench-[0-9a-z]+-[0-9a-z]+)/;
const ACTION = /"event_action"\s*:\s*"(\w+)"/;
const KEY = /"dedup_key"\s*:\s*"([^"]+)"/;

/** A resolve may carry the key alone, so the trigger before tells whose it is. */
const markOf = new Map<string, string>();

const first = (pattern: RegExp, body: string): string => pattern.exec(body)?.[1] ?? '';

const server = createServer((request, response) => {
  const atMs = monotonicMs();
  void text(request).then((body) => {
    const key = first(KEY, body);
    const mark = first(MARK, body) || (markOf.get(key) ?? '');
    markOf.set(key, mark);
    process.send?.({ mark, action: first(ACTION, body), atMs } satisfies Arrival);
    response.writeHead(202, { 'content-type': 'application/json' });
    response.end(`{"status":"success","message":"Event processed","dedup_key":"${key}"}`);
  });
});
server.keepAliveTimeout = 65_000;
server.listen(0, '127.0.0.1');
await once(server, 'listening');
// A TCP server's address is an object.
const { port } = server.address() as AddressInfo;
process.send?.({ port });
// The sink ends with the bench, however that ends.
process.once('disconnect', () => process.exit(0));
