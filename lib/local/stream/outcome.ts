import type { InvocationResult } from '../runtime/functions/invocation.ts';
import { isJsonObject, ownValue, parseJson } from '../shared/json.ts';
import type { StreamRecord } from './stream-record.ts';

/**
 * What an invocation means for its batch:
 * - `succeeded`: every record is done;
 * - `failed`: none is;
 * - `failed_from`: the records before `index` are done, the others are to be sent again;
 * - `throttled`: the function did not start.
 */
export type BatchOutcome =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly functionError: string | undefined }
  | { readonly kind: 'failed_from'; readonly index: number }
  | { readonly kind: 'throttled' };

/**
 * Reads an invocation's result as Lambda does. With `ReportBatchItemFailures` the lowest listed record
 * and all after it failed; no list, an empty one or no answer at all is success; anything else than
 * identifiers of records of this batch fails the whole batch.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export function readOutcome(
  result: InvocationResult,
  records: readonly StreamRecord[],
  reportBatchItemFailures: boolean,
): BatchOutcome {
  switch (result.kind) {
    case 'ok':
      return reportBatchItemFailures ? readReport(result.payload, records) : { kind: 'succeeded' };
    case 'throttled':
      return { kind: 'throttled' };
    case 'function_error':
    case 'timed_out':
    case 'too_large':
      return { kind: 'failed', functionError: 'Unhandled' };
  }
}

/** The function answered, but with a report that names nothing we sent. */
const UNREADABLE: BatchOutcome = { kind: 'failed', functionError: undefined };

function readReport(payload: string, records: readonly StreamRecord[]): BatchOutcome {
  const answer = payload === '' ? null : parseJson(payload);
  if (answer === null) return { kind: 'succeeded' };
  if (!isJsonObject(answer)) return UNREADABLE;
  const failures = ownValue(answer, 'batchItemFailures') ?? [];
  if (!Array.isArray(failures)) return UNREADABLE;
  if (failures.length === 0) return { kind: 'succeeded' };
  const indexes = failures.map((failure: unknown) =>
    records.findIndex(
      ({ sequenceNumber }) =>
        isJsonObject(failure) && ownValue(failure, 'itemIdentifier') === sequenceNumber,
    ),
  );
  return indexes.includes(-1) ? UNREADABLE : { kind: 'failed_from', index: Math.min(...indexes) };
}
