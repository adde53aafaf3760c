import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findDynoxide } from '../../lib/local/dynamodb/binary.ts';
import { createTableFromTemplate } from '../../lib/local/dynamodb/create-table.ts';
import { TABLE, createDatabases, put, sortKeys } from './embedded-dynamodb-fixture.ts';

const databases = createDatabases();
const PROJECT = new URL('../../', import.meta.url);

afterEach(databases.clean);

/** A process that has ended and that nobody has waited for yet is not alive. */
function isAlive(pid: number | undefined): boolean {
  try {
    if (pid === undefined) return false;
    process.kill(pid, 0);
    const status = existsSync('/proc/self/status')
      ? readFileSync(`/proc/${pid}/status`, 'utf8')
      : '';
    return !/^State:\s*Z/m.test(status);
  } catch {
    return false;
  }
}

/** A Tocsin of its own that starts the database, says its process number, and waits to be killed. */
async function startOwner(
  dataDir: string,
): Promise<{ databasePid: number; kill: () => Promise<void> }> {
  const module = new URL('lib/local/dynamodb/embedded-dynamodb.ts', PROJECT).href;
  const script = `
    const { startEmbeddedDynamoDb } = await import(${JSON.stringify(module)});
    const database = await startEmbeddedDynamoDb({ dataDir: ${JSON.stringify(dataDir)} });
    process.stdout.write(database.pid() + '\\n');
    setInterval(() => undefined, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve) => {
    owner.stdout.once('data', (chunk: Buffer) => {
      resolve(chunk.toString());
    });
  });
  return {
    databasePid: Number(line),
    kill: async () => {
      const ended = new Promise((resolve) => owner.once('exit', resolve));
      owner.kill('SIGKILL');
      await ended;
    },
  };
}

describe('startEmbeddedDynamoDb', () => {
  it('starts a database on loopback that keeps its data over a stop', async () => {
    const dataDir = databases.newDirectory();
    const first = await databases.start(dataDir);
    expect(first.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const client = databases.connect(first);
    await createTableFromTemplate(client, TABLE);
    await put(client, 'a');
    const pid = first.pid();
    await first.stop();
    expect(isAlive(pid)).toBe(false);
    const second = await databases.start(dataDir);
    expect(await sortKeys(databases.connect(second))).toEqual(['a']);
  });

  it('keeps every write it answered when it is killed, and comes back on the same address', async () => {
    const warn = vi.fn();
    const database = await databases.start(databases.newDirectory(), { warn });
    const client = databases.connect(database);
    await createTableFromTemplate(client, TABLE);
    const answered: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      const pid = database.pid();
      const killAfter = answered.length + 25;
      const writer = async (lane: number): Promise<void> => {
        for (let n = 0; ; n += 1) {
          const sk = `${round}-${lane}-${n}`;
          await put(client, sk);
          answered.push(sk);
          if (answered.length === killAfter && pid !== undefined) process.kill(pid, 'SIGKILL');
        }
      };
      await Promise.allSettled([1, 2, 3, 4].map(writer));
      await vi.waitFor(async () => {
        expect([undefined, pid]).not.toContain(database.pid());
        expect(await sortKeys(client)).toEqual(expect.arrayContaining(answered));
      }, 10_000);
    }
    expect(answered.length).toBeGreaterThanOrEqual(75);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('signal SIGKILL'));
  });

  it('gives up when the database keeps dying', async () => {
    const onGiveUp = vi.fn();
    const database = await databases.start(databases.newDirectory(), { onGiveUp });
    await vi.waitFor(
      () => {
        const pid = database.pid();
        if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL');
        expect(onGiveUp).toHaveBeenCalledOnce();
      },
      { timeout: 20_000, interval: 20 },
    );
    expect(String(onGiveUp.mock.calls[0]?.[0])).toContain('keeps dying');
  });

  it('ends the database that a killed owner left behind, and finds its data', async () => {
    const dataDir = databases.newDirectory();
    const owner = await startOwner(dataDir);
    await owner.kill();
    expect(isAlive(owner.databasePid)).toBe(true);
    const database = await databases.start(dataDir);
    await vi.waitFor(() => {
      expect(isAlive(owner.databasePid)).toBe(false);
    });
    const client = databases.connect(database);
    await createTableFromTemplate(client, TABLE);
    await put(client, 'after');
    expect(await sortKeys(client)).toEqual(['after']);
  });

  it('refuses the data directory of a Tocsin that runs', async () => {
    const dataDir = databases.newDirectory();
    const first = await databases.start(dataDir);
    await expect(databases.start(dataDir)).rejects.toThrow(
      `Another Tocsin (process ${process.pid}) runs on`,
    );
    expect(isAlive(first.pid())).toBe(true);
  });

  it('leaves a process alone that got the number of the database', async () => {
    const dataDir = databases.newDirectory();
    const first = await databases.start(dataDir);
    await first.stop();
    const stranger = spawn('sleep', ['60']);
    const record = { pid: stranger.pid, ownerPid: 1 };
    writeFileSync(join(dataDir, 'dynamodb', 'process.json'), JSON.stringify(record));
    await databases.start(dataDir);
    expect(isAlive(stranger.pid)).toBe(true);
    stranger.kill('SIGKILL');
  });

  it('starts nothing when another DynamoDB is given', async () => {
    const database = await databases.start('/nowhere', { endpoint: 'http://127.0.0.1:8000/' });
    expect(database).toMatchObject({ url: 'http://127.0.0.1:8000', databaseFile: undefined });
    expect(database.pid()).toBeUndefined();
  });

  it('says what to do when a port is taken', async () => {
    const first = await databases.start(databases.newDirectory());
    const port = Number(new URL(first.url).port);
    await expect(databases.start(databases.newDirectory(), { port })).rejects.toThrow(
      /did not start on 127\.0\.0\.1:\d+: .*already in use/s,
    );
  });
});

describe('findDynoxide', () => {
  it('finds the binary of the platform package', () => {
    const resolve = (name: string): string => `/modules/${name}`;
    expect(findDynoxide({ platform: 'darwin', arch: 'arm64' }, resolve)).toBe(
      '/modules/@dynoxide/darwin-arm64/dynoxide',
    );
    expect(findDynoxide({ platform: 'win32', arch: 'x64' }, resolve)).toBe(
      '/modules/@dynoxide/win32-x64/dynoxide.exe',
    );
  });

  it('names the missing package and the way out', () => {
    expect(() => findDynoxide({ platform: 'plan9', arch: 'mips' })).toThrow(
      /@dynoxide\/plan9-mips is missing.*AWS_ENDPOINT_URL_DYNAMODB/s,
    );
  });
});

describe('createTableFromTemplate', () => {
  it('makes a global table with index, stream and time to live, and can be repeated', async () => {
    const client = databases.connect(await databases.start(databases.newDirectory()));
    const properties = {
      ...TABLE,
      AttributeDefinitions: [
        ...(TABLE['AttributeDefinitions'] as readonly unknown[]),
        { AttributeName: 'listPk', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'listing',
          KeySchema: [{ AttributeName: 'listPk', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
          WarmThroughput: { ReadUnitsPerSecond: 12_000 },
        },
      ],
      TimeToLiveSpecification: { AttributeName: 'expiresAtS', Enabled: true },
      Replicas: [{ Region: 'us-east-1', DeletionProtectionEnabled: true }],
      SSESpecification: { SSEEnabled: true },
    };
    const table = await createTableFromTemplate(client, properties);
    expect(table).toMatchObject({ tableName: 'incidents', hashKey: 'pk' });
    expect(table.streamArn).toContain('/stream/');
    expect(await createTableFromTemplate(client, properties)).toEqual(table);
    const ttl = await client.database('DescribeTimeToLive', { TableName: 'incidents' });
    expect(ttl).toMatchObject({ TimeToLiveDescription: { AttributeName: 'expiresAtS' } });
    const { Table: described } = await client.database('DescribeTable', { TableName: 'incidents' });
    expect(described).toMatchObject({
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      GlobalSecondaryIndexes: [{ IndexName: 'listing' }],
    });
  });

  it('adds the index and the stream that a later template has, and keeps the data', async () => {
    const client = databases.connect(await databases.start(databases.newDirectory()));
    const { StreamSpecification: stream, ...plain } = TABLE;
    expect(await createTableFromTemplate(client, plain)).toMatchObject({ streamArn: undefined });
    await put(client, 'kept');
    const later = await createTableFromTemplate(client, {
      ...plain,
      StreamSpecification: stream,
      AttributeDefinitions: [
        ...(TABLE['AttributeDefinitions'] as readonly unknown[]),
        { AttributeName: 'kind', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'kinds',
          KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    });
    expect(later.streamArn).toContain('/stream/');
    const found = await client.database('Query', {
      TableName: 'incidents',
      IndexName: 'kinds',
      KeyConditionExpression: 'kind = :kind',
      ExpressionAttributeValues: { ':kind': { S: 'intent' } },
    });
    expect(found).toMatchObject({ Count: 1 });
  });

  it('refuses a table whose keys are others', async () => {
    const client = databases.connect(await databases.start(databases.newDirectory()));
    await createTableFromTemplate(client, TABLE);
    const other = {
      ...TABLE,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    };
    await expect(createTableFromTemplate(client, other)).rejects.toThrow(
      'has the keys pk HASH, sk RANGE and the template wants id HASH',
    );
  });
});
