import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RuntimeOptions } from '../../lib/local/runtime/options.ts';
import { startRuntime, type Runtime } from '../../lib/local/runtime/start-runtime.ts';

export const ASSEMBLY = join(import.meta.dirname, '../fixtures/assembly');

/** A runtime of the fixture assembly on free ports, with its state in a directory of its own. */
export interface TestRuntime {
  /** The one that was started last. */
  readonly current: () => Runtime;
  readonly runtime: Runtime;
  readonly dataDir: string;
  /** The same data directory, started again. */
  readonly restart: (options?: Partial<RuntimeOptions>) => Promise<Runtime>;
  readonly cleanUp: () => Promise<void>;
}

export async function startTestRuntime(
  options: Partial<RuntimeOptions> = {},
): Promise<TestRuntime> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tocsin-runtime-'));
  const running: Runtime[] = [];
  const start = async (own: Partial<RuntimeOptions>): Promise<Runtime> => {
    const runtime = await startRuntime({
      assemblyDir: ASSEMBLY,
      dataDir,
      port: 0,
      retryDelaysMs: [1, 1],
      environment: () => ({ RECORDER_FILE: join(dataDir, 'recorded.jsonl') }),
      ...own,
    });
    running.push(runtime);
    return runtime;
  };
  const runtime = await start(options);
  return {
    runtime,
    current: () => running.at(-1) ?? runtime,
    dataDir,
    restart: (own = {}) => start({ ...options, ...own }),
    cleanUp: async () => {
      await Promise.all(running.map((one) => one.stop()));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
}

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

/** Bare node:http, which sends any path and any header, Host included, just as it is given. */
export async function sendRaw(
  url: string,
  { method = 'GET', headers = {}, body }: Sent = {},
): Promise<Received> {
  const [, hostname, port, path] = /^http:\/\/([^:/]+):(\d+)(.*)$/.exec(url) ?? [];
  return await new Promise((resolve, reject) => {
    const options = { hostname, port, path, method, headers };
    const outgoing = httpRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const all = Buffer.concat(chunks);
        const status = response.statusCode ?? 0;
        resolve({ status, headers: response.headers, body: all, text: all.toString('utf8') });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
