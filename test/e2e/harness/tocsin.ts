import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, parseJson } from '../../../lib/local/shared/json.ts';
import { answering, freePort, startProgram, type Program } from './program.ts';

export const ROOT = join(import.meta.dirname, '../../..');

/** Short deadlines, and everything critical in production is a P0. */
export const TEST_POLICY = join(import.meta.dirname, 'test-policy.yaml');

export interface TocsinRequest {
  /** A folder of its own; a second start in it finds the state of the first. */
  readonly folder: string;
  readonly policyFile: string;
  /** Default: any free one. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeArgs?: readonly string[];
}

/** A `tocsin up`, the leader of its own process group. */
export interface Tocsin extends Program {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** Waits for the first healthy answer; milliseconds from the start of the process to it. */
  readonly ready: () => Promise<number>;
}

/** The first start builds the bundles, on two busy cores. */
const READY_WITHIN_MS = 90_000;

/** Starts the product as `npm start` does, on a data directory and port of its own. */
export async function launchTocsin(request: TocsinRequest): Promise<Tocsin> {
  const { folder, policyFile, nodeArgs = [] } = request;
  const port = request.port ?? (await freePort());
  const dataDir = join(folder, 'data');
  const url = `http://127.0.0.1:${port}`;
  const fromMs = performance.now();
  const program = startProgram({
    path: process.execPath,
    args: [
      ...nodeArgs,
      join(ROOT, 'bin/tocsin.ts'),
      'up',
      ...['--port', String(port), '--data', dataDir, '--policy', policyFile],
      ...['--person', 'tester'],
    ],
    cwd: folder,
    env: { ...neutralEnv, ...request.env },
    outputFile: join(folder, 'tocsin.log'),
  });
  const ready = async (): Promise<number> => {
    await answering(program, { url: `${url}/healthz`, withinMs: READY_WITHIN_MS });
    return performance.now() - fromMs;
  };
  return { ...program, url, port, dataDir, ready };
}

/** The same, once it answers; nothing is left of one that does not. */
export async function startTocsin(request: TocsinRequest): Promise<Tocsin> {
  const tocsin = await launchTocsin(request);
  try {
    await tocsin.ready();
    return tocsin;
  } catch (error) {
    await tocsin.killGroup();
    throw error;
  }
}

/** What a developer has set for real accounts must not reach a test. */
export const neutralEnv: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => /^(AWS|PAGERDUTY|SLACK|TOCSIN)_/.test(name))
    .map((name) => [name, '']),
);

/** The first token of a source, as the operator reads it from the data directory. */
export function sourceToken({ dataDir }: Pick<Tocsin, 'dataDir'>, sourceId: string): string {
  const secrets = parseJson(readFileSync(join(dataDir, 'secrets.json'), 'utf8'));
  const tokens = Object.values(isJsonObject(secrets) ? secrets : {}).map((secret) =>
    at(secret, ['current', 'sources', sourceId, '0']),
  );
  const token = tokens.find((candidate) => typeof candidate === 'string');
  if (token === undefined) throw new Error(`The source ${sourceId} has no token in ${dataDir}.`);
  return token;
}

function at(value: unknown, path: readonly string[]): unknown {
  // Lists and objects are both read by key here; anything else has none.
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Readonly<Record<string, unknown>>)[key]
        : undefined,
    value,
  );
}
