import { isJsonObject, ownValue, type JsonObject } from '../shared/json.ts';
import { compileFilters, type RecordFilter } from './record-filter.ts';

/** An event source mapping of a DynamoDB stream, read from its template and with Lambda's defaults. */
export interface StreamMappingConfig {
  /** Records per invocation, 1 to 10,000. */
  readonly batchSize: number;
  /** How long records are gathered while a batch is not full; 0 sends what there is. */
  readonly batchingWindowMs: number;
  /** Batches of one shard in flight at a time, 1 to 10; order holds per partition key. */
  readonly parallelizationFactor: number;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  /** Invocations after the first before records are given up; `undefined` for no limit. */
  readonly maximumRetryAttempts: number | undefined;
  /** Older records are given up unread; never more than the 24 hours that a stream keeps. */
  readonly maximumRecordAgeMs: number;
  readonly bisectBatchOnFunctionError: boolean;
  readonly reportBatchItemFailures: boolean;
  /** Where word of given-up records goes; `undefined` drops them. */
  readonly onFailureArn: string | undefined;
  readonly accepts: RecordFilter;
}

/** A mapping that this runtime cannot run as Lambda would. */
export class StreamMappingError extends Error {
  override readonly name = 'StreamMappingError';
}

/** DynamoDB keeps stream records for 24 hours. */
const STREAM_RETENTION_S = 86_400;
const UNLIMITED = -1;

const KNOWN = new Set([
  'BatchSize',
  'BisectBatchOnFunctionError',
  'DestinationConfig',
  'Enabled',
  'EventSourceArn',
  'FilterCriteria',
  'FunctionName',
  'FunctionResponseTypes',
  'MaximumBatchingWindowInSeconds',
  'MaximumRecordAgeInSeconds',
  'MaximumRetryAttempts',
  'ParallelizationFactor',
  'StartingPosition',
  'Tags',
]);

/**
 * Reads the properties of an `AWS::Lambda::EventSourceMapping`. Ranges and defaults are those of
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-eventsourcemapping.html .
 * Throws `StreamMappingError` for a property or value that would behave otherwise here than in AWS.
 */
export function readMappingConfig(properties: JsonObject): StreamMappingConfig {
  const unknown = Object.keys(properties).find(
    (name) => !KNOWN.has(name) && properties[name] !== undefined,
  );
  if (unknown !== undefined) {
    throw new StreamMappingError(`Mapping property ${unknown} is not known to this runtime.`);
  }
  const number = (name: string, range: NumberRange): number => readNumber(properties, name, range);
  const retries = number('MaximumRetryAttempts', { min: UNLIMITED, max: 10_000, byDefault: -1 });
  const ageS = number('MaximumRecordAgeInSeconds', {
    min: UNLIMITED,
    max: 604_800,
    byDefault: UNLIMITED,
  });
  return {
    batchSize: number('BatchSize', { min: 1, max: 10_000, byDefault: 100 }),
    batchingWindowMs:
      number('MaximumBatchingWindowInSeconds', { min: 0, max: 300, byDefault: 0 }) * 1000,
    parallelizationFactor: number('ParallelizationFactor', { min: 1, max: 10, byDefault: 1 }),
    startingPosition: readStartingPosition(properties),
    maximumRetryAttempts: retries === UNLIMITED ? undefined : retries,
    maximumRecordAgeMs:
      (ageS === UNLIMITED ? STREAM_RETENTION_S : Math.min(ageS, STREAM_RETENTION_S)) * 1000,
    bisectBatchOnFunctionError: ownValue(properties, 'BisectBatchOnFunctionError') === true,
    reportBatchItemFailures: readsItemFailures(properties),
    onFailureArn: readOnFailure(properties),
    accepts: readFilters(properties),
  };
}

/** False for a mapping that the template switches off. */
export function isEnabled(properties: JsonObject): boolean {
  return ownValue(properties, 'Enabled') !== false;
}

interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly byDefault: number;
}

function readNumber(properties: JsonObject, name: string, range: NumberRange): number {
  const value = ownValue(properties, name) ?? range.byDefault;
  if (Number.isInteger(value) && Number(value) >= range.min && Number(value) <= range.max) {
    return Number(value);
  }
  throw new StreamMappingError(
    `Mapping property ${name} is ${JSON.stringify(value)}; it must be a whole number from ${range.min} to ${range.max}.`,
  );
}

function readStartingPosition(properties: JsonObject): 'TRIM_HORIZON' | 'LATEST' {
  const value = ownValue(properties, 'StartingPosition');
  if (value === 'TRIM_HORIZON' || value === 'LATEST') return value;
  throw new StreamMappingError(
    `Mapping property StartingPosition is ${JSON.stringify(value)}; a DynamoDB stream is read from TRIM_HORIZON or LATEST.`,
  );
}

function readsItemFailures(properties: JsonObject): boolean {
  const value = ownValue(properties, 'FunctionResponseTypes') ?? [];
  if (!Array.isArray(value) || value.some((type) => type !== 'ReportBatchItemFailures')) {
    throw new StreamMappingError(
      `Mapping property FunctionResponseTypes is ${JSON.stringify(value)}; the one known type is ReportBatchItemFailures.`,
    );
  }
  return value.length > 0;
}

function readOnFailure(properties: JsonObject): string | undefined {
  const destinations = ownValue(properties, 'DestinationConfig');
  const onFailure = isJsonObject(destinations) ? ownValue(destinations, 'OnFailure') : undefined;
  const arn = isJsonObject(onFailure) ? ownValue(onFailure, 'Destination') : undefined;
  if (arn === undefined || typeof arn === 'string') return arn;
  throw new StreamMappingError(
    `The failure destination is ${JSON.stringify(arn)}; it must be an ARN.`,
  );
}

function readFilters(properties: JsonObject): RecordFilter {
  const criteria = ownValue(properties, 'FilterCriteria');
  const filters = isJsonObject(criteria) ? (ownValue(criteria, 'Filters') ?? []) : [];
  if (!Array.isArray(filters)) {
    throw new StreamMappingError('FilterCriteria.Filters must be a list of patterns.');
  }
  return compileFilters(
    filters.map((filter: unknown) => {
      const pattern = isJsonObject(filter) ? ownValue(filter, 'Pattern') : undefined;
      if (typeof pattern === 'string') return pattern;
      throw new StreamMappingError(
        `A filter is ${JSON.stringify(filter)}; it must hold a Pattern, which is JSON text.`,
      );
    }),
  );
}
