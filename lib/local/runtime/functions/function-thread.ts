import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { FunctionSpec } from '../template/model.ts';
import type { FunctionError, WorkerReply, WorkerRequest, WorkerStart } from './invocation.ts';

/** What a thread tells its owner. Every call comes at most once but `onReply`. */
export interface ThreadListener {
  readonly onReply: (reply: WorkerReply) => void;
  /** The thread is gone; whatever it was running is lost. */
  readonly onExit: (error: FunctionError) => void;
  readonly onOutput: (text: string) => void;
}

/** One running thread of a function. */
export interface FunctionThread {
  readonly send: (request: WorkerRequest) => void;
  readonly terminate: () => Promise<void>;
}

/** The smallest heap that a Node 24 thread does useful work in; Lambda's least memory is the same. */
const LEAST_HEAP_MB = 128;

/** Starts a thread with the function's code, its environment and nothing of this process's own. */
export function startFunctionThread(
  spec: FunctionSpec,
  environment: Readonly<Record<string, string>>,
  listener: ThreadListener,
): FunctionThread {
  const start: WorkerStart = {
    directory: spec.directory,
    handler: spec.handler,
    functionName: spec.name,
    functionArn: spec.arn,
    memoryMb: spec.memoryMb,
  };
  const worker = new Worker(new URL('./function-worker.ts', import.meta.url), {
    workerData: start,
    env: { ...environment },
    // Flags of the parent (a test runner's loaders, say) are not the function's.
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdout: true,
    stderr: true,
    name: spec.name,
    resourceLimits: { maxOldGenerationSizeMb: Math.max(spec.memoryMb, LEAST_HEAP_MB) },
  });
  let cause: FunctionError | undefined;
  worker.on('message', listener.onReply);
  worker.on('error', (error: Error) => {
    cause = { errorType: exitType(error), errorMessage: error.message };
  });
  worker.on('exit', (code) => {
    listener.onExit(cause ?? exitError(code));
  });
  forward(worker.stdout, listener.onOutput);
  forward(worker.stderr, listener.onOutput);
  return {
    send: (request) => {
      worker.postMessage(request);
    },
    terminate: async () => {
      await worker.terminate();
    },
  };
}

function exitError(code: number): FunctionError {
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `Runtime exited with exit status ${String(code)}`,
  };
}

function exitType(error: Error): string {
  const isOutOfMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return isOutOfMemory ? 'Runtime.OutOfMemory' : 'Runtime.UnhandledError';
}

function forward(stream: Readable, onOutput: (text: string) => void): void {
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    onOutput(text);
  });
}
