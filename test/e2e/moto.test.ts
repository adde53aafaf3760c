import { randomUUID } from 'node:crypto';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEventBridgeBus } from '../../lib/adapters/eventbridge/bus.ts';
import { createMemoryLog } from '../../lib/adapters/memory/log.ts';
import { createS3Blobs } from '../../lib/adapters/s3/blobs.ts';
import { createSecrets } from '../../lib/adapters/secrets-manager/secrets.ts';
import { createSnsFallbackPager } from '../../lib/adapters/sns/fallback-pager.ts';
import { systemClock } from '../../lib/adapters/system/clock.ts';
import { clientFor } from '../contract/aws-endpoint.ts';
import { blobsContract, hastyClock } from '../contract/blobs.contract.ts';
import { busContract } from '../contract/bus.contract.ts';
import { startServer, type TestDynamoDb } from '../contract/dynamodb-server.ts';
import { fallbackContract } from '../contract/fallback-pager.contract.ts';
import { held, secretsContract, strong, written } from '../contract/secrets.contract.ts';

/**
 * A second opinion on the services we call, by people who wrote theirs without seeing ours. Needs
 * `moto_server` (pip install 'moto[server]').
 */
let server: TestDynamoDb;
const log = createMemoryLog();

beforeAll(async () => {
  server = await startServer('moto_server', (port) => ['-H', '127.0.0.1', '-p', String(port)]);
}, 60_000);
afterAll(() => server.stop());

describe('blobs in the S3 of moto', () => {
  blobsContract(async () => {
    const bucket = `test-${randomUUID()}`;
    await ask('s3', { path: bucket, method: 'PUT' });
    return createS3Blobs({
      bucket,
      region: 'us-east-1',
      endpoint: server.url,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      clock: hastyClock,
      log,
    });
  });
});

describe('the EventBridge of moto', () => {
  busContract(async () => {
    const client = new EventBridgeClient(clientFor(server.url));
    const busName = `bus-${randomUUID()}`;
    const queue = await createQueue();
    const rule = { Name: busName, EventBusName: busName };
    await client.send(new CreateEventBusCommand({ Name: busName }));
    await client.send(new PutRuleCommand({ ...rule, EventPattern: '{"source":["tocsin"]}' }));
    await client.send(
      new PutTargetsCommand({
        Rule: busName,
        EventBusName: busName,
        Targets: [{ Id: 'queue', Arn: queue.arn }],
      }),
    );
    return {
      bus: createEventBridgeBus({ client, busName, source: 'tocsin', log }),
      received: async () => {
        const messages = await queue.receiveAll();
        return messages.map((message) => (JSON.parse(message) as { detail: unknown }).detail);
      },
    };
  });
});

describe('the SNS of moto', () => {
  fallbackContract(async () => {
    const client = new SNSClient(clientFor(server.url));
    const { TopicArn: topicArn = '' } = await client.send(
      new CreateTopicCommand({ Name: `topic-${randomUUID()}` }),
    );
    const queue = await createQueue();
    await client.send(
      new SubscribeCommand({
        TopicArn: topicArn,
        Protocol: 'sqs',
        Endpoint: queue.arn,
        Attributes: { RawMessageDelivery: 'true' },
      }),
    );
    return { fallback: createSnsFallbackPager({ client, topicArn }), texts: queue.receiveAll };
  });
});

describe('the Secrets Manager of moto', () => {
  const started = async () => {
    const client = new SecretsManagerClient(clientFor(server.url));
    const prefix = randomUUID();
    const ids = {
      intake: `${prefix}/in`,
      pagerduty: `${prefix}/pd`,
      console: `${prefix}/co`,
      slack: `${prefix}/sl`,
      targets: `${prefix}/ta`,
    };
    for (const name of ['intake', 'pagerduty', 'console', 'slack', 'targets'] as const) {
      const SecretString = JSON.stringify(written[name]);
      await client.send(new CreateSecretCommand({ Name: ids[name], SecretString }));
    }
    return { client, ids, secrets: createSecrets({ client, ids, clock: systemClock, log }) };
  };
  secretsContract(async () => (await started()).secrets);

  it('keeps the version before within reach', async () => {
    const { client, ids, secrets } = await started();
    const SecretString = JSON.stringify({ sources: { 'am-eu': [strong.c] } });
    await client.send(new PutSecretValueCommand({ SecretId: ids.intake, SecretString }));
    expect(await secrets.intake()).toEqual({
      ok: true,
      value: { sources: { 'am-eu': [strong.c, ...held.intake.sources['am-eu']] } },
    });
  });

  it('does not find a secret that is not there', async () => {
    const { client } = await started();
    const secrets = createSecrets({
      client,
      ids: { intake: `absent-${randomUUID()}` },
      clock: systemClock,
      log,
    });
    expect(await secrets.intake()).toMatchObject({ ok: false, error: { kind: 'not_found' } });
  });
});

/** A request to a service of moto for which we have no client: it goes by the name in the header. */
async function ask(
  service: string,
  { path = '', method = 'POST', form }: { path?: string; method?: string; form?: object },
): Promise<string> {
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request`;
  const response = await fetch(`${server.url}/${path}`, {
    method,
    headers: { authorization },
    ...(form === undefined ? {} : { body: new URLSearchParams(Object.entries(form)) }),
  });
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return text;
}

/** A queue, as a place where something arrives. */
async function createQueue(): Promise<{
  readonly arn: string;
  readonly receiveAll: () => Promise<readonly string[]>;
}> {
  const name = `queue-${randomUUID()}`;
  await ask('sqs', { form: { Action: 'CreateQueue', QueueName: name } });
  const received: string[] = [];
  const receiveTen = async (): Promise<number> => {
    const form = { Action: 'ReceiveMessage', MaxNumberOfMessages: '10' };
    const xml = await ask('sqs', { path: `123456789012/${name}`, form });
    const bodies = [...xml.matchAll(/<Body>([^]*?)<\/Body>/g)].map(([, body = '']) => body);
    received.push(...bodies.map(unescaped));
    return bodies.length;
  };
  return {
    arn: `arn:aws:sqs:us-east-1:123456789012:${name}`,
    receiveAll: async () => {
      while ((await receiveTen()) > 0);
      return received;
    },
  };
}

const unescaped = (xml: string): string =>
  xml
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#34;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
