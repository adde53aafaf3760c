import { describe, expect, it } from 'vitest';
import { readOutcome } from '../../../../lib/local/stream/outcome.ts';
import type { StreamRecord } from '../../../../lib/local/stream/stream-record.ts';

const RECORDS: readonly StreamRecord[] = ['10', '11', '12'].map((sequenceNumber) => ({
  sequenceNumber,
  partitionKey: 'k',
  createdAtMs: 0,
  json: '{}',
}));
const UNREADABLE = { kind: 'failed', functionError: undefined };
const ERROR = { errorType: 'Error', errorMessage: 'on purpose' };

describe('readOutcome', () => {
  // https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
  it.each([
    ['no answer', 'null', { kind: 'succeeded' }],
    ['an empty text', '', { kind: 'succeeded' }],
    ['an empty object', '{}', { kind: 'succeeded' }],
    ['a null list', '{"batchItemFailures":null}', { kind: 'succeeded' }],
    ['an empty list', '{"batchItemFailures":[]}', { kind: 'succeeded' }],
    [
      'one record',
      '{"batchItemFailures":[{"itemIdentifier":"11"}]}',
      { kind: 'failed_from', index: 1 },
    ],
    [
      'several records: the lowest counts',
      '{"batchItemFailures":[{"itemIdentifier":"12"},{"itemIdentifier":"11"}]}',
      { kind: 'failed_from', index: 1 },
    ],
    ['an empty identifier', '{"batchItemFailures":[{"itemIdentifier":""}]}', UNREADABLE],
    ['a null identifier', '{"batchItemFailures":[{"itemIdentifier":null}]}', UNREADABLE],
    ['a misspelt key', '{"batchItemFailures":[{"itemIdentifer":"11"}]}', UNREADABLE],
    ['an identifier of no record', '{"batchItemFailures":[{"itemIdentifier":"99"}]}', UNREADABLE],
    [
      'a good and a foreign identifier',
      '{"batchItemFailures":[{"itemIdentifier":"11"},{"itemIdentifier":"99"}]}',
      UNREADABLE,
    ],
    ['no list', '{"batchItemFailures":"11"}', UNREADABLE],
    ['a text', '"fine"', UNREADABLE],
  ])('reads %s', (_, payload, outcome) => {
    expect(readOutcome({ kind: 'ok', payload }, RECORDS, true)).toEqual(outcome);
  });

  it('reads no report where the mapping asks for none', () => {
    const payload = '{"batchItemFailures":[{"itemIdentifier":"11"}]}';
    expect(readOutcome({ kind: 'ok', payload }, RECORDS, false)).toEqual({ kind: 'succeeded' });
  });

  it.each([
    [{ kind: 'function_error', error: ERROR } as const, 'failed'],
    [{ kind: 'timed_out', error: ERROR } as const, 'failed'],
    [{ kind: 'too_large', what: 'answer', bytes: 7_000_000 } as const, 'failed'],
    [{ kind: 'throttled' } as const, 'throttled'],
  ])('takes %j as %s', (result, kind) => {
    expect(readOutcome(result, RECORDS, true)).toMatchObject({ kind });
  });
});
