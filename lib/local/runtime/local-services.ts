import { join } from 'node:path';
import { loadCredentials, type LocalCredentials } from '../aws/credentials.ts';
import { createDeadLetters, type DeadLetters } from '../aws/dead-letters.ts';
import { startAwsEndpoint, type AwsEndpoint } from '../aws/endpoint.ts';
import { createPutEvents } from '../aws/eventbridge.ts';
import { createObjectStore } from '../aws/object-store.ts';
import { createS3 } from '../aws/s3.ts';
import { createSecretStore, generateSecret, type SecretStore } from '../aws/secret-store.ts';
import { createSecretsManager } from '../aws/secrets-manager.ts';
import { createSns } from '../aws/sns.ts';
import { createSnsLedger, type SnsLedger } from '../aws/sns-ledger.ts';
import type { Timekeeper } from '../shared/timekeeper.ts';
import { ACCOUNT_ID, REGION } from './template/local-values.ts';
import { TemplateError, type SecretSpec, type TemplateModel } from './template/model.ts';

/** The AWS services of this machine, with their state in the data directory. */
export interface LocalServices {
  readonly endpoint: AwsEndpoint;
  readonly credentials: LocalCredentials;
  readonly secrets: SecretStore;
  readonly snsLedger: SnsLedger;
  readonly deadLetters: DeadLetters;
}

export interface LocalServicesRequest {
  readonly template: TemplateModel;
  readonly dataDir: string;
  readonly timekeeper: Timekeeper;
  readonly seedSecret: (secret: SecretSpec) => string | undefined;
  /** Takes an event that a bus rule matched. */
  readonly deliver: (functionName: string, event: string) => void;
}

/** Opens the state of every service, gives new secrets their first value, and starts the endpoint. */
export async function startLocalServices(request: LocalServicesRequest): Promise<LocalServices> {
  const { template, dataDir, timekeeper, deliver } = request;
  const credentials = loadCredentials(dataDir);
  const secrets = createSecretStore(join(dataDir, 'secrets.json'));
  seedSecrets(request, secrets);
  const snsLedger = createSnsLedger(join(dataDir, 'sns.jsonl'));
  const deadLetters = createDeadLetters({
    directory: join(dataDir, 'queues'),
    queues: template.queues,
    timekeeper,
  });
  const putEvents = createPutEvents({
    busNames: template.buses.map(({ name }) => name),
    rules: template.eventRules,
    deliver,
    timekeeper,
    region: REGION,
    accountId: ACCOUNT_ID,
  });
  const secretsManager = createSecretsManager({ secrets: template.secrets, store: secrets });
  const endpoint = await startAwsEndpoint({
    credentials,
    timekeeper,
    services: {
      jsonOperations: new Map([
        ['AWSEvents.PutEvents', putEvents],
        ...[...secretsManager].map(
          ([name, operation]) => [`secretsmanager.${name}`, operation] as const,
        ),
      ]),
      sns: createSns({
        topicArns: template.topics.map(({ arn }) => arn),
        ledger: snsLedger,
        timekeeper,
      }),
      s3: createS3({
        buckets: template.buckets.map(({ name }) => name),
        objects: createObjectStore(join(dataDir, 's3')),
      }),
    },
  });
  return { endpoint, credentials, secrets, snsLedger, deadLetters };
}

function seedSecrets({ template, seedSecret }: LocalServicesRequest, store: SecretStore): void {
  for (const secret of template.secrets) {
    if (store.get(secret.name) !== undefined) continue;
    const generated = secret.generate === undefined ? undefined : generateSecret(secret.generate);
    const value = seedSecret(secret) ?? secret.initial ?? generated;
    if (value === undefined) {
      throw new TemplateError(
        `Secret ${secret.name} (${secret.logicalId}) has no value: neither the caller nor the template gives one.`,
      );
    }
    store.put(secret.name, value);
  }
}
