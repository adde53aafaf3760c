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

/** A value, or how it is read when somebody scrapes; one that cannot be read is left out. */
export type Reading = number | (() => Promise<number>);

/** Serves `tocsin_test_error_ratio{name="..."} <value>` to whoever scrapes it. */
export async function startExporter(first: Readonly<Record<string, Reading>>): Promise<Exporter> {
  const values = new Map(Object.entries(first));
  const server = createServer((_, response) => {
    void exposition(values).then((text) => {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end(text);
    });
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

async function exposition(values: ReadonlyMap<string, Reading>): Promise<string> {
  const samples = await Promise.all(
    [...values].map(async ([name, reading]) => {
      const value = await read(reading);
      return value === undefined ? '' : `tocsin_test_error_ratio{name="${name}"} ${value}\n`;
    }),
  );
  return `# TYPE tocsin_test_error_ratio gauge\n${samples.join('')}`;
}

const read = async (reading: Reading): Promise<number | undefined> =>
  typeof reading === 'number' ? reading : await reading().catch(() => undefined);
