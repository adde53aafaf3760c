import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import { createEventBridgeBus } from '../../lib/adapters/eventbridge/bus.ts';
import { createMemoryBus } from '../../lib/adapters/memory/bus.ts';
import { createMemoryLog } from '../../lib/adapters/memory/log.ts';
import type { Bus } from '../../lib/ports/bus.ts';
import { jsonAnswer, jsonError, type AwsAnswer } from '../../lib/local/aws/answer.ts';
import { busName, clientFor, startAws } from './aws-endpoint.ts';
import { busContract, busEvent, busEvents } from './bus.contract.ts';

const busAt = (client: object, log = createMemoryLog()): Bus =>
  createEventBridgeBus({ client: new EventBridgeClient(client), busName, source: 'tocsin', log });

const detailOf = (event: string): unknown => (JSON.parse(event) as { detail: unknown }).detail;

describe('a bus in memory', () => {
  busContract(() => {
    const bus = createMemoryBus();
    const received = () => Promise.resolve(bus.published().map(({ detail }) => detail));
    return Promise.resolve({ bus, received });
  });
});

describe('the EventBridge of one machine', () => {
  busContract(async () => {
    const aws = await startAws();
    return { bus: busAt(aws.client), received: () => Promise.resolve(aws.events.map(detailOf)) };
  });

  it('says what an event is, from whom and when', async () => {
    const aws = await startAws();
    await busAt(aws.client).publish([busEvent(7)]);
    expect(JSON.parse(aws.events[0] ?? '')).toMatchObject({
      source: 'tocsin',
      'detail-type': 'incident.opened',
      time: '2026-11-21T03:46:07Z',
    });
  });

  it('cuts an event that is too large, and says so', async () => {
    const aws = await startAws();
    const log = createMemoryLog();
    const large = busEvent(1, { text: '🚨'.repeat(200_000), list: Array(90_000).fill(1) });
    const published = await busAt(aws.client, log).publish([busEvent(0), large, busEvent(2)]);
    expect(published).toEqual({ ok: true, value: { failed: [] } });
    expect(aws.events.map(detailOf)).toMatchObject([
      { seq: 0 },
      { seq: 1, id: 'acme/INC-1/1', truncated: true },
      { seq: 2 },
    ]);
    expect(log.lines()).toMatchObject([{ level: 'warn', fields: { type: 'incident.opened' } }]);
  });
});

describe('an EventBridge that misbehaves', () => {
  /** Answers call by call with error codes by position; undefined takes the entry. */
  type Call = readonly (string | undefined)[] | AwsAnswer;

  async function troubled(...calls: readonly Call[]) {
    const asked: (readonly unknown[])[] = [];
    const aws = await startAws((_name, operation) => (input) => {
      const entries = input['Entries'] as { Detail: string }[];
      const call = calls[asked.length];
      asked.push(entries.map(({ Detail }) => (JSON.parse(Detail) as { seq: number }).seq));
      if (call === undefined) return operation(input);
      if ('statusCode' in call) return call;
      const Entries = entries.map((_, at) =>
        call[at] === undefined ? { EventId: 'id' } : { ErrorCode: call[at], ErrorMessage: 'why' },
      );
      return jsonAnswer({ FailedEntryCount: call.filter(Boolean).length, Entries });
    });
    return { bus: busAt(aws.client), asked };
  }

  const throttled = jsonError({ statusCode: 400, code: 'ThrottlingException', message: 'slow' });

  it('sends once more what it was too busy for, and only that', async () => {
    const busy = [undefined, 'ThrottlingException', undefined, 'InternalFailure'];
    const { bus, asked } = await troubled(busy, []);
    expect(await bus.publish(busEvents(4))).toEqual({ ok: true, value: { failed: [] } });
    expect(asked).toEqual([
      [0, 1, 2, 3],
      [1, 3],
    ]);
  });

  it('gives the indexes that failed for good, over all calls', async () => {
    const { bus, asked } = await troubled(
      ['MalformedDetail', undefined, 'ThrottlingException'],
      ['ThrottlingException'],
      [undefined, 'NotAuthorizedForSourceException'],
    );
    expect(await bus.publish(busEvents(12))).toEqual({ ok: true, value: { failed: [0, 2, 11] } });
    expect(asked).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [2], [10, 11]]);
  });

  it('stops at a call that failed as a whole', async () => {
    const { bus, asked } = await troubled(['MalformedDetail'], throttled);
    const failed = [0, ...Array.from({ length: 15 }, (_, at) => at + 10)];
    expect(await bus.publish(busEvents(25))).toEqual({ ok: true, value: { failed } });
    expect(asked).toHaveLength(2);
  });

  it.each<[string, AwsAnswer, string]>([
    ['throttling', throttled, 'throttled'],
    ['a 500', jsonError({ statusCode: 500, code: 'InternalFailure', message: '' }), 'unavailable'],
    ['no access', jsonError({ statusCode: 400, code: 'AccessDenied', message: '' }), 'rejected'],
    ['413', jsonError({ statusCode: 413, code: 'RequestTooLarge', message: '' }), 'too_large'],
  ])('makes of %s at the first call a failure', async (_what, answer, kind) => {
    const { bus } = await troubled(answer);
    expect(await bus.publish(busEvents(3))).toMatchObject({ ok: false, error: { kind } });
  });

  it('says unavailable when nobody listens', async () => {
    const published = await busAt(clientFor('http://127.0.0.1:1')).publish([busEvent(0)]);
    expect(published).toMatchObject({ ok: false, error: { kind: 'unavailable' } });
  });
});
