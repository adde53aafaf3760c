import { createHash } from 'node:crypto';
import { isJsonObject, ownValue, type JsonObject } from '../shared/json.ts';

/** One change of an item, ready to be put into a function's event. */
export interface StreamRecord {
  readonly sequenceNumber: string;
  /** The item's partition key as JSON text: records with the same one keep their order. */
  readonly partitionKey: string;
  readonly createdAtMs: number;
  /** The record as the function sees it, as JSON text. */
  readonly json: string;
}

/** Where records come from, as the function is told. */
export interface RecordOrigin {
  readonly region: string;
  /** The stream's ARN in the account and region of this machine. */
  readonly eventSourceArn: string;
  /** The table's partition key attribute. */
  readonly hashKey: string;
}

/**
 * The record as Lambda would hand it over: `GetRecords` gives everything but `eventSourceARN`. The id
 * is made of stream and sequence number, 32 hexadecimal digits as in AWS, and so the same each time.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export function toFunctionRecord(raw: JsonObject, origin: RecordOrigin): JsonObject {
  const { sequenceNumber } = changeOf(raw);
  return {
    eventID: createHash('sha256')
      .update(`${origin.eventSourceArn}#${sequenceNumber}`)
      .digest('hex')
      .slice(0, 32),
    eventName: raw['eventName'],
    eventVersion: raw['eventVersion'] ?? '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: origin.region,
    dynamodb: raw['dynamodb'],
    ...(raw['userIdentity'] === undefined ? {} : { userIdentity: raw['userIdentity'] }),
    eventSourceARN: origin.eventSourceArn,
  };
}

/** Reads what the delivery needs out of a function's record. */
export function toStreamRecord(record: JsonObject, { hashKey }: RecordOrigin): StreamRecord {
  const { sequenceNumber, keys, createdAtS } = changeOf(record);
  return {
    sequenceNumber,
    partitionKey: JSON.stringify(ownValue(keys, hashKey) ?? null),
    createdAtMs: createdAtS * 1000,
    json: JSON.stringify(record),
  };
}

/** The sequence number that a record of `GetRecords` carries. */
export function sequenceNumberOf(raw: JsonObject): string {
  return changeOf(raw).sequenceNumber;
}

/** True when the first sequence number is lower; they are decimal numbers of up to 40 digits. */
export function isBefore(first: string, second: string): boolean {
  return BigInt(first) < BigInt(second);
}

interface Change {
  readonly sequenceNumber: string;
  readonly keys: JsonObject;
  readonly createdAtS: number;
}

function changeOf(record: JsonObject): Change {
  const change = record['dynamodb'];
  if (!isJsonObject(change)) throw malformed(record);
  const { SequenceNumber: sequenceNumber, Keys: keys } = change;
  const createdAtS = change['ApproximateCreationDateTime'];
  if (typeof sequenceNumber !== 'string' || !isJsonObject(keys)) throw malformed(record);
  return { sequenceNumber, keys, createdAtS: Number(createdAtS) };
}

function malformed(record: JsonObject): Error {
  return new Error(
    `GetRecords gave a record without a sequence number or keys: ${JSON.stringify(record).slice(0, 200)}`,
  );
}
