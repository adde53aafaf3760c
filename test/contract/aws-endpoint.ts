import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { clientSettings } from '../../lib/adapters/dynamodb/limits.ts';
import { startAwsEndpoint } from '../../lib/local/aws/endpoint.ts';
import { createPutEvents, type JsonOperation } from '../../lib/local/aws/eventbridge.ts';
import { createObjectStore } from '../../lib/local/aws/object-store.ts';
import { createS3 } from '../../lib/local/aws/s3.ts';
import { createSecretStore, type SecretStore } from '../../lib/local/aws/secret-store.ts';
import { createSecretsManager } from '../../lib/local/aws/secrets-manager.ts';
import { createSns } from '../../lib/local/aws/sns.ts';
import { createSnsLedger, type SnsLedger } from '../../lib/local/aws/sns-ledger.ts';
import { systemTimekeeper } from '../../lib/local/shared/timekeeper.ts';

export const bucket = 'test-bucket';
export const busName = 'test-bus';
export const topicArn = 'arn:aws:sns:us-east-1:000000000000:test-topic';
export const secretIds = {
  intake: 'test/intake',
  pagerduty: 'test/pagerduty',
  console: 'test/console',
  slack: 'test/slack',
  targets: 'test/targets',
};

const credentials = { accessKeyId: 'LOCALTESTKEY', secretAccessKey: 'local test secret' };

/** The AWS services of one machine, bare, with what an observer may look at. */
export interface TestAws {
  readonly url: string;
  readonly credentials: typeof credentials;
  /** Settings for any client of the SDK, pointed here. */
  readonly client: object;
  readonly secrets: SecretStore;
  readonly sns: SnsLedger;
  /** Events that a rule for all of them delivered. */
  readonly events: readonly string[];
}

/**
 * Starts them on a free port, until the test is over. `wrap` may stand between a caller and an
 * operation of the JSON protocol.
 */
export async function startAws(
  wrap: (name: string, operation: JsonOperation) => JsonOperation = (_name, operation) => operation,
): Promise<TestAws> {
  const dir = mkdtempSync(join(tmpdir(), 'tocsin-aws-'));
  const secrets = createSecretStore(join(dir, 'secrets.json'));
  const sns = createSnsLedger(join(dir, 'sns.jsonl'));
  const events: string[] = [];
  const putEvents = createPutEvents({
    busNames: [busName],
    rules: [
      {
        busName,
        pattern: { source: ['tocsin'] },
        enabled: true,
        targets: [{ functionName: 'listener', input: undefined }],
      },
    ],
    deliver: (_name, event) => events.push(event),
    timekeeper: systemTimekeeper,
    region: 'us-east-1',
    accountId: '000000000000',
  });
  const known = Object.values(secretIds).map((name) => ({ name, arn: `arn:${name}` }));
  const secretsManager = createSecretsManager({ secrets: known, store: secrets });
  const operations: readonly (readonly [string, JsonOperation])[] = [
    ['AWSEvents.PutEvents', putEvents],
    ...[...secretsManager].map(([name, run]) => [`secretsmanager.${name}`, run] as const),
  ];
  const endpoint = await startAwsEndpoint({
    credentials,
    timekeeper: systemTimekeeper,
    services: {
      jsonOperations: new Map(operations.map(([name, run]) => [name, wrap(name, run)])),
      sns: createSns({ topicArns: [topicArn], ledger: sns, timekeeper: systemTimekeeper }),
      s3: createS3({ buckets: [bucket], objects: createObjectStore(join(dir, 's3')) }),
    },
  });
  onTestFinished(async () => {
    await endpoint.stop(0);
    rmSync(dir, { recursive: true, force: true });
  });
  return { ...endpoint, credentials, client: clientFor(endpoint.url), secrets, sns, events };
}

/** Settings for a client of the SDK at an address on loopback. */
export const clientFor = (url: string, maxAttempts = 1): object => ({
  endpoint: url,
  region: 'us-east-1',
  credentials,
  maxAttempts,
  // A slow machine is no failure of the service.
  requestHandler: { ...clientSettings.requestHandler, requestTimeout: 10_000 },
});
