import { randomUUID } from 'node:crypto';
import { parseJson } from '../../shared/json.ts';
import type { CancelTimer, Timekeeper } from '../../shared/timekeeper.ts';
import type { InvocationResult } from '../functions/invocation.ts';
import type { FunctionSpec } from '../template/model.ts';
import type { AsyncJob, AsyncJournal } from './async-journal.ts';

export interface EnqueueOptions {
  readonly durable: boolean;
}

export interface AsyncStatus {
  readonly pending: number;
  /** Given up since the start, with or without a failure destination. */
  readonly givenUp: number;
}

export interface AsyncInvokerDeps {
  readonly functions: readonly FunctionSpec[];
  readonly invoke: (functionName: string, event: string) => Promise<InvocationResult>;
  readonly journal: AsyncJournal;
  readonly deadLetter: (queueArn: string, record: unknown) => void;
  readonly log: (label: string, text: string) => void;
  readonly timekeeper: Timekeeper;
  /** Wait before the second try, the third, ... */
  readonly retryDelaysMs: readonly number[];
}

/** Lambda waits a minute before the second try and two before the third (docs: invocation-async). */
export const LAMBDA_RETRY_DELAYS_MS: readonly number[] = [60_000, 120_000];

/** A throttled event is no failed try; it comes again until it is too old. */
const THROTTLED_DELAY_MS = 1000;

/**
 * Lambda's asynchronous invocation: an event is accepted at once, run later, tried again when the
 * function fails, and sent to the failure destinations when it failed for good or grew too old.
 */
export class AsyncInvoker {
  readonly #deps: AsyncInvokerDeps;
  readonly #functions: ReadonlyMap<string, FunctionSpec>;
  readonly #pending = new Set<string>();
  readonly #timers = new Set<CancelTimer>();
  #givenUp = 0;
  #isStopped = false;

  constructor(deps: AsyncInvokerDeps) {
    this.#deps = deps;
    this.#functions = new Map(deps.functions.map((spec) => [spec.name, spec]));
  }

  /**
   * Takes an event for a function. A durable one (the default) is kept over a kill of the process
   * when this returns, and is run at least once; a schedule's tick is not, for the next one comes.
   */
  enqueue(functionName: string, event: string, options?: EnqueueOptions): void {
    const acceptedAtMs = this.#deps.timekeeper.nowMs();
    const durable = options?.durable ?? true;
    const job = { id: randomUUID(), functionName, event, acceptedAtMs, failedAttempts: 0, durable };
    if (durable) this.#deps.journal.save(savedForm(job));
    this.#accept(job);
  }

  /** Runs what an earlier run of the process left undone. */
  resume(): void {
    for (const job of this.#deps.journal.load()) this.#accept({ ...job, durable: true });
  }

  status(): AsyncStatus {
    return { pending: this.#pending.size, givenUp: this.#givenUp };
  }

  /** Starts nothing more; what is undone stays for the next start. */
  stop(): void {
    this.#isStopped = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  #accept(job: PendingJob): void {
    this.#pending.add(job.id);
    this.#later(0, job);
  }

  #later(delayMs: number, job: PendingJob): void {
    const cancel = this.#deps.timekeeper.after(delayMs, () => {
      this.#timers.delete(cancel);
      void this.#attempt(job);
    });
    this.#timers.add(cancel);
  }

  async #attempt(job: PendingJob): Promise<void> {
    const spec = this.#functions.get(job.functionName);
    if (spec === undefined) {
      // Left by an earlier template, whose function is gone.
      this.#deps.log('runtime', `Event ${job.id} for ${job.functionName}: no such function.\n`);
      this.#end(job);
      return;
    }
    const result = await this.#deps.invoke(job.functionName, job.event);
    if (this.#isStopped) return;
    if (result.kind === 'ok') this.#end(job);
    else this.#afterFailure(job, spec, result);
  }

  #afterFailure(job: PendingJob, spec: FunctionSpec, result: InvocationResult): void {
    const isThrottled = result.kind === 'throttled';
    const failedAttempts = job.failedAttempts + (isThrottled ? 0 : 1);
    const next = { ...job, failedAttempts };
    const delayMs = isThrottled
      ? THROTTLED_DELAY_MS
      : retryDelayMs(this.#deps.retryDelaysMs, failedAttempts);
    const ageMs = this.#deps.timekeeper.nowMs() + delayMs - job.acceptedAtMs;
    if (failedAttempts > spec.asynchronous.maximumRetryAttempts) {
      this.#giveUp(next, { spec, result, condition: 'RetriesExhausted' });
    } else if (ageMs > spec.asynchronous.maximumEventAgeMs) {
      this.#giveUp(next, { spec, result, condition: 'EventAgeExceeded' });
    } else {
      if (job.durable && !isThrottled) this.#deps.journal.save(savedForm(next));
      this.#later(delayMs, next);
    }
  }

  #giveUp(job: PendingJob, failure: Failure): void {
    this.#givenUp += 1;
    const { arn, asynchronous, label } = failure.spec;
    const nowMs = this.#deps.timekeeper.nowMs();
    const record = failureRecord(job, { ...failure, arn, nowMs });
    for (const queueArn of asynchronous.onFailureArns) this.#deps.deadLetter(queueArn, record);
    const line = { level: 'ERROR', message: 'Event given up', ...record };
    this.#deps.log(label, `${JSON.stringify(line)}\n`);
    this.#end(job);
  }

  #end(job: PendingJob): void {
    this.#pending.delete(job.id);
    if (job.durable) this.#deps.journal.remove(job.id);
  }
}

interface PendingJob extends AsyncJob {
  readonly durable: boolean;
}

interface Failure {
  readonly spec: FunctionSpec;
  readonly result: InvocationResult;
  readonly condition: 'RetriesExhausted' | 'EventAgeExceeded';
}

function retryDelayMs(retryDelaysMs: readonly number[], failedAttempts: number): number {
  return retryDelaysMs[failedAttempts - 1] ?? retryDelaysMs.at(-1) ?? 0;
}

function savedForm({
  id,
  functionName,
  event,
  acceptedAtMs,
  failedAttempts,
}: PendingJob): AsyncJob {
  return { id, functionName, event, acceptedAtMs, failedAttempts };
}

/** The record that Lambda sends to a failure destination (docs: invocation-async-retain-records). */
function failureRecord(
  job: PendingJob,
  { result, condition, arn, nowMs }: Failure & { readonly arn: string; readonly nowMs: number },
): object {
  return {
    version: '1.0',
    timestamp: new Date(nowMs).toISOString(),
    requestContext: {
      requestId: job.id,
      functionArn: `${arn}:$LATEST`,
      condition,
      approximateInvokeCount: job.failedAttempts,
    },
    requestPayload: parseJson(job.event),
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: 'error' in result ? result.error : { errorType: result.kind },
  };
}
