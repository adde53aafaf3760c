import { invariant } from '../../domain/shared/invariant.ts';
import type { BatchOutcome } from './outcome.ts';
import type { StreamRecord } from './stream-record.ts';

/** The rules of a mapping under which a batch is tried again, divided, and given up. */
export interface DeliveryPolicy {
  readonly maximumRetryAttempts: number | undefined;
  readonly maximumRecordAgeMs: number;
  readonly bisectBatchOnFunctionError: boolean;
  /** The wait before the first repetition; each further one waits twice as long. */
  readonly firstBackoffMs: number;
  readonly longestBackoffMs: number;
}

/** Records that travel together. */
interface Segment {
  readonly records: readonly StreamRecord[];
  /** Failed invocations in a row, those before a division included: sets the backoff. */
  readonly failures: number;
  /** Failed invocations that count against the retries; divisions and throttles do not. */
  readonly countedFailures: number;
  readonly notBeforeMs: number;
  readonly lastError: string | undefined;
}

/** What is left to do of one batch, in the order of the stream. */
export type Delivery = readonly Segment[];

/** Lambda's names for why records were given up. */
export type DiscardCondition = 'RecordAgeExceeded' | 'RetryAttemptsExhausted';

/** Records that are given up, with what a failure destination is told. */
export interface Discard {
  readonly records: readonly StreamRecord[];
  readonly condition: DiscardCondition;
  readonly invocations: number;
  /** Set when the last invocation threw, absent when it reported failures or there was none. */
  readonly functionError: string | undefined;
}

/** The next thing to do. */
export type DeliveryStep =
  | { readonly kind: 'finished' }
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'invoke'; readonly records: readonly StreamRecord[] }
  | { readonly kind: 'discard'; readonly discard: Discard; readonly rest: Delivery };

/** A batch that was not tried yet. */
export function startDelivery(records: readonly StreamRecord[]): Delivery {
  return [{ records, failures: 0, countedFailures: 0, notBeforeMs: 0, lastError: undefined }];
}

/** Decides what comes next; changes nothing, so it may be asked again after a wait. */
export function nextStep(delivery: Delivery, policy: DeliveryPolicy, nowMs: number): DeliveryStep {
  const [head, ...rest] = delivery;
  if (head === undefined) return { kind: 'finished' };
  const isExpired = ({ createdAtMs }: StreamRecord): boolean =>
    nowMs - createdAtMs > policy.maximumRecordAgeMs;
  const expired = head.records.filter(isExpired);
  if (expired.length > 0) {
    const fresh = head.records.filter((record) => !isExpired(record));
    const left = fresh.length === 0 ? rest : [{ ...head, records: fresh }, ...rest];
    return giveUp({ ...head, records: expired }, 'RecordAgeExceeded', left);
  }
  if (head.countedFailures > (policy.maximumRetryAttempts ?? Infinity)) {
    return giveUp(head, 'RetryAttemptsExhausted', rest);
  }
  if (nowMs < head.notBeforeMs) return { kind: 'wait', untilMs: head.notBeforeMs };
  return { kind: 'invoke', records: head.records };
}

function giveUp(segment: Segment, condition: DiscardCondition, rest: Delivery): DeliveryStep {
  const { records, failures: invocations, lastError: functionError } = segment;
  return { kind: 'discard', discard: { records, condition, invocations, functionError }, rest };
}

/** What an invocation left: the records that are done with, and what remains. */
export interface DeliveryProgress {
  readonly completed: readonly StreamRecord[];
  readonly delivery: Delivery;
}

/**
 * Folds the outcome of the invocation that `nextStep` asked for. A failed batch of several records is
 * halved when the mapping bisects, or cut where the function reported the first failure; that does
 * not count against the retries, so a poison record ends alone and is given up alone.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export function afterOutcome(
  delivery: Delivery,
  outcome: BatchOutcome,
  { policy, nowMs }: { readonly policy: DeliveryPolicy; readonly nowMs: number },
): DeliveryProgress {
  const [head, ...rest] = delivery;
  invariant(head !== undefined, 'an outcome belongs to a batch that was invoked');
  if (outcome.kind === 'succeeded') return { completed: head.records, delivery: rest };
  const cut = outcome.kind === 'failed_from' ? outcome.index : 0;
  const failed: Segment = {
    records: head.records.slice(cut),
    failures: cut > 0 ? 1 : head.failures + 1,
    countedFailures: head.countedFailures,
    notBeforeMs: nowMs + backoffMs(policy, cut > 0 ? 0 : head.failures),
    lastError: outcome.kind === 'failed' ? outcome.functionError : undefined,
  };
  return {
    completed: head.records.slice(0, cut),
    delivery: [...tryAgain(failed, outcome, { policy, cut }), ...rest],
  };
}

function tryAgain(
  failed: Segment,
  outcome: BatchOutcome,
  { policy, cut }: { readonly policy: DeliveryPolicy; readonly cut: number },
): Delivery {
  if (outcome.kind === 'throttled') return [failed];
  const divisible = policy.bisectBatchOnFunctionError && (cut > 0 || failed.records.length > 1);
  if (!divisible) return [{ ...failed, countedFailures: failed.countedFailures + 1 }];
  if (cut > 0) return [failed];
  const middle = Math.ceil(failed.records.length / 2);
  return [
    { ...failed, records: failed.records.slice(0, middle) },
    { ...failed, records: failed.records.slice(middle), notBeforeMs: 0 },
  ];
}

/** The wait after so many failures in a row before this one. */
export function backoffMs(
  { firstBackoffMs, longestBackoffMs }: DeliveryPolicy,
  failures: number,
): number {
  return Math.min(firstBackoffMs * 2 ** failures, longestBackoffMs);
}
