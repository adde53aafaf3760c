import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startRuntime } from '../../lib/local/runtime/start-runtime.ts';
import { measureInvocationOverhead } from '../bench/invocation-overhead.ts';
import { ASSEMBLY, startTestRuntime, type TestRuntime } from './local-runtime-fixture.ts';

const started: TestRuntime[] = [];
const directories: string[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((test) => test.cleanUp()));
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

async function start(...options: Parameters<typeof startTestRuntime>): Promise<TestRuntime> {
  const test = await startTestRuntime(...options);
  started.push(test);
  return test;
}

/** The fixture with one more resource. */
function assemblyWith(resources: object): string {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-assembly-'));
  directories.push(directory);
  cpSync(ASSEMBLY, directory, { recursive: true });
  const path = join(directory, 'Tiny.template.json');
  const template = JSON.parse(readFileSync(path, 'utf8')) as { Resources: object };
  const Resources = { ...template.Resources, ...resources };
  writeFileSync(path, JSON.stringify({ ...template, Resources }));
  return directory;
}

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url);
    return true;
  } catch {
    return false;
  }
}

describe('startRuntime', () => {
  it('runs a schedule at the start', async () => {
    const { runtime } = await start();
    await vi.waitFor(() => {
      expect(runtime.status().functions).toContainEqual(
        expect.objectContaining({ name: 'Echo', invocations: 1, errors: 0 }),
      );
    });
  });

  it('writes what functions say to a file of their own and to the caller', async () => {
    const onOutput = vi.fn<(functionName: string, text: string) => void>();
    const { runtime, dataDir } = await start({ onOutput });
    await runtime.invoke('Tiny-faulty', { fault: 'log' });
    await vi.waitFor(() => {
      expect(onOutput).toHaveBeenCalledWith('Faulty', 'said on purpose\n');
      const log = readFileSync(join(dataDir, 'log/Faulty.log'), 'utf8');
      expect(log).toBe('said on purpose\n');
    });
  });

  it('keeps its access key over restarts, readable by its owner alone', async () => {
    const { runtime, restart, dataDir } = await start();
    const { credentials } = runtime.services;
    await runtime.stop();
    expect((await restart()).services.credentials).toEqual(credentials);
    expect(statSync(join(dataDir, 'aws-credentials.json')).mode & 0o777).toBe(0o600);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  });

  it('gives functions the local services, and the caller the last word', async () => {
    const { runtime } = await start({
      environment: (url) => ({ PAGERDUTY_EVENTS_URL: `${url}/sandbox/pagerduty` }),
    });
    const result = await runtime.invoke('Echo', { queryStringParameters: { answer: 'env' } });
    const environment: unknown = JSON.parse(result.kind === 'ok' ? result.payload : '{}');
    const { endpoint, credentials } = runtime.services;
    expect(environment).toMatchObject({
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'Tiny-Echo',
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_ENDPOINT_URL_EVENTBRIDGE: endpoint.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint.url,
      AWS_ENDPOINT_URL_SNS: endpoint.url,
      AWS_ENDPOINT_URL_S3: endpoint.url,
      TOCSIN_CONSOLE_URL: runtime.url,
      COMPOSED_URL: `${runtime.url}/`,
      PAGERDUTY_EVENTS_URL: `${runtime.url}/sandbox/pagerduty`,
    });
    expect(environment).not.toHaveProperty('PATH');
  });

  it('names a function that is not there', async () => {
    const { runtime } = await start();
    expect(await runtime.invoke('Nobody', {})).toMatchObject({
      error: { errorType: 'ResourceNotFoundException' },
    });
  });

  it('lets a running request end when it stops, and takes no other', async () => {
    const entered = Promise.withResolvers<undefined>();
    const released = Promise.withResolvers<undefined>();
    const { runtime } = await start({
      mounts: () => [
        {
          prefix: '/slow',
          handle: async (_, response) => {
            entered.resolve(undefined);
            await released.promise;
            response.end('done');
          },
        },
      ],
    });
    const running = fetch(`${runtime.url}/slow`);
    await entered.promise;
    const stopping = runtime.stop();
    expect(await answers(`${runtime.url}/`)).toBe(false);
    const startedAtMs = performance.now();
    released.resolve(undefined);
    expect(await (await running).text()).toBe('done');
    await stopping;
    expect(performance.now() - startedAtMs).toBeLessThan(3000);
  });

  it('fails with the reason when its port is taken', async () => {
    const { runtime, restart } = await start();
    const port = Number(new URL(runtime.url).port);
    await expect(restart({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('leaves nothing running after a start that fails', async () => {
    const pattern = { source: [{ wildcard: '*' }] };
    const assemblyDir = assemblyWith({
      Odd: { Type: 'AWS::Events::Rule', Properties: { EventPattern: pattern, Targets: [] } },
    });
    const probe = await start();
    const port = Number(new URL(probe.runtime.url).port);
    await probe.runtime.stop();
    const dataDir = probe.dataDir;
    await expect(startRuntime({ assemblyDir, dataDir, port })).rejects.toThrow(/wildcard/);
    expect(await answers(`http://127.0.0.1:${String(port)}/`)).toBe(false);
  });

  it('refuses tables without a database to put them in', async () => {
    const assemblyDir = assemblyWith({ Table: { Type: 'AWS::DynamoDB::Table', Properties: {} } });
    await expect(start({ assemblyDir })).rejects.toThrow(/no database/);
  });

  it('reaches a function in well under a millisecond', async () => {
    const { direct } = await measureInvocationOverhead(320);
    expect(direct.p50Ms).toBeLessThan(0.3);
  });
});
