import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service with one metric per name, whose values a test sets. */
export interface Exporter {
  /** `host:port`, as Prometheus wants its targets. */
  readonly target: string;
  readonly set: (name: string, value: number) => void;
  readonly close: () => Promise<void>;
}

/** Serves `tocsin_test_error_ratio{name="..."} <value>` to whoever scrapes it. */
export async function startExporter(first: Readonly<Record<string, number>>): Promise<Exporter> {
  const values = new Map(Object.entries(first));
  const server = createServer((_, response) => {
    const samples = [...values].map(
      ([name, value]) => `tocsin_test_error_ratio{name="${name}"} ${value}\n`,
    );
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(`# TYPE tocsin_test_error_ratio gauge\n${samples.join('')}`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server's address is an object.
  const { port } = server.address() as AddressInfo;
  return {
    target: `127.0.0.1:${port}`,
    set: (name, value) => void values.set(name, value),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
