import { randomUUID } from 'node:crypto';
import type { Timekeeper } from '../../shared/timekeeper.ts';
import type { FunctionSpec } from '../template/model.ts';
import { MAX_SYNC_PAYLOAD_BYTES, type InvocationResult } from './invocation.ts';
import { Instance } from './instance.ts';

/** How a function is run here. */
export interface HostSettings {
  /**
   * Invocations that one thread runs at the same time. A Lambda environment takes exactly one, and
   * Lambda starts more environments; here one thread stands for all of them, so code that keeps state
   * between `await`s at module scope meets here what it would never meet in Lambda.
   */
  readonly concurrency: number;
  /** Invocations that may wait; above it an invocation is `throttled`. */
  readonly maxWaiting: number;
}

/** The settings that `startRuntime` uses unless told otherwise. */
export const DEFAULT_HOST_SETTINGS: HostSettings = { concurrency: 64, maxWaiting: 10_000 };

/** What a host needs besides the function. */
export interface HostDeps {
  readonly environment: Readonly<Record<string, string>>;
  readonly settings: HostSettings;
  readonly timekeeper: Timekeeper;
  readonly log: (text: string) => void;
}

/** Counts since the start, and what is under way. */
export interface HostStatus {
  /** The function's label. */
  readonly name: string;
  readonly running: number;
  readonly waiting: number;
  readonly invocations: number;
  readonly errors: number;
  readonly timeouts: number;
  readonly threadsStarted: number;
}

interface Waiting {
  readonly event: string;
  readonly settle: (result: InvocationResult) => void;
}

const STOPPED: InvocationResult = {
  kind: 'function_error',
  error: { errorType: 'Runtime.ExitError', errorMessage: 'The runtime is stopping.' },
};

/**
 * Runs one function in a thread of its own, started when first needed. The template's Timeout is
 * enforced: the caller gets Lambda's error at its instant, and the thread, which may hang, gets no
 * further work, is ended when everything else on it is done or timed out, and is replaced. A thread
 * that dies fails what it was running and is replaced at the next invocation.
 */
export class FunctionHost {
  readonly spec: FunctionSpec;
  readonly #deps: HostDeps;
  readonly #waiting: Waiting[] = [];
  readonly #instances = new Set<Instance>();
  readonly #count = { invocations: 0, errors: 0, timeouts: 0, threadsStarted: 0 };
  #current: Instance | undefined;
  #isStopped = false;

  constructor(spec: FunctionSpec, deps: HostDeps) {
    this.spec = spec;
    this.#deps = deps;
  }

  /** Loads the code now, so that the first invocation does not wait for it. */
  warm(): void {
    if (!this.#isStopped) this.#usableInstance();
  }

  /** Runs the function on an event given as JSON text. Never rejects. */
  async invoke(event: string): Promise<InvocationResult> {
    this.#count.invocations += 1;
    const result = this.#refusal(event) ?? limitAnswer(await this.#queue(event));
    if (result.kind === 'timed_out') this.#count.timeouts += 1;
    if (result.kind !== 'ok') this.#count.errors += 1;
    return result;
  }

  status(): HostStatus {
    const running = [...this.#instances].reduce((sum, { runningCount }) => sum + runningCount, 0);
    return { name: this.spec.label, running, waiting: this.#waiting.length, ...this.#count };
  }

  /** Ends the threads; what is running fails with `Runtime.ExitError`. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const { settle } of this.#waiting.splice(0)) settle(STOPPED);
    await Promise.all([...this.#instances].map((instance) => instance.end()));
  }

  #refusal(event: string): InvocationResult | undefined {
    const bytes = Buffer.byteLength(event);
    if (bytes > MAX_SYNC_PAYLOAD_BYTES) return { kind: 'too_large', what: 'event', bytes };
    if (this.#isStopped) return STOPPED;
    return this.#waiting.length >= this.#deps.settings.maxWaiting
      ? { kind: 'throttled' }
      : undefined;
  }

  async #queue(event: string): Promise<InvocationResult> {
    return await new Promise((settle) => {
      this.#waiting.push({ event, settle });
      this.#pump();
    });
  }

  /** Hands waiting invocations on while there is room. */
  #pump(): void {
    while (this.#waiting.length > 0 && !this.#isStopped) {
      const instance = this.#usableInstance();
      if (instance.runningCount >= this.#deps.settings.concurrency) return;
      const next = this.#waiting.shift();
      if (next !== undefined) instance.run({ ...next, requestId: randomUUID() });
    }
  }

  #usableInstance(): Instance {
    if (this.#current?.isUsable === true) return this.#current;
    const instance: Instance = new Instance(this.spec, this.#deps, {
      onIdle: () => {
        this.#pump();
      },
      onEnd: () => {
        this.#instances.delete(instance);
      },
    });
    this.#count.threadsStarted += 1;
    this.#instances.add(instance);
    this.#current = instance;
    return instance;
  }
}

function limitAnswer(result: InvocationResult): InvocationResult {
  if (result.kind !== 'ok') return result;
  const bytes = Buffer.byteLength(result.payload);
  return bytes > MAX_SYNC_PAYLOAD_BYTES ? { kind: 'too_large', what: 'answer', bytes } : result;
}
