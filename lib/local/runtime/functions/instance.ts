import type { CancelTimer, Timekeeper } from '../../shared/timekeeper.ts';
import type { FunctionSpec } from '../template/model.ts';
import { startFunctionThread, type FunctionThread } from './function-thread.ts';
import type { FunctionError, InvocationResult, WorkerReply } from './invocation.ts';

/** One invocation, on its way to a thread. */
export interface InstanceJob {
  readonly event: string;
  readonly requestId: string;
  readonly settle: (result: InvocationResult) => void;
}

/** What an instance needs besides the function. */
export interface InstanceDeps {
  readonly environment: Readonly<Record<string, string>>;
  readonly timekeeper: Timekeeper;
  readonly log: (text: string) => void;
}

/** What an instance tells its host. */
export interface InstanceListener {
  /** There is room for another invocation, here or in a new instance. */
  readonly onIdle: () => void;
  readonly onEnd: () => void;
}

/** Lambda gives 10 s on a machine of its own; this one may be busy starting all the others. */
const INIT_LIMIT_MS = 30_000;

const INIT_TIMED_OUT: FunctionError = {
  errorType: 'Sandbox.Timedout',
  errorMessage: `The code did not load within ${String(INIT_LIMIT_MS / 1000)} seconds.`,
};

interface Running extends InstanceJob {
  readonly cancelTimeout: CancelTimer;
}

/** One thread of a function, with the book of what it runs: deadlines, answers, what its end fails. */
export class Instance {
  readonly #spec: FunctionSpec;
  readonly #deps: InstanceDeps;
  readonly #listener: InstanceListener;
  readonly #thread: FunctionThread;
  readonly #cancelInitLimit: CancelTimer;
  readonly #running = new Map<number, Running>();
  /** Sent when the code is loaded: the time of an invocation starts then, as in Lambda. */
  #unsent: InstanceJob[] | undefined = [];
  #nextId = 1;
  #isUsable = true;

  constructor(spec: FunctionSpec, deps: InstanceDeps, listener: InstanceListener) {
    this.#spec = spec;
    this.#deps = deps;
    this.#listener = listener;
    this.#cancelInitLimit = deps.timekeeper.after(INIT_LIMIT_MS, () => {
      this.#failInit(INIT_TIMED_OUT);
    });
    this.#thread = startFunctionThread(spec, deps.environment, {
      onReply: (reply) => {
        this.#onReply(reply);
      },
      onOutput: deps.log,
      onExit: (error) => {
        this.#failAll(error);
        listener.onEnd();
      },
    });
  }

  /** False once it timed out, failed to load or died: no new work may go there. */
  get isUsable(): boolean {
    return this.#isUsable;
  }

  get runningCount(): number {
    return this.#running.size + (this.#unsent?.length ?? 0);
  }

  run(job: InstanceJob): void {
    if (this.#unsent === undefined) this.#send(job);
    else this.#unsent.push(job);
  }

  async end(): Promise<void> {
    await this.#thread.terminate();
  }

  #onReply(reply: WorkerReply): void {
    switch (reply.kind) {
      case 'ready':
        this.#sendUnsent();
        return;
      case 'init_failed':
        this.#failInit(reply.error);
        return;
      case 'answered':
        this.#settle(reply.id, { kind: 'ok', payload: reply.payload });
        return;
      case 'failed':
        this.#settle(reply.id, { kind: 'function_error', error: reply.error });
    }
  }

  #sendUnsent(): void {
    this.#cancelInitLimit();
    const jobs = this.#unsent ?? [];
    this.#unsent = undefined;
    for (const job of jobs) this.#send(job);
  }

  #send(job: InstanceJob): void {
    const id = this.#nextId;
    this.#nextId += 1;
    const { timeoutMs } = this.#spec;
    const cancelTimeout = this.#deps.timekeeper.after(timeoutMs, () => {
      this.#isUsable = false;
      this.#settle(id, timedOut(job.requestId, timeoutMs));
    });
    this.#running.set(id, { ...job, cancelTimeout });
    this.#thread.send({ id, requestId: job.requestId, event: job.event, timeoutMs });
  }

  #settle(id: number, result: InvocationResult): void {
    const job = this.#running.get(id);
    if (job === undefined) return;
    this.#running.delete(id);
    job.cancelTimeout();
    if (result.kind !== 'ok') this.#deps.log(errorLine(job.requestId, result));
    job.settle(result);
    if (!this.#isUsable && this.#running.size === 0) void this.#thread.terminate();
    this.#listener.onIdle();
  }

  #failInit(error: FunctionError): void {
    this.#deps.log(errorLine('INIT', { kind: 'function_error', error }));
    this.#failAll(error);
    void this.#thread.terminate();
  }

  #failAll(error: FunctionError): void {
    this.#isUsable = false;
    this.#cancelInitLimit();
    const result: InvocationResult = { kind: 'function_error', error };
    const unsent = this.#unsent ?? [];
    this.#unsent = [];
    for (const job of unsent) job.settle(result);
    for (const id of [...this.#running.keys()]) this.#settle(id, result);
    this.#listener.onIdle();
  }
}

function timedOut(requestId: string, timeoutMs: number): InvocationResult {
  const seconds = (timeoutMs / 1000).toFixed(2);
  return {
    kind: 'timed_out',
    error: {
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
    },
  };
}

function errorLine(requestId: string, result: InvocationResult): string {
  return `${JSON.stringify({ level: 'ERROR', message: 'Invoke Error', requestId, ...result })}\n`;
}
