import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogSink } from '../../lib/local/runtime/functions/log-sink.ts';
import {
  DEFAULT_HOST_SETTINGS,
  FunctionHost,
  type HostSettings,
} from '../../lib/local/runtime/functions/function-host.ts';
import type { FunctionSpec } from '../../lib/local/runtime/template/model.ts';
import { systemTimekeeper } from '../../lib/local/shared/timekeeper.ts';
import { ASSEMBLY } from './local-runtime-fixture.ts';

const hosts: FunctionHost[] = [];
let output = '';

beforeEach(() => {
  output = '';
});

afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop()));
});

function createHost(spec: Partial<FunctionSpec> = {}, settings: Partial<HostSettings> = {}) {
  const host = new FunctionHost(
    {
      logicalId: 'Faulty',
      label: 'faulty',
      name: 'faulty',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:faulty',
      directory: join(ASSEMBLY, 'asset.faulty'),
      handler: 'index.handler',
      timeoutMs: 500,
      memoryMb: 128,
      environment: {},
      asynchronous: {
        maximumRetryAttempts: 2,
        maximumEventAgeMs: 1,
        onFailureArns: [],
      },
      ...spec,
    },
    {
      environment: { ONLY: 'this' },
      settings: { ...DEFAULT_HOST_SETTINGS, ...settings },
      timekeeper: systemTimekeeper,
      log: (text) => {
        output += text;
      },
    },
  );
  hosts.push(host);
  return host;
}

const run = async (host: FunctionHost, event: object) => await host.invoke(JSON.stringify(event));

describe('FunctionHost', () => {
  it('keeps the state of the module between invocations, as a warm Lambda does', async () => {
    const host = createHost();
    expect(await run(host, {})).toEqual({ kind: 'ok', payload: '{"calls":1}' });
    expect(await run(host, {})).toEqual({ kind: 'ok', payload: '{"calls":2}' });
    expect(host.status()).toMatchObject({ invocations: 2, errors: 0, threadsStarted: 1 });
  });

  it('gives the function its own environment and nothing of this process', async () => {
    const host = createHost({ directory: join(ASSEMBLY, 'asset.echo') });
    const result = await run(host, { queryStringParameters: { answer: 'env' } });
    expect(result).toEqual({ kind: 'ok', payload: '{"ONLY":"this"}' });
  });

  it('reports what the function threw, and logs it', async () => {
    expect(await run(createHost(), { fault: 'throw' })).toMatchObject({
      kind: 'function_error',
      error: { errorType: 'TypeError', errorMessage: 'broken on purpose' },
    });
    expect(output).toContain('broken on purpose');
  });

  it('replaces a thread that dies', async () => {
    const host = createHost();
    expect(await run(host, { fault: 'exit' })).toMatchObject({
      kind: 'function_error',
      error: { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited with exit status 3' },
    });
    expect(await run(host, {})).toEqual({ kind: 'ok', payload: '{"calls":1}' });
    expect(host.status().threadsStarted).toBe(2);
  });

  it('replaces a thread that runs out of its memory', async () => {
    const host = createHost({ timeoutMs: 20_000 });
    expect(await run(host, { fault: 'heap' })).toMatchObject({
      error: { errorType: 'Runtime.OutOfMemory' },
    });
    expect(await run(host, {})).toEqual({ kind: 'ok', payload: '{"calls":1}' });
  });

  it.each(['hang', 'spin'])('ends an invocation that does %s at its time', async (fault) => {
    const host = createHost();
    const result = await run(host, { fault });
    expect(result).toMatchObject({ kind: 'timed_out', error: { errorType: 'Sandbox.Timedout' } });
    expect(JSON.stringify(result)).toContain('Task timed out after 0.50 seconds');
    expect(await run(host, {})).toEqual({ kind: 'ok', payload: '{"calls":1}' });
    expect(host.status()).toMatchObject({ timeouts: 1, threadsStarted: 2, running: 0 });
  });

  it('lets what else runs on a timed-out thread come to its end', async () => {
    const host = createHost();
    const hanging = run(host, { fault: 'hang' });
    await run(host, { fault: 'wait', ms: 250 });
    const waiting = run(host, { fault: 'wait', ms: 350 });
    expect(await hanging).toMatchObject({ kind: 'timed_out' });
    expect(await waiting).toMatchObject({ kind: 'ok' });
  });

  it('runs as many at a time as it may, and refuses what does not fit into the queue', async () => {
    const host = createHost({}, { concurrency: 2, maxWaiting: 1 });
    await run(host, {});
    const wait = { fault: 'wait', ms: 50 };
    const running = [run(host, wait), run(host, wait), run(host, wait)];
    expect(host.status()).toMatchObject({ running: 2, waiting: 1 });
    expect(await run(host, {})).toEqual({ kind: 'throttled' });
    for (const result of await Promise.all(running)) expect(result.kind).toBe('ok');
  });

  it('refuses an event above 6 MB', async () => {
    expect(await run(createHost(), { text: 'x'.repeat(6 * 1024 * 1024) })).toMatchObject({
      kind: 'too_large',
      what: 'event',
    });
  });

  it('passes on what the function writes', async () => {
    await run(createHost(), { fault: 'log' });
    await vi.waitFor(() => {
      expect(output).toBe('said on purpose\n');
    });
  });

  it('fails what is running and waiting when it stops', async () => {
    const host = createHost({}, { concurrency: 1 });
    await run(host, {});
    const [running, waiting] = [run(host, { fault: 'hang' }), run(host, {})];
    await host.stop();
    expect(await running).toMatchObject({ error: { errorType: 'Runtime.ExitError' } });
    expect(await waiting).toMatchObject({ error: { errorType: 'Runtime.ExitError' } });
    expect(await run(host, {})).toMatchObject({ kind: 'function_error' });
  });
});

describe('bundles', () => {
  const directories: string[] = [];

  afterEach(() => {
    for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
  });

  function bundle(files: Record<string, string>): string {
    const directory = mkdtempSync(join(tmpdir(), 'tocsin-bundle-'));
    directories.push(directory);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    return directory;
  }

  it.each<[string, Record<string, string>]>([
    ['an ES module by name', { 'index.mjs': 'export const handler = async () => 1;' }],
    [
      'an ES module by its package.json',
      { 'index.js': 'export const handler = async () => 1;', 'package.json': '{"type":"module"}' },
    ],
    [
      'exports by getter',
      {
        'index.js':
          "Object.defineProperty(exports,'handler',{enumerable:true,get:()=>async()=>1});",
      },
    ],
    ['a whole module.exports', { 'index.js': 'module.exports = { handler: async () => 1 };' }],
    [
      'import() inside',
      { 'index.js': "exports.handler = async () => (await import('node:os')).EOL.length;" },
    ],
  ])('runs %s', async (_, files) => {
    expect(await run(createHost({ directory: bundle(files) }), {})).toMatchObject({ payload: '1' });
  });

  it.each<[string, Record<string, string>, string]>([
    ['code that throws', { 'index.js': "throw new Error('no start')" }, 'Error'],
    ['no file', {}, 'Runtime.ImportModuleError'],
    ['no handler', { 'index.js': 'exports.other = 1;' }, 'Runtime.HandlerNotFound'],
    [
      'a callback handler',
      { 'index.js': 'exports.handler = (event, context, done) => done();' },
      'Runtime.CallbackHandlerDeprecated',
    ],
  ])('reports %s, again at every invocation', async (_, files, errorType) => {
    const host = createHost({ directory: bundle(files) });
    expect(await run(host, {})).toMatchObject({ error: { errorType } });
    expect(await run(host, {})).toMatchObject({ error: { errorType } });
    expect(output).toContain(errorType);
  });
});

describe('createLogSink', () => {
  it('keeps the current file and one older one, each bounded', () => {
    const directory = mkdtempSync(join(tmpdir(), 'tocsin-log-'));
    const sink = createLogSink({ directory, maxFileBytes: 100 });
    for (let line = 0; line < 50; line += 1) {
      sink.write('../ingest', `line ${String(line)}\n`);
      sink.flush();
    }
    const current = join(directory, '___ingest.log');
    expect(readFileSync(current, 'utf8')).toMatch(/line 49\n$/);
    expect(statSync(current).size).toBeLessThanOrEqual(110);
    expect(statSync(`${current}.1`).size).toBeLessThanOrEqual(110);
    expect(statSync(current).mode & 0o777).toBe(0o600);
    rmSync(directory, { recursive: true });
  });
});
