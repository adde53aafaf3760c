import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import type { Timekeeper } from '../shared/timekeeper.ts';

/** How the database is started. */
export interface DatabaseLaunch {
  readonly binary: string;
  readonly databaseFile: string;
  readonly port: number;
  readonly timekeeper: Timekeeper;
}

/** One life of the database process. */
export interface DatabaseProcess {
  readonly pid: number;
  /** Resolves when the process has ended, with how, and with the last lines that it wrote. */
  readonly ended: Promise<string>;
  /** Lets it finish and close its file; kills it after 3 s. Resolves when it has ended. */
  readonly stop: () => Promise<void>;
}

const HOST = '127.0.0.1';
const READY_TIMEOUT_MS = 10_000;
const READY_POLL_MS = 10;
const STOP_TIMEOUT_MS = 3_000;
const KEPT_OUTPUT_CHARACTERS = 2_000;

/**
 * Starts the database and waits until it answers. Throws, with what it wrote, when it ends before that or
 * does not answer within 10 s. It dies with this process when this one exits by itself; a killed
 * one leaves an orphan, see `endOrphan`.
 */
export async function startDatabaseProcess(launch: DatabaseLaunch): Promise<DatabaseProcess> {
  const { binary, databaseFile, port, timekeeper } = launch;
  const child = spawn(
    binary,
    ['serve', '--host', HOST, '--port', String(port), '--db-path', databaseFile],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const killWithUs = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', killWithUs);
  const output = outputOf(child);
  const ended = endOf(child, output).finally(() => process.off('exit', killWithUs));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const cancel = timekeeper.after(STOP_TIMEOUT_MS, killWithUs);
    await ended;
    cancel();
  };
  const started = await Promise.race([ended, untilReady(port, output, timekeeper)]);
  if (started === 'ready' && child.pid !== undefined) return { pid: child.pid, ended, stop };
  await stop();
  throw new Error(`The embedded DynamoDB did not start on ${HOST}:${port}: ${started}`);
}

/** The base URL of a database on the port. */
export function urlOf(port: number): string {
  return `http://${HOST}:${port}`;
}

/** A free port of the loopback interface; somebody else may take it before the caller does. */
export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, HOST, () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error(`A listening server has no port: ${String(address)}`));
      });
    });
  });
}

/** The last of what a process has written so far. */
type Output = () => string;

function outputOf(child: ChildProcess): Output {
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-KEPT_OUTPUT_CHARACTERS);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return () => output.trim();
}

function endOf(child: ChildProcess, output: Output): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => {
      const how = signal === null ? `exit code ${String(code)}` : `signal ${signal}`;
      resolve([`it ended with ${how}`, output()].filter((part) => part !== '').join('; '));
    });
  });
}

/**
 * Resolves with `ready`, or with why not. It must say itself that it listens: what answers on the port
 * may be the database of somebody else, who took the port first.
 */
async function untilReady(port: number, output: Output, timekeeper: Timekeeper): Promise<string> {
  const { nowMs, after } = timekeeper;
  const untilMs = nowMs() + READY_TIMEOUT_MS;
  while (nowMs() < untilMs) {
    if (output().includes(`listening on ${urlOf(port)}`) && (await answers(port))) return 'ready';
    await new Promise<void>((resolve) => after(READY_POLL_MS, resolve));
  }
  return `it did not answer within ${READY_TIMEOUT_MS} ms`;
}

async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(urlOf(port), { signal: AbortSignal.timeout(1_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
