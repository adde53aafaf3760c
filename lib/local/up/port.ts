import { createServer } from 'node:http';
import { listen, stopListening } from '../shared/listener.ts';
import { systemTimekeeper } from '../shared/timekeeper.ts';

/**
 * Takes the port for a moment, so that a taken one is told about before the seconds that a build may
 * take. Rejects with Node's own error, as the real attempt would.
 */
export async function assertPortFree(port: number): Promise<void> {
  const server = createServer();
  await listen(server, { host: '127.0.0.1', port });
  await stopListening(server, { graceMs: 0, timekeeper: systemTimekeeper });
}
