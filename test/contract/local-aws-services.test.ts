import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestRuntime, type TestRuntime } from './local-runtime-fixture.ts';

let test: TestRuntime;

beforeEach(async () => {
  test = await startTestRuntime({
    seedSecret: ({ variables }) =>
      variables.includes('TOCSIN_INTAKE_SECRET') ? '{"sources":{"am":["token"]}}' : undefined,
  });
});

afterEach(async () => {
  await test.cleanUp();
});

/** What an SDK client of a function gets from its environment. */
function clientConfig() {
  const { endpoint, credentials } = test.current().services;
  return { endpoint: endpoint.url, credentials, region: 'us-east-1', maxAttempts: 1 };
}

function recorded(): readonly unknown[] {
  const path = join(test.dataDir, 'recorded.jsonl');
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

describe('EventBridge', () => {
  const entry = {
    EventBusName: 'tiny-bus',
    Source: 'tocsin',
    DetailType: 'incident.resolved',
    Detail: '{"incidentId":"7"}',
  };

  async function putEvents(...entries: object[]) {
    const client = new EventBridgeClient(clientConfig());
    return await client.send(new PutEventsCommand({ Entries: entries }));
  }

  it('gives a matching event to the function of the rule, in the form of EventBridge', async () => {
    const other = { ...entry, DetailType: 'incident.opened' };
    const answer = await putEvents(entry, other, { ...entry, EventBusName: undefined });
    expect(answer.FailedEntryCount).toBe(0);
    await vi.waitFor(() => {
      expect(recorded()).toHaveLength(1);
    });
    expect(recorded()).toEqual([
      {
        version: '0',
        id: answer.Entries?.[0]?.EventId,
        'detail-type': 'incident.resolved',
        source: 'tocsin',
        account: '000000000000',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
        region: 'us-east-1',
        resources: [],
        detail: { incidentId: '7' },
      },
    ]);
  });

  it('tries a failing function again and keeps the event when it failed for good', async () => {
    writeFileSync(join(test.dataDir, 'recorded.jsonl.failures'), '2');
    await putEvents(entry);
    await vi.waitFor(() => {
      expect(test.runtime.status().deadLetters).toEqual({ 'failed-events': 1 });
    });
    expect(recorded()).toHaveLength(2);
    const queue = readFileSync(join(test.dataDir, 'queues/failed-events.jsonl'), 'utf8');
    expect(JSON.parse(queue)).toMatchObject({
      body: { responsePayload: { errorMessage: 'told to fail' } },
    });
  });

  it('runs after a restart what was accepted and not done', async () => {
    writeFileSync(join(test.dataDir, 'recorded.jsonl.failures'), '1');
    const slow = await test.restart({ retryDelaysMs: [3_600_000] });
    await putEvents(entry);
    await vi.waitFor(() => {
      expect(recorded()).toHaveLength(1);
    });
    await slow.stop();
    const again = await test.restart();
    await vi.waitFor(() => {
      expect(recorded()).toHaveLength(2);
      expect(again.status().asynchronous.pending).toBe(0);
    });
  });

  it('fails the entries that are wrong, and only those', async () => {
    const answer = await putEvents(
      entry,
      { ...entry, Detail: '[1]' },
      { ...entry, Source: undefined },
      { ...entry, EventBusName: 'no-bus' },
    );
    expect(answer.FailedEntryCount).toBe(3);
    expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'MalformedDetail',
      'InvalidArgument',
      'ResourceNotFoundException',
    ]);
  });

  it('refuses a call with more than ten entries or more than 1 MB', async () => {
    const eleven = Array.from({ length: 11 }, () => entry);
    await expect(putEvents(...eleven)).rejects.toMatchObject({ name: 'ValidationException' });
    const large = { ...entry, Detail: JSON.stringify({ text: 'x'.repeat(1024 * 1024) }) };
    await expect(putEvents(large)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('Secrets Manager', () => {
  const SecretId = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Tiny-IntakeSecret';
  const client = () => new SecretsManagerClient(clientConfig());

  it('gives the value that the caller seeded, by ARN and by name', async () => {
    for (const id of [SecretId, 'Tiny-IntakeSecret']) {
      const secret = await client().send(new GetSecretValueCommand({ SecretId: id }));
      expect(secret).toMatchObject({
        ARN: SecretId,
        SecretString: '{"sources":{"am":["token"]}}',
        VersionStages: ['AWSCURRENT'],
      });
    }
  });

  it('generates a value as the template says, and keeps it', async () => {
    const read = async () =>
      (await client().send(new GetSecretValueCommand({ SecretId: 'tiny/console' }))).SecretString;
    const value = await read();
    expect(JSON.parse(value ?? '')).toEqual({
      people: {},
      signingKey: expect.stringMatching(/^[\w-]{64}$/) as string,
    });
    await test.runtime.stop();
    await test.restart();
    expect(await read()).toBe(value);
  });

  it('keeps the value before as AWSPREVIOUS after a rotation', async () => {
    const previous = new GetSecretValueCommand({ SecretId, VersionStage: 'AWSPREVIOUS' });
    await expect(client().send(previous)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: expect.stringContaining('AWSPREVIOUS') as string,
    });
    const rotated = '{"sources":{"am":["new","token"]}}';
    const put = new PutSecretValueCommand({ SecretId, SecretString: rotated });
    const { VersionId } = await client().send(put);
    await client().send(put);
    const current = await client().send(new GetSecretValueCommand({ SecretId }));
    expect(current).toMatchObject({ SecretString: rotated, VersionId });
    expect(await client().send(previous)).toMatchObject({
      SecretString: '{"sources":{"am":["token"]}}',
    });
  });

  it('answers like AWS for a secret that is not there', async () => {
    const nobody = new GetSecretValueCommand({ SecretId: 'nobody' });
    await expect(client().send(nobody)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret.",
    });
  });

  it('is kept readable by its owner alone, in a file that a person can edit', async () => {
    const path = join(test.dataDir, 'secrets.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const file = JSON.parse(readFileSync(path, 'utf8')) as Record<string, { current: unknown }>;
    expect(file['Tiny-IntakeSecret']?.current).toEqual({ sources: { am: ['token'] } });
    const edited = { ...file, 'Tiny-IntakeSecret': { current: { sources: {} } } };
    writeFileSync(path, JSON.stringify(edited));
    const secret = await client().send(new GetSecretValueCommand({ SecretId }));
    expect(secret.SecretString).toBe('{"sources":{}}');
  });
});

describe('SNS', () => {
  const TopicArn = 'arn:aws:sns:us-east-1:000000000000:fallback';
  const client = () => new SNSClient(clientConfig());

  it('keeps what is published, over a restart too', async () => {
    const message = { Subject: 'P0: checkout', Message: 'Zeile 1 & „zwei“\nthree' };
    const { MessageId } = await client().send(new PublishCommand({ TopicArn, ...message }));
    const published = {
      messageId: MessageId,
      topicArn: TopicArn,
      subject: message.Subject,
      message: message.Message,
    };
    expect(test.runtime.services.snsLedger.latest()).toMatchObject([published]);
    await test.runtime.stop();
    // A kill may tear the line that was being written.
    appendFileSync(join(test.dataDir, 'sns.jsonl'), '{"messageId":"to');
    await test.restart();
    await client().send(new PublishCommand({ TopicArn, Message: 'after' }));
    expect(test.current().services.snsLedger.latest()).toMatchObject([
      published,
      { message: 'after' },
    ]);
  });

  it.each([
    ['an unknown topic', { TopicArn: `${TopicArn}s`, Message: 'x' }, 'NotFoundException'],
    ['an empty message', { TopicArn, Message: '' }, 'InvalidParameterException'],
    ['a long subject', { TopicArn, Message: 'x', Subject: 'y'.repeat(101) }, 'InvalidParameter'],
    ['nobody', { Message: 'x' }, 'InvalidParameter'],
  ])('refuses %s as AWS does', async (_, input, name) => {
    const answer = client().send(new PublishCommand(input));
    await expect(answer).rejects.toMatchObject({ name: expect.stringContaining(name) as string });
    expect(test.runtime.services.snsLedger.latest()).toEqual([]);
  });
});

describe('the endpoint', () => {
  it.each([
    [
      'EventBridge',
      () => new EventBridgeClient(stranger()).send(new PutEventsCommand({ Entries: [] })),
    ],
    [
      'Secrets Manager',
      () =>
        new SecretsManagerClient(stranger()).send(
          new GetSecretValueCommand({ SecretId: 'tiny/console' }),
        ),
    ],
    ['SNS', () => new SNSClient(stranger()).send(new PublishCommand({ Message: 'x' }))],
  ])('tells a stranger nothing of %s', async (_, call) => {
    await expect(call()).rejects.toMatchObject({
      message: 'The security token included in the request is invalid.',
    });
  });

  it('names an operation that it does not have', async () => {
    const { endpoint, credentials } = test.runtime.services;
    const response = await fetch(endpoint.url, {
      method: 'POST',
      headers: {
        'x-amz-target': 'AWSEvents.PutRule',
        authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/x`,
      },
      body: '{}',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: 'UnknownOperationException' });
  });

  function stranger() {
    const credentials = { accessKeyId: 'AKIASTRANGER', secretAccessKey: 'x' };
    return { ...clientConfig(), credentials };
  }
});
