import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CancelTimer, Timekeeper } from './timekeeper.ts';

/** Where a server is to listen; port 0 takes any free one. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Makes the server listen and gives its base URL, without a trailing slash. Rejects with Node's own
 * error (`EADDRINUSE`, `EACCES`) for the caller to explain.
 */
export async function listen(server: Server, { host, port }: ListenAddress): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  // A server that listens on a TCP port has an AddressInfo.
  const address = server.address() as AddressInfo;
  return `http://${reachableHost(host)}:${String(address.port)}`;
}

/** Often enough that a stop does not seem to wait. */
const IDLE_CHECK_MS = 20;

/** Takes no new connection, lets running requests end within `graceMs`, then cuts the rest. */
export async function stopListening(
  server: Server,
  { graceMs, timekeeper }: { readonly graceMs: number; readonly timekeeper: Timekeeper },
): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  let cancelIdleCheck: CancelTimer = () => undefined;
  // A kept connection whose last request ends now becomes idle only after `close` was called.
  const closeIdle = (): void => {
    server.closeIdleConnections();
    cancelIdleCheck = timekeeper.after(IDLE_CHECK_MS, closeIdle);
  };
  closeIdle();
  const cancelCut = timekeeper.after(graceMs, () => {
    server.closeAllConnections();
  });
  await closed;
  cancelIdleCheck();
  cancelCut();
}

/** A server that listens on every address is reached over loopback. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
