import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoDbStore } from '../../lib/adapters/dynamodb/store.ts';
import { createMemoryBlobs } from '../../lib/adapters/memory/blobs.ts';
import { createMemoryLog } from '../../lib/adapters/memory/log.ts';
import { systemClock } from '../../lib/adapters/system/clock.ts';
import { systemHashing } from '../../lib/adapters/system/hashing.ts';
import { systemRng } from '../../lib/adapters/system/rng.ts';
import type { IntakeDeps } from '../../lib/app/deps.ts';
import { ingest } from '../../lib/app/ingest.ts';
import type { Intake } from '../../lib/app/intake.ts';
import { decodeAlertmanager } from '../../lib/codec/alertmanager.ts';
import { readCompiledPolicy } from '../../lib/codec/policy/compiled.ts';
import { deliveryDigest } from '../../lib/codec/set-digest.ts';
import { dueItem } from '../../lib/codec/table/due-item.ts';
import { dueRows } from '../../lib/domain/incident/due.ts';
import { startEmbeddedDynamoDb } from '../../lib/local/dynamodb/embedded-dynamodb.ts';
import { createTable } from '../contract/dynamodb-server.ts';
import { newAlert } from './scenarios.ts';
import { startSecretsStandIn } from './secrets-stand-in.ts';
import { webhookBody } from './tocsin-responder.ts';

/** A table, secrets and a pager for functions that run in processes of their own. */
export interface OutboxWorld {
  /** Everything that a function's template would set. */
  readonly env: Readonly<Record<string, string>>;
  readonly sourceToken: string;
  /** Opens an incident without paging, and gives the stream's event about its page. */
  readonly outboxEvent: () => Promise<object>;
  readonly stop: () => Promise<void>;
}

export interface OutboxWorldRequest {
  readonly folder: string;
  readonly sinkUrl: string;
  /** The compiled policy. */
  readonly policyFile: string;
}

const TABLE = 'tocsin-bench';
const SOURCE_TOKEN = 'token-of-the-bench-and-of-nothing-else';

export async function createOutboxWorld(request: OutboxWorldRequest): Promise<OutboxWorld> {
  const database = await startEmbeddedDynamoDb({ dataDir: join(request.folder, 'outbox') });
  const secrets = await startSecretsStandIn(SECRETS);
  const client = new DynamoDBClient({
    endpoint: database.url,
    region: AWS.AWS_REGION,
    credentials: {
      accessKeyId: AWS.AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS.AWS_SECRET_ACCESS_KEY,
    },
  });
  await createTable(client, TABLE);
  const deps = intakeDeps(client, request.policyFile);
  return {
    env: {
      ...AWS,
      ...NAMES,
      PATH: process.env['PATH'] ?? '',
      AWS_ENDPOINT_URL_DYNAMODB: database.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      PAGERDUTY_EVENTS_URL: request.sinkUrl,
    },
    sourceToken: SOURCE_TOKEN,
    outboxEvent: () => openUnpaged(deps),
    stop: async () => {
      client.destroy();
      await secrets.close();
      await database.stop();
    },
  };
}

const AWS = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
} as const;

const NAMES = {
  TOCSIN_TABLE: TABLE,
  TOCSIN_BUS: 'bench',
  TOCSIN_BUCKET: 'bench',
  TOCSIN_FALLBACK_TOPIC_ARN: 'arn:aws:sns:eu-central-1:000000000000:bench',
  TOCSIN_INTAKE_SECRET: 'intake',
  TOCSIN_PAGERDUTY_SECRET: 'pagerduty',
  TOCSIN_CONSOLE_SECRET: 'console',
  TOCSIN_CONSOLE_URL: 'http://127.0.0.1:8484',
} as const;

const SECRETS = {
  intake: { sources: { prometheus: [SOURCE_TOKEN] } },
  pagerduty: {
    routingKeys: { default: '0123456789abcdef0123456789abcdef' },
    webhookSecrets: { default: ['secret-of-the-webhooks-of-the-bench'] },
  },
  console: { signingKey: 'key-that-signs-the-links-of-the-bench', people: {} },
};

function intakeDeps(client: DynamoDBClient, policyFile: string): IntakeDeps {
  const log = createMemoryLog();
  const system = { clock: systemClock, rng: systemRng, log };
  return {
    ...system,
    store: createDynamoDbStore({ ...system, client, tableName: TABLE }),
    hashing: systemHashing,
    blobs: createMemoryBlobs(),
    policy: readCompiledPolicy(readFileSync(policyFile, 'utf8')),
  };
}

async function openUnpaged(deps: IntakeDeps): Promise<object> {
  const taken = await ingest(deps, newIntake(deps));
  if (!taken.ok) throw new Error(taken.error.message);
  for (const { incident } of taken.value.placed) {
    const rows = incident === null ? [] : dueRows(incident);
    const row = rows.find((due) => due.row.kind === 'intent');
    if (incident !== null && row !== undefined) return streamEvent(dueItem(row, incident.version));
  }
  throw new Error('The incident asks for no page.');
}

function newIntake({ policy }: IntakeDeps): Intake {
  const [tenant] = policy.tenants;
  const [source] = tenant?.sources ?? [];
  const body = Buffer.from(webhookBody([newAlert()]));
  const delivery = decodeAlertmanager(body);
  if (tenant === undefined || source === undefined || !delivery.ok) {
    throw new Error('The policy of the bench has a tenant with a source.');
  }
  return {
    origin: { tenant, source },
    delivery: delivery.value,
    body,
    setDigest: deliveryDigest(delivery.value, systemHashing.digest),
    requestId: 'bench',
    operator: null,
  };
}

/** As Lambda hands it to a function. */
const streamEvent = (image: object): object => ({
  Records: [
    {
      eventID: '1',
      eventName: 'INSERT',
      eventSource: 'aws:dynamodb',
      dynamodb: { SequenceNumber: '1', NewImage: image },
    },
  ],
});
