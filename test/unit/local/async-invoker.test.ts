import { describe, expect, it } from 'vitest';
import { AsyncInvoker } from '../../../lib/local/runtime/events/async-invoker.ts';
import type { AsyncJob, AsyncJournal } from '../../../lib/local/runtime/events/async-journal.ts';
import type { InvocationResult } from '../../../lib/local/runtime/functions/invocation.ts';
import type { AsynchronousSpec, FunctionSpec } from '../../../lib/local/runtime/template/model.ts';
import { createFakeTimekeeper } from './fake-timekeeper.ts';

const START_MS = Date.UTC(2026, 0, 1);
const OK: InvocationResult = { kind: 'ok', payload: 'null' };
const ERROR: InvocationResult = {
  kind: 'function_error',
  error: { errorType: 'TypeError', errorMessage: 'broken' },
};
const THROTTLED: InvocationResult = { kind: 'throttled' };

function functionSpec(asynchronous: Partial<AsynchronousSpec>): FunctionSpec {
  return {
    logicalId: 'Postmortem',
    label: 'postmortem',
    name: 'postmortem',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:postmortem',
    directory: '/nowhere',
    handler: 'index.handler',
    timeoutMs: 1000,
    memoryMb: 128,
    environment: {},
    asynchronous: {
      maximumRetryAttempts: 2,
      maximumEventAgeMs: 21_600_000,
      onFailureArns: ['arn:queue'],
      ...asynchronous,
    },
  };
}

function memoryJournal(): AsyncJournal & { readonly jobs: Map<string, AsyncJob> } {
  const jobs = new Map<string, AsyncJob>();
  return {
    jobs,
    save: (job) => jobs.set(job.id, job),
    remove: (id) => jobs.delete(id),
    load: () => [...jobs.values()],
  };
}

function setUp(results: InvocationResult[], asynchronous: Partial<AsynchronousSpec> = {}) {
  const timekeeper = createFakeTimekeeper(START_MS);
  const journal = memoryJournal();
  const triedAtMs: number[] = [];
  const deadLetters: unknown[] = [];
  const create = () =>
    new AsyncInvoker({
      functions: [functionSpec(asynchronous)],
      invoke: () => {
        triedAtMs.push(timekeeper.nowMs() - START_MS);
        return Promise.resolve(results.shift() ?? OK);
      },
      journal,
      deadLetter: (queueArn, record) => deadLetters.push([queueArn, record]),
      log: () => undefined,
      timekeeper,
      retryDelaysMs: [60_000, 120_000],
    });
  return { timekeeper, journal, triedAtMs, deadLetters, create };
}

describe('AsyncInvoker', () => {
  it('runs an event once and forgets it', async () => {
    const { timekeeper, journal, triedAtMs, create } = setUp([OK]);
    const invoker = create();
    invoker.enqueue('postmortem', '{}');
    expect(journal.jobs.size).toBe(1);
    await timekeeper.advance(600_000);
    expect(triedAtMs).toEqual([0]);
    expect(journal.jobs.size).toBe(0);
    expect(invoker.status()).toEqual({ pending: 0, givenUp: 0 });
  });

  it('tries again after one minute and after two more, as Lambda does', async () => {
    const { timekeeper, triedAtMs, deadLetters, create } = setUp([ERROR, ERROR, OK]);
    create().enqueue('postmortem', '{}');
    await timekeeper.advance(600_000);
    expect(triedAtMs).toEqual([0, 60_000, 180_000]);
    expect(deadLetters).toEqual([]);
  });

  it('sends the event to the failure destination after the last try', async () => {
    const { timekeeper, journal, deadLetters, create } = setUp([ERROR, ERROR, ERROR]);
    const invoker = create();
    invoker.enqueue('postmortem', '{"incident":7}');
    await timekeeper.advance(600_000);
    expect(deadLetters).toHaveLength(1);
    expect(deadLetters[0]).toMatchObject([
      'arn:queue',
      {
        requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
        requestPayload: { incident: 7 },
        responsePayload: { errorType: 'TypeError', errorMessage: 'broken' },
      },
    ]);
    expect(journal.jobs.size).toBe(0);
    expect(invoker.status()).toEqual({ pending: 0, givenUp: 1 });
  });

  it('does not count being throttled as a try, and gives up when the event is too old', async () => {
    const results = Array.from({ length: 100 }, () => THROTTLED);
    const { timekeeper, triedAtMs, deadLetters, create } = setUp(results, {
      maximumEventAgeMs: 60_000,
    });
    create().enqueue('postmortem', '{}');
    await timekeeper.advance(600_000);
    expect(triedAtMs).toHaveLength(61);
    expect(deadLetters).toMatchObject([
      ['arn:queue', { requestContext: { condition: 'EventAgeExceeded' } }],
    ]);
  });

  it('goes on after a restart where it was, with the tries that were made', async () => {
    const { timekeeper, journal, triedAtMs, deadLetters, create } = setUp([ERROR, ERROR, ERROR]);
    const first = create();
    first.enqueue('postmortem', '{}');
    await timekeeper.advance(70_000);
    first.stop();
    await timekeeper.advance(600_000);
    expect(triedAtMs).toEqual([0, 60_000]);
    expect(journal.jobs.size).toBe(1);
    create().resume();
    await timekeeper.advance(0);
    expect(triedAtMs).toHaveLength(3);
    expect(deadLetters).toHaveLength(1);
  });

  it('keeps nothing of an event that is not durable', async () => {
    const { timekeeper, journal, triedAtMs, create } = setUp([ERROR, OK]);
    create().enqueue('postmortem', '{}', { durable: false });
    expect(journal.jobs.size).toBe(0);
    await timekeeper.advance(60_000);
    expect(triedAtMs).toEqual([0, 60_000]);
    expect(journal.jobs.size).toBe(0);
  });
});
