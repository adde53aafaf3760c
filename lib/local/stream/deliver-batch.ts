import type { InvocationResult } from '../runtime/functions/invocation.ts';
import type { Timekeeper } from '../shared/timekeeper.ts';
import type { Bell } from '../shared/bell.ts';
import {
  afterOutcome,
  nextStep,
  startDelivery,
  type DeliveryPolicy,
  type Discard,
} from './delivery.ts';
import type { StreamMappingConfig } from './mapping-config.ts';
import { readOutcome, type BatchOutcome } from './outcome.ts';
import type { StreamRecord } from './stream-record.ts';

/** What the delivery of batches needs of its mapping. */
export interface DeliveryDeps {
  readonly config: StreamMappingConfig;
  readonly policy: DeliveryPolicy;
  readonly timekeeper: Timekeeper;
  readonly invoke: (event: string) => Promise<InvocationResult>;
  /** Tells the failure destination; a rejection is tried again, since the records are gone after it. */
  readonly discard: (discard: Discard) => Promise<void>;
  readonly settle: (records: readonly StreamRecord[]) => void;
  readonly warn: (message: string) => void;
}

/**
 * Delivers one batch to its end: every record is settled when this resolves, unless `stop` was closed;
 * then the step that ran is finished and the rest stays unsettled.
 */
export async function deliverBatch(
  records: readonly StreamRecord[],
  deps: DeliveryDeps,
  stop: Bell,
): Promise<void> {
  const { policy, timekeeper } = deps;
  let delivery = startDelivery(records);
  while (!stop.isClosed()) {
    const step = nextStep(delivery, policy, timekeeper.nowMs());
    switch (step.kind) {
      case 'finished':
        return;
      case 'wait':
        await stop.pause(step.untilMs - timekeeper.nowMs());
        break;
      case 'discard':
        await giveUp(step.discard, deps, stop);
        delivery = step.rest;
        break;
      case 'invoke': {
        const outcome = await invoke(step.records, deps);
        const nowMs = timekeeper.nowMs();
        const progress = afterOutcome(delivery, outcome, { policy, nowMs });
        deps.settle(progress.completed);
        delivery = progress.delivery;
      }
    }
  }
}

async function giveUp(
  given: Discard,
  { discard, settle, policy, warn }: DeliveryDeps,
  stop: Bell,
): Promise<void> {
  while (!stop.isClosed()) {
    try {
      await discard(given);
      settle(given.records);
      return;
    } catch (error) {
      warn(`The failure destination took no word of discarded records: ${String(error)}`);
      await stop.pause(policy.longestBackoffMs);
    }
  }
}

async function invoke(
  records: readonly StreamRecord[],
  { config, invoke: call, warn }: DeliveryDeps,
): Promise<BatchOutcome> {
  const result = await call(`{"Records":[${records.map(({ json }) => json).join(',')}]}`);
  const outcome = readOutcome(result, records, config.reportBatchItemFailures);
  if (outcome.kind !== 'succeeded') {
    warn(`A batch of ${records.length} ended as ${outcome.kind}: ${reasonOf(result)}`);
  }
  return outcome;
}

/** Enough of a function's answer to see what it reported. */
const SHOWN_CHARACTERS = 300;

function reasonOf(result: InvocationResult): string {
  switch (result.kind) {
    case 'ok':
      return result.payload.slice(0, SHOWN_CHARACTERS);
    case 'function_error':
    case 'timed_out':
      return `${result.error.errorType}: ${result.error.errorMessage}`;
    case 'too_large':
      return `the ${result.what} has ${result.bytes} bytes`;
    case 'throttled':
      return 'too many invocations are waiting';
  }
}
