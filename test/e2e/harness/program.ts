import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { eventually } from './eventually.ts';

/** A program in a process group of its own. */
export interface Program {
  readonly pid: number;
  /** Everything that it has printed. */
  readonly output: () => string;
  readonly isRunning: () => boolean;
  /** Kills the whole group at once, without a chance to tidy up, and waits for the end. */
  readonly killGroup: () => Promise<void>;
  /** Asks it to end, waits, and kills what is left of its group. */
  readonly stop: () => Promise<void>;
}

export interface ProgramRequest {
  readonly path: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it prints goes here, after what is there already. */
  readonly outputFile: string;
}

const STOP_WITHIN_MS = 10_000;

/** Groups that still run. A group of its own does not get the Ctrl-C of whoever tests. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) signalGroup(child, 'SIGKILL');
});

/** Starts a program as the leader of a new process group. */
export function startProgram(request: ProgramRequest): Program {
  const { path, args, cwd, env, outputFile } = request;
  const output = openSync(outputFile, 'a');
  const child = spawn(path, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const ended = once(child, 'exit');
  running.add(child);
  // A program that cannot be started is told about by whoever waits for its answer.
  child.on('error', () => undefined);
  const isRunning = (): boolean =>
    child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const killGroup = async (): Promise<void> => {
    signalGroup(child, 'SIGKILL');
    running.delete(child);
    if (isRunning()) await ended;
  };
  return {
    pid: child.pid ?? 0,
    output: () => readFileSync(outputFile, 'utf8'),
    isRunning,
    killGroup,
    stop: async () => {
      if (isRunning()) {
        child.kill('SIGTERM');
        await Promise.race([ended, once(AbortSignal.timeout(STOP_WITHIN_MS), 'abort')]);
      }
      await killGroup();
    },
  };
}

/** A group whose last process has ended is gone, which is what was wanted. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Waits until the program answers 200 at an address; throws what it printed when it ended. */
export async function answering(
  program: Program,
  { url, withinMs }: { readonly url: string; readonly withinMs: number },
): Promise<void> {
  const look = async (): Promise<true | 'ended' | undefined> => {
    if (!program.isRunning()) return 'ended';
    const { ok } = await fetch(url, { signal: AbortSignal.timeout(1000) });
    return ok ? true : undefined;
  };
  const seen = await eventually(`an answer from ${url}`, look, { withinMs, everyMs: 50 });
  if (seen === 'ended') throw new Error(`The program at ${url} ended:\n${program.output()}`);
}

/** A port that nobody has at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server's address is an object.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
