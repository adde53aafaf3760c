import { describe, expect, it } from 'vitest';
import { isEnabled, readMappingConfig } from '../../../../lib/local/stream/mapping-config.ts';
import type { JsonObject } from '../../../../lib/local/shared/json.ts';
import { rawRecord } from './fakes.ts';

const MINIMAL: JsonObject = { StartingPosition: 'TRIM_HORIZON' };
const filtered = (...patterns: readonly unknown[]) =>
  readMappingConfig({
    ...MINIMAL,
    FilterCriteria: { Filters: patterns.map((Pattern) => ({ Pattern })) },
  });

describe('readMappingConfig', () => {
  it('has the defaults of Lambda, and a day as the longest age', () => {
    expect(readMappingConfig(MINIMAL)).toMatchObject({
      batchSize: 100,
      batchingWindowMs: 0,
      parallelizationFactor: 1,
      startingPosition: 'TRIM_HORIZON',
      maximumRetryAttempts: undefined,
      maximumRecordAgeMs: 86_400_000,
      bisectBatchOnFunctionError: false,
      reportBatchItemFailures: false,
      onFailureArn: undefined,
    });
  });

  it('reads every property', () => {
    const config = readMappingConfig({
      ...MINIMAL,
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 5,
      ParallelizationFactor: 10,
      StartingPosition: 'LATEST',
      MaximumRetryAttempts: 0,
      MaximumRecordAgeInSeconds: 3600,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:q' } },
    });
    expect(config).toMatchObject({
      batchSize: 10,
      batchingWindowMs: 5000,
      parallelizationFactor: 10,
      startingPosition: 'LATEST',
      maximumRetryAttempts: 0,
      maximumRecordAgeMs: 3_600_000,
      bisectBatchOnFunctionError: true,
      reportBatchItemFailures: true,
      onFailureArn: 'arn:aws:sqs:us-east-1:000000000000:q',
    });
  });

  it.each([
    [{ BatchSize: 0 }, /BatchSize is 0; it must be a whole number from 1 to 10000/],
    [{ ParallelizationFactor: 11 }, /ParallelizationFactor is 11/],
    [{ MaximumRetryAttempts: -2 }, /MaximumRetryAttempts is -2/],
    [{ StartingPosition: 'AT_TIMESTAMP' }, /StartingPosition is "AT_TIMESTAMP"/],
    [{ TumblingWindowInSeconds: 30 }, /TumblingWindowInSeconds is not known/],
    [{ FunctionResponseTypes: ['Other'] }, /FunctionResponseTypes is \["Other"\]/],
    [{ FilterCriteria: { Filters: [{}] } }, /must hold a Pattern/],
    [{ DestinationConfig: { OnFailure: { Destination: 1 } } }, /must be an ARN/],
  ])('refuses %j', (properties, message) => {
    expect(() => readMappingConfig({ ...MINIMAL, ...properties })).toThrow(message);
  });

  it('is on unless the template switches it off', () => {
    expect(isEnabled({})).toBe(true);
    expect(isEnabled({ Enabled: true })).toBe(true);
    expect(isEnabled({ Enabled: false })).toBe(false);
  });
});

describe('filters', () => {
  const INTENTS = '{"eventName":["INSERT"],"dynamodb":{"NewImage":{"kind":{"S":["intent"]}}}}';

  it.each([
    ['a new intent', rawRecord(1), true],
    ['a changed intent', rawRecord(1, { eventName: 'MODIFY' }), false],
    ['another kind', rawRecord(1, { kind: 'commit' }), false],
    ['a removal, which has no new image', { eventName: 'REMOVE', dynamodb: { Keys: {} } }, false],
  ])('match %s: %#', (_, record, expected) => {
    expect(filtered(INTENTS).accepts(record)).toBe(expected);
  });

  it('accept all without patterns, and what any one of several matches', () => {
    expect(filtered().accepts(rawRecord(1))).toBe(true);
    const either = filtered(
      '{"dynamodb":{"NewImage":{"kind":{"S":["timer"]}}}}',
      '{"dynamodb":{"NewImage":{"kind":{"S":[{"prefix":"int"}]}}}}',
    );
    expect(either.accepts(rawRecord(1))).toBe(true);
    expect(either.accepts(rawRecord(1, { kind: 'commit' }))).toBe(false);
  });

  it('know whether a field exists', () => {
    const absent = filtered('{"dynamodb":{"NewImage":{"done":{"S":[{"exists":false}]}}}}');
    expect(absent.accepts(rawRecord(1))).toBe(true);
    const present = filtered('{"dynamodb":{"NewImage":{"kind":{"S":[{"exists":true}]}}}}');
    expect(present.accepts(rawRecord(1))).toBe(true);
    expect(present.accepts({ dynamodb: { NewImage: {} } })).toBe(false);
  });

  it.each([
    ['{"dynamodb":{"NewImage":{"n":{"N":[{"numeric":[">",1]}]}}}}', /numeric|number/],
    ['{"dynamodb":{"NewImage":{"n":{"N":[5]}}}}', /DynamoDB's numbers are strings/],
    ['{"$or":[{"eventName":["INSERT"]}]}', /\$or/],
    ['{"eventName":"INSERT"}', /eventName/],
    ['not json', /no JSON object/],
  ])('refuse %s', (pattern, message) => {
    expect(() => filtered(pattern)).toThrow(message);
  });
});
