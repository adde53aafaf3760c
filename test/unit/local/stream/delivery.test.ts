import { describe, expect, it } from 'vitest';
import {
  afterOutcome,
  nextStep,
  startDelivery,
  type Delivery,
  type DeliveryPolicy,
  type DeliveryStep,
} from '../../../../lib/local/stream/delivery.ts';
import type { BatchOutcome } from '../../../../lib/local/stream/outcome.ts';
import type { StreamRecord } from '../../../../lib/local/stream/stream-record.ts';

const POLICY: DeliveryPolicy = {
  maximumRetryAttempts: 2,
  maximumRecordAgeMs: 60_000,
  bisectBatchOnFunctionError: true,
  firstBackoffMs: 500,
  longestBackoffMs: 2_000,
};
const NO_BISECT: DeliveryPolicy = { ...POLICY, bisectBatchOnFunctionError: false };
const FAILED: BatchOutcome = { kind: 'failed', functionError: 'Unhandled' };
const NOW_MS = 1_000_000;

const records = (count: number, createdAtMs = NOW_MS): readonly StreamRecord[] =>
  Array.from({ length: count }, (_, at) => ({
    sequenceNumber: String(at + 1),
    partitionKey: 'k',
    createdAtMs,
    json: '{}',
  }));

const numbers = (given: readonly StreamRecord[]): string =>
  given.map(({ sequenceNumber }) => sequenceNumber).join(' ');

/** Plays a batch against a function, waiting whenever told to; gives what happened, in words. */
function play(
  outcomeOf: (records: readonly StreamRecord[], nowMs: number) => BatchOutcome,
  { policy = POLICY, batch = records(4) } = {},
): readonly string[] {
  const story: string[] = [];
  let delivery: Delivery = startDelivery(batch);
  let nowMs = NOW_MS;
  for (let steps = 0; steps < 200; steps += 1) {
    const step: DeliveryStep = nextStep(delivery, policy, nowMs);
    switch (step.kind) {
      case 'finished':
        return story;
      case 'wait':
        story.push(`wait ${step.untilMs - nowMs}`);
        nowMs = step.untilMs;
        break;
      case 'discard':
        story.push(`${step.discard.condition} ${numbers(step.discard.records)}`);
        delivery = step.rest;
        break;
      case 'invoke': {
        const outcome = outcomeOf(step.records, nowMs);
        const progress = afterOutcome(delivery, outcome, { policy, nowMs });
        story.push(`invoke ${numbers(step.records)} done ${numbers(progress.completed)}`.trim());
        delivery = progress.delivery;
      }
    }
  }
  throw new Error(`The delivery does not end: ${story.join('; ')}`);
}

/** Fails a batch that holds the record, as a whole. */
const poison =
  (sequenceNumber: string) =>
  (batch: readonly StreamRecord[]): BatchOutcome =>
    batch.some((record) => record.sequenceNumber === sequenceNumber)
      ? FAILED
      : { kind: 'succeeded' };

/** Reports the record as the first failure, as a function does that stops there. */
const reports =
  (sequenceNumber: string) =>
  (batch: readonly StreamRecord[]): BatchOutcome => {
    const index = batch.findIndex((record) => record.sequenceNumber === sequenceNumber);
    return index === -1 ? { kind: 'succeeded' } : { kind: 'failed_from', index };
  };

describe('delivery', () => {
  it('sends a batch once when all goes well', () => {
    expect(play(() => ({ kind: 'succeeded' }))).toEqual(['invoke 1 2 3 4 done 1 2 3 4']);
  });

  it('bisects down to the poison record, gives it up alone after its retries, delivers the others', () => {
    expect(play(poison('3'))).toEqual([
      'invoke 1 2 3 4 done',
      'wait 500',
      'invoke 1 2 done 1 2',
      'invoke 3 4 done',
      'wait 1000',
      'invoke 3 done',
      'wait 2000',
      'invoke 3 done',
      'wait 2000',
      'invoke 3 done',
      'RetryAttemptsExhausted 3',
      'invoke 4 done 4',
    ]);
  });

  it('cuts at the reported record, then retries from there with the records behind it', () => {
    expect(play(reports('3'))).toEqual([
      'invoke 1 2 3 4 done 1 2',
      'wait 500',
      'invoke 3 4 done',
      'wait 1000',
      'invoke 3 done',
      'wait 2000',
      'invoke 3 done',
      'wait 2000',
      'invoke 3 done',
      'RetryAttemptsExhausted 3',
      'invoke 4 done 4',
    ]);
  });

  it('without bisection retries the whole batch and gives up all of it', () => {
    expect(play(poison('3'), { policy: NO_BISECT })).toEqual([
      'invoke 1 2 3 4 done',
      'wait 500',
      'invoke 1 2 3 4 done',
      'wait 1000',
      'invoke 1 2 3 4 done',
      'RetryAttemptsExhausted 1 2 3 4',
    ]);
  });

  it('without bisection counts a partial failure as an attempt of what is left', () => {
    expect(play(reports('2'), { policy: NO_BISECT })).toEqual([
      'invoke 1 2 3 4 done 1',
      'wait 500',
      'invoke 2 3 4 done',
      'wait 1000',
      'invoke 2 3 4 done',
      'RetryAttemptsExhausted 2 3 4',
    ]);
  });

  it('gives up at the first failure when no retries are allowed', () => {
    const policy = { ...NO_BISECT, maximumRetryAttempts: 0 };
    expect(play(poison('1'), { policy, batch: records(1) })).toEqual([
      'invoke 1 done',
      'RetryAttemptsExhausted 1',
    ]);
  });

  it('without a limit of retries goes on until the record is too old', () => {
    const policy = { ...POLICY, maximumRetryAttempts: undefined, maximumRecordAgeMs: 5_000 };
    expect(play(poison('1'), { policy, batch: records(1) })).toEqual([
      'invoke 1 done',
      'wait 500',
      'invoke 1 done',
      'wait 1000',
      'invoke 1 done',
      'wait 2000',
      'invoke 1 done',
      'wait 2000',
      'RecordAgeExceeded 1',
    ]);
  });

  it('gives up old records unread and sends the younger ones of the batch', () => {
    const batch = records(3).map((record, at) => ({
      ...record,
      createdAtMs: at === 2 ? NOW_MS : NOW_MS - 60_001,
    }));
    expect(play(() => ({ kind: 'succeeded' }), { batch })).toEqual([
      'RecordAgeExceeded 1 2',
      'invoke 3 done 3',
    ]);
  });

  it('counts and divides nothing while the function is throttled', () => {
    let calls = 0;
    const throttledFiveTimes = (): BatchOutcome =>
      (calls += 1) <= 5 ? { kind: 'throttled' } : { kind: 'succeeded' };
    const story = play(throttledFiveTimes);
    expect(story.at(-1)).toBe('invoke 1 2 3 4 done 1 2 3 4');
    expect(story.filter((line) => line === 'invoke 1 2 3 4 done')).toHaveLength(5);
  });

  it('tells how often it tried, and whether the function threw', () => {
    let delivery = startDelivery(records(1));
    for (let tries = 0; tries < 3; tries += 1) {
      delivery = afterOutcome(delivery, FAILED, { policy: POLICY, nowMs: NOW_MS }).delivery;
    }
    expect(nextStep(delivery, POLICY, NOW_MS)).toMatchObject({
      kind: 'discard',
      discard: { invocations: 3, functionError: 'Unhandled' },
    });
  });
});
