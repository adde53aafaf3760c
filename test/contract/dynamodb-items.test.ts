import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import {
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deliveryItems, receiptItem } from '../../lib/adapters/dynamodb/delivery-items.ts';
import { itemBytes } from '../../lib/adapters/dynamodb/item-size.ts';
import { threadItem } from '../../lib/adapters/dynamodb/items.ts';
import type { Image, Item } from '../../lib/codec/table/attributes.ts';
import { commitItem, decodeCommitImage } from '../../lib/codec/table/commit-item.ts';
import { decodeDueImage, dueItem } from '../../lib/codec/table/due-item.ts';
import { createTable, startDynoxide, testClient, type TestDynamoDb } from './dynamodb-server.ts';
import { subjectOn } from './dynamodb-subject.ts';
import { valueOf } from './store.contract.ts';
import {
  alertmanagerBody,
  at,
  attached,
  commitOf,
  dueOf,
  sampleDelivery,
  sampleEpisodes,
  sampleIncident,
  sampleKey,
  sampleThread,
  t0,
  writeOf,
} from './store-samples.ts';

/** An item as a stream record carries it to a function: JSON, bytes in base64. */
const asStreamImage = (item: Item): Image =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      'B' in value ? { B: Buffer.from(value.B).toString('base64') } : value,
    ]),
  );

describe('what the stream carries', () => {
  it.each([1, 100])('is a commit of %i alerts that decodes to what was committed', (count) => {
    const incident = sampleIncident({ version: 1 });
    const commit = commitOf(incident, [attached(count)]);
    const item = commitItem(commit);
    expect(item['kind']).toEqual({ S: 'commit' });
    expect(decodeCommitImage(asStreamImage(item))).toEqual({ ok: true, value: commit });
    expect(decodeCommitImage(item)).toEqual({ ok: true, value: commit });
  });

  it('is an intent or a timer, told apart by its kind', () => {
    const intent = dueOf('x', at(1), 'open.1');
    expect(dueItem(intent, 7)['kind']).toEqual({ S: 'intent' });
    expect(dueItem(dueOf('x', at(1)), 7)['kind']).toEqual({ S: 'timer' });
    const decoded = decodeDueImage(asStreamImage(dueItem(intent, 7)));
    expect(decoded).toEqual({ ok: true, value: { ...intent, writtenAtVersion: 7 } });
  });

  it.each([
    ['nothing', {}, 'no schema version'],
    ['a newer schema', { schema: { N: '2' }, d: { S: '{}' } }, 'deploy the newer version'],
    ['no payload', { schema: { N: '1' } }, 'no payload'],
    ['broken JSON', { schema: { N: '1' }, d: { S: '{' } }, 'no JSON'],
    ['broken bytes', { schema: { N: '1' }, d: { B: 'AAAA' } }, 'no JSON'],
  ])('is refused with %s, in words and without a throw', (_what, image: Image, words) => {
    const decoded = decodeCommitImage({ ...image, pk: { S: 'T#a#I#b' }, sk: { S: 'C#1' } });
    expect(decoded).toMatchObject({ ok: false, error: { kind: 'unreadable' } });
    if (!decoded.ok) expect(decoded.error.reason).toContain(words);
    if (!decoded.ok) expect(decoded.error.reason).toContain('T#a#I#b / C#1');
    expect(decodeDueImage(image).ok).toBe(false);
  });
});

describe('item sizes', () => {
  it.each([
    [200, 2_500],
    [5000, 60_000],
  ])('packs a thread of %i episodes into %i bytes', (count, most) => {
    const item = threadItem(sampleThread({ episodes: sampleEpisodes(count) }));
    expect(itemBytes(item)).toBeLessThan(most);
  });

  it('keeps a receipt under 1 KB whatever the names', () => {
    const key = sampleKey({ tenant: 't'.repeat(128), sourceId: 's'.repeat(128) });
    const receipt = {
      key,
      receivedAtMs: t0,
      bodyHash: 'f'.repeat(64),
      firstDeliveryId: 'f'.repeat(64),
      requestId: '💥'.repeat(5000),
    };
    expect(itemBytes(receiptItem(receipt))).toBeLessThan(1024);
    const endless = { ...key, tenant: 't'.repeat(9999), sourceId: 'ü'.repeat(9999) };
    expect(itemBytes(receiptItem({ ...receipt, key: endless }))).toBeLessThan(1024);
  });

  it('keeps a small body with its delivery and a large one beside it', () => {
    expect(deliveryItems(sampleDelivery()).map(({ sk }) => sk)).toHaveLength(1);
    const [marker, body, more] = deliveryItems(sampleDelivery({ body: alertmanagerBody(500) }));
    expect(more).toBeUndefined();
    expect(marker === undefined ? 0 : itemBytes(marker)).toBeLessThan(1024);
    expect(body?.['kind']).toEqual({ S: 'body' });
  });
});

describe('the table', () => {
  let server: TestDynamoDb;
  let client: DynamoDBClient;
  let tableName: string;
  let subject: ReturnType<typeof subjectOn>;

  beforeAll(async () => {
    server = await startDynoxide();
    client = testClient(server.url);
  });
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });
  beforeEach(async () => {
    tableName = `tocsin-${randomUUID()}`;
    await createTable(client, tableName);
    subject = subjectOn(client, tableName);
  });

  it.each([1, 500])('holds the body of %i alerts as it was received', async (count) => {
    const delivery = sampleDelivery({ body: alertmanagerBody(count) });
    valueOf(await subject.store.commit({ token: 'a', delivery }));
    const { groupHash, setDigest } = delivery.key;
    const pk = { S: `T#default#G#prometheus#${groupHash}` };
    const inline = await client.send(
      new GetItemCommand({ TableName: tableName, Key: { pk, sk: { S: `D#${setDigest}` } } }),
    );
    const beside = await client.send(
      new GetItemCommand({ TableName: tableName, Key: { pk, sk: { S: `B#${setDigest}` } } }),
    );
    const body = inline.Item?.['body']?.B ?? beside.Item?.['body']?.B ?? new Uint8Array();
    expect(Buffer.compare(gunzipSync(body), delivery.body ?? new Uint8Array())).toBe(0);
  });

  it('begins every key with the tenant, but for due rows and rates', async () => {
    const dueAdded = [dueOf('k3v9m-2q7xzwn', at(1))];
    const thread = { value: sampleThread(), expectedVersion: 0 };
    const delivery = sampleDelivery();
    const write = writeOf(sampleIncident(), { dueAdded });
    valueOf(await subject.store.commit({ ...write, thread, delivery }));
    const listed = await client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: 'T#default#I#k3v9m-2q7xzwn' } },
      }),
    );
    expect(listed.Items?.map(({ sk }) => sk?.S)).toEqual(['C#0000000001', 'S']);
    const [due] = dueAdded.map((row) => dueItem(row, 1)['sk']);
    expect(due).toEqual({
      S: `${String(at(1)).padStart(15, '0')}#default#k3v9m-2q7xzwn#timer:response`,
    });
  });

  it('leaves a due row of newer code in place, tells operators, and gives the others', async () => {
    const rows = [dueOf('a', at(1)), dueOf('a', at(2))];
    const [first, second] = rows.map((row) => dueItem(row, 1));
    const newer = { ...first, schema: { N: '9' } };
    for (const Item of [newer, { ...second }]) {
      await client.send(new PutItemCommand({ TableName: tableName, Item }));
    }
    expect(valueOf(await subject.store.loadDue(at(9), 10))).toMatchObject(rows.slice(1));
    expect(subject.log.lines()).toMatchObject([{ level: 'error' }]);
  });

  it('refuses to read an incident of newer code', async () => {
    const key = { pk: { S: 'T#default#I#n' }, sk: { S: 'S' } };
    const Item = { ...key, schema: { N: '9' }, d: { S: '{}' } };
    await client.send(new PutItemCommand({ TableName: tableName, Item }));
    const read = await subject.store.loadIncident('default', 'n');
    expect(read).toMatchObject({ ok: false, error: { kind: 'rejected' } });
  });
});
