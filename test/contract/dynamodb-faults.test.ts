import { randomUUID } from 'node:crypto';
import { GetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hours } from '../../lib/domain/shared/time.ts';
import { isRetryable } from '../../lib/ports/failure.ts';
import type { Store } from '../../lib/ports/store.ts';
import { startFaultyDynamoDb, type Fault, type FaultyDynamoDb } from './dynamodb-faults.ts';
import { createTable, startDynoxide, testClient, type TestDynamoDb } from './dynamodb-server.ts';
import { subjectOn } from './dynamodb-subject.ts';
import { valueOf } from './store.contract.ts';
import { sampleIncident, sampleKey, t0, writeOf } from './store-samples.ts';

const error = (name: string, status?: number): Fault => ({
  kind: 'error',
  name,
  ...(status === undefined ? {} : { status }),
});
const cancelled = (...codes: readonly string[]): Fault => ({ kind: 'cancelled', codes });
const lost: Fault = { kind: 'answer-lost' };
const silent: Fault = { kind: 'silent' };
const leftOut: Fault = { kind: 'left-out', taken: 1 };
const none: Fault = { kind: 'none' };

describe('the store when DynamoDB fails', () => {
  let server: TestDynamoDb;
  let faulty: FaultyDynamoDb;
  let patient: DynamoDBClient;
  let once: DynamoDBClient;
  let hasty: DynamoDBClient;
  let tableName: string;
  let store: Store;
  let storeOnce: Store;

  beforeAll(async () => {
    server = await startDynoxide();
    faulty = await startFaultyDynamoDb(server.url);
    patient = testClient(faulty.url);
    once = testClient(faulty.url, { maxAttempts: 1 });
    hasty = testClient(faulty.url, { maxAttempts: 1, requestTimeoutMs: 300 });
  });
  afterAll(async () => {
    for (const client of [patient, once, hasty]) client.destroy();
    await faulty.stop();
    await server.stop();
  });
  beforeEach(async () => {
    faulty.next();
    tableName = `tocsin-${randomUUID()}`;
    await createTable(once, tableName);
    ({ store } = subjectOn(patient, tableName));
    ({ store: storeOnce } = subjectOn(once, tableName));
  });

  const write = writeOf(sampleIncident());
  const isStored = async (): Promise<boolean> =>
    valueOf(await store.loadIncident('default', 'k3v9m-2q7xzwn')) !== null;

  it.each([
    [cancelled('ConditionalCheckFailed', 'None'), 'conflict', false],
    [cancelled('None', 'TransactionConflict'), 'conflict', false],
    [cancelled('ThrottlingError', 'TransactionConflict'), 'conflict', false],
    [cancelled('DuplicateItem'), 'conflict', false],
    [cancelled('None', 'ThrottlingError'), 'throttled', true],
    [cancelled('ProvisionedThroughputExceeded'), 'throttled', true],
    [cancelled('ItemCollectionSizeLimitExceeded'), 'too_large', false],
    [cancelled('ValidationError'), 'rejected', false],
    [cancelled('None'), 'unavailable', true],
    [error('ProvisionedThroughputExceededException'), 'throttled', true],
    [error('ThrottlingException'), 'throttled', true],
    [error('RequestLimitExceeded'), 'throttled', true],
    [error('TransactionInProgressException'), 'conflict', false],
    [error('IdempotentParameterMismatchException'), 'conflict', false],
    [error('InternalServerError', 500), 'unavailable', true],
    [error('ServiceUnavailable', 503), 'unavailable', true],
    [error('AccessDeniedException'), 'rejected', false],
    [error('ResourceNotFoundException'), 'rejected', false],
    [error('ValidationException'), 'rejected', false],
  ])('on %j it says %s', async (fault, kind, retryable) => {
    faulty.next(fault);
    const answer = await storeOnce.commit(write);
    expect(answer).toMatchObject({ ok: false, error: { kind } });
    if (answer.ok) return;
    expect(isRetryable(answer.error)).toBe(retryable);
    expect(answer.error.cause).toBeInstanceOf(Error);
    expect(answer.error.message).toContain('DynamoDB could not commit a decision');
    expect(await isStored()).toBe(false);
  });

  it('sends a conflict up at once: the decision is to be made anew, not the write', async () => {
    faulty.next(cancelled('TransactionConflict'), error('must not be reached'));
    expect(await store.commit(write)).toMatchObject({ error: { kind: 'conflict' } });
    expect(faulty.seen()).toEqual(['TransactWriteItems']);
  });

  it('gets over throttles and outages that end within three tries', async () => {
    faulty.next(error('ThrottlingException'), error('InternalServerError', 500));
    valueOf(await store.commit(write));
    expect(faulty.seen()).toHaveLength(3);
  });

  it('gives up after three tries', async () => {
    faulty.next(...Array.from({ length: 4 }, () => error('ThrottlingException')));
    expect(await store.commit(write)).toMatchObject({ error: { kind: 'throttled' } });
    expect(faulty.seen()).toHaveLength(3);
  });

  it('writes once when an answer is lost and the SDK tries again', async () => {
    faulty.next(lost, lost);
    valueOf(await store.commit(write));
    expect(faulty.seen()).toHaveLength(3);
    expect(valueOf(await store.loadCommits('default', 'k3v9m-2q7xzwn'))).toHaveLength(1);
  });

  it('admits a lost answer, and shows on reading again that the write is there', async () => {
    faulty.next(lost);
    expect(await storeOnce.commit(write)).toMatchObject({ error: { kind: 'timeout' } });
    expect(await isStored()).toBe(true);
    const anew = await storeOnce.commit(writeOf(sampleIncident(), { token: 'another' }));
    expect(anew).toMatchObject({ error: { kind: 'conflict' } });
  });

  it('calls silence a timeout, which may have been applied', async () => {
    faulty.next(silent);
    const answer = await subjectOn(hasty, tableName).store.commit(write);
    expect(answer).toMatchObject({ error: { kind: 'timeout' } });
    expect(await isStored()).toBe(true);
  });

  it('calls an address where nobody listens unavailable', async () => {
    const nobody = testClient('http://127.0.0.1:1', { maxAttempts: 1 });
    const answer = await subjectOn(nobody, tableName).store.loadThread('default', 'any');
    expect(answer).toMatchObject({ error: { kind: 'unavailable' } });
  });

  it('knows its own claim when the answer to it was lost', async () => {
    const claim = { tenant: 'default', id: 'fallback', atMs: t0, keepForMs: hours(1) };
    faulty.next(lost);
    expect(valueOf(await store.claim(claim))).toBe(true);
    expect(faulty.seen()).toHaveLength(2);
    expect(valueOf(await store.claim(claim))).toBe(false);
  });

  it('counts a repeat once when its answer was lost', async () => {
    const receipt = {
      key: sampleKey(),
      receivedAtMs: t0,
      bodyHash: 'b',
      firstDeliveryId: 'd',
      requestId: 'r',
    };
    faulty.next(lost);
    valueOf(await store.putReceipt(receipt));
    expect(valueOf(await store.countRepeats(receipt.key)).count).toBe(1);
  });

  it('asks again for the incidents that a batch left out', async () => {
    for (const id of ['a', 'b', 'c']) valueOf(await store.commit(writeOf(sampleIncident({ id }))));
    const query = { tenant: 'default', status: 'open', limit: 10, after: null } as const;
    faulty.next(none, leftOut, leftOut);
    const page = valueOf(await store.listIncidents(query));
    expect(page.incidents.map(({ id }) => id).toSorted()).toEqual(['a', 'b', 'c']);
    expect(faulty.seen()).toHaveLength(4);

    faulty.next(none, ...Array.from({ length: 9 }, (): Fault => ({ kind: 'left-out', taken: 0 })));
    expect(await store.listIncidents(query)).toMatchObject({ error: { kind: 'throttled' } });
    expect(faulty.seen()).toHaveLength(6);
  });

  it('reads in one batch what is asked for at once, each key once, and gives it to who asked', async () => {
    const [a, b] = [sampleIncident({ id: 'a' }), sampleIncident({ id: 'b' })];
    for (const incident of [a, b]) valueOf(await store.commit(writeOf(incident)));
    const ids = ['b', 'none', 'a', 'b'];
    faulty.next();
    const read = await Promise.all(ids.map((id) => store.loadIncident('default', id)));
    expect(read.map(valueOf)).toEqual([b, null, a, b]);
    expect(faulty.seen()).toEqual(['BatchGetItem']);

    faulty.next(leftOut);
    expect(await Promise.all(ids.map((id) => store.loadIncident('default', id)))).toEqual(read);
    expect(faulty.seen()).toEqual(['BatchGetItem', 'BatchGetItem']);

    faulty.next(error('ThrottlingException'));
    const [thread, delivery] = await Promise.all([
      storeOnce.loadThread('default', 'any'),
      storeOnce.loadDelivery(sampleKey()),
    ]);
    const message = expect.stringContaining('read a thread and read a delivery') as string;
    expect(thread).toMatchObject({ error: { kind: 'throttled', message } });
    expect(delivery).toEqual(thread);
  });

  it('reads more than a batch holds in several', async () => {
    const ids = Array.from({ length: 101 }, (_, index) => String(index));
    faulty.next();
    const read = await Promise.all(ids.map((id) => store.loadIncident('default', id)));
    expect(read.map(valueOf)).toEqual(ids.map(() => null));
    expect(faulty.seen().toSorted()).toEqual(['BatchGetItem', 'GetItem']);
  });

  it('lets mistakes of our own through, since they are no answer of the table', async () => {
    const broken = { send: () => Promise.reject(new TypeError('ours')) };
    // Only `send` is called; a client that throws a TypeError cannot be had otherwise.
    const client = broken as unknown as DynamoDBClient;
    await expect(subjectOn(client, tableName).store.loadThread('t', 'k')).rejects.toThrow('ours');
  });

  it('reads the item that the log shows, by its documented key', async () => {
    valueOf(await store.commit(write));
    const Key = { pk: { S: 'T#default#I#k3v9m-2q7xzwn' }, sk: { S: 'C#0000000001' } };
    const { Item } = await once.send(new GetItemCommand({ TableName: tableName, Key }));
    expect(Item?.['kind']?.S).toBe('commit');
  });
});
