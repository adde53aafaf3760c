import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FUNCTION_NAMES } from '../../lib/infra/functions.ts';
import { SCHEDULED } from '../../lib/infra/constructs/event-bus.ts';
import { ROUTES } from '../../lib/infra/routes.ts';
import { STAGES } from '../../lib/infra/stage.ts';
import { synthesize } from '../../lib/infra/synthesize.ts';
import { databaseStarter } from '../../lib/local/dynamodb/start-database.ts';
import { startRuntime, type Runtime } from '../../lib/local/runtime/start-runtime.ts';
import { loadTemplate } from '../../lib/local/runtime/template/load-template.ts';

/** Every function answers and records what it was called with. */
const HANDLER = `
import { appendFileSync } from 'node:fs';
import { basename } from 'node:path';
export const handler = async (event: unknown): Promise<object> => {
  const name = process.env['AWS_LAMBDA_FUNCTION_NAME'];
  appendFileSync(String(process.env['RECORDER_FILE']), JSON.stringify({ name, event }) + '\\n');
  return { statusCode: 200, body: String(process.env['TOCSIN_CONSOLE_URL']) };
};
`;

const directory = mkdtempSync(join(tmpdir(), 'tocsin-synthesized-'));
const functionsDir = join(directory, 'functions');
const recorderFile = join(directory, 'recorded.jsonl');

async function assemblyOf(stage: string): Promise<string> {
  const { assemblyDir } = await synthesize({
    rootDir: join(import.meta.dirname, '../..'),
    functionsDir,
    outDir: join(directory, stage),
    context: { stage },
    policyJson: () => '{}',
  });
  return assemblyDir;
}

interface Call {
  readonly name: string;
  readonly event: { readonly Records?: readonly unknown[] };
}

function calls(): readonly Call[] {
  if (!existsSync(recorderFile)) return [];
  return readFileSync(recorderFile, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Call);
}

beforeAll(() => {
  for (const name of FUNCTION_NAMES) {
    mkdirSync(join(functionsDir, name), { recursive: true });
    writeFileSync(join(functionsDir, name, 'handler.ts'), HANDLER);
  }
});

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('the synthesized template', () => {
  it.each(Object.keys(STAGES))('of stage %s is one that this machine can run', async (stage) => {
    const template = loadTemplate(await assemblyOf(stage), { apiUrl: 'http://127.0.0.1:1' });
    expect(template.functions.map(({ label }) => label)).toEqual(
      expect.arrayContaining([...FUNCTION_NAMES]),
    );
    expect(template.routes).toHaveLength(ROUTES.length);
    expect(template.tables).toHaveLength(1);
    expect(template.streamMappings).toHaveLength(3);
    expect(template.schedules).toHaveLength(SCHEDULED.length);
    expect(template.eventRules).toHaveLength(2);
    expect(template.secrets.flatMap(({ variables }) => variables).sort()).toEqual([
      'TOCSIN_CONSOLE_SECRET',
      'TOCSIN_INTAKE_SECRET',
      'TOCSIN_PAGERDUTY_SECRET',
      'TOCSIN_SLACK_SECRET',
      'TOCSIN_TARGETS_SECRET',
    ]);
  });
});

describe('the synthesized template, running', () => {
  let runtime: Runtime;

  beforeAll(async () => {
    runtime = await startRuntime({
      assemblyDir: await assemblyOf('sandbox'),
      dataDir: join(directory, 'data'),
      port: 0,
      environment: () => ({ RECORDER_FILE: recorderFile }),
      startDatabase: databaseStarter({
        warn: () => undefined,
        onGiveUp: (error) => {
          throw error;
        },
        streamSettings: { pollIntervalMs: 20 },
      }),
    });
  });

  afterAll(async () => {
    await runtime.stop();
  });

  it('serves its webhook and knows its own address', async () => {
    const response = await fetch(`${runtime.url}/v1/alerts/alertmanager`, { method: 'POST' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(runtime.url);
  });

  it('lets nobody through an IAM route without the caller saying who is who', async () => {
    expect((await fetch(`${runtime.url}/v1/incidents`)).status).toBe(403);
  });

  it('ticks the clock at the start', async () => {
    await vi.waitFor(() => {
      expect(calls()).toContainEqual(
        expect.objectContaining({
          event: expect.objectContaining({ 'detail-type': 'Scheduled Event' }) as unknown,
        }),
      );
    });
  });

  it('feeds written intents to one function and commits to two others, from the stream', async () => {
    const table = runtime.template.tables[0]?.name;
    const { credentials } = runtime.services;
    const client = new DynamoDBClient({
      endpoint: String(runtime.dynamodbUrl),
      credentials,
      region: 'us-east-1',
    });
    for (const kind of ['intent', 'head', 'commit']) {
      const Item = { pk: { S: 'T#1' }, sk: { S: kind }, kind: { S: kind } };
      await client.send(new PutItemCommand({ TableName: table, Item }));
    }
    await vi.waitFor(
      () => {
        const records = calls().flatMap(({ name, event: { Records: records = [] } }) =>
          records.map((record) => [name, record]),
        );
        expect(records).toHaveLength(3);
        const readers = { page: 'intent', relay: 'commit', announce: 'commit' };
        for (const [name, kind] of Object.entries(readers)) {
          expect(records).toContainEqual([
            expect.stringContaining(name),
            expect.objectContaining({
              eventName: 'INSERT',
              dynamodb: expect.objectContaining({
                NewImage: expect.objectContaining({ kind: { S: kind } }) as unknown,
              }) as unknown,
            }),
          ]);
        }
      },
      { timeout: 10_000 },
    );
  });
});
