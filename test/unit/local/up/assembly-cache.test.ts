import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureAssembly, type Synthesize } from '../../../../lib/local/up/assembly-cache.ts';

let directory = '';
let built = 0;
const rootDir = () => join(directory, 'root');
const dataDir = () => join(directory, 'data');
const policyFile = () => join(directory, 'policy.yaml');

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tocsin-assembly-'));
  built = 0;
  write(policyFile(), 'version: 1');
  write(join(rootDir(), 'lib/domain/rules.ts'), 'export const rule = 1;');
  write(join(rootDir(), 'functions/ingest/handler.ts'), 'export const handler = 1;');
  write(join(rootDir(), 'package-lock.json'), '{}');
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const synthesize: Synthesize = ({ outDir }) => {
  built += 1;
  write(join(outDir, 'a.template.json'), '{}');
  return Promise.resolve();
};

const ensure = (overrides: Partial<Parameters<typeof ensureAssembly>[0]> = {}): Promise<string> =>
  ensureAssembly({
    rootDir: rootDir(),
    dataDir: dataDir(),
    stage: 'sandbox',
    policyFile: policyFile(),
    synthesize,
    onBuild: () => undefined,
    ...overrides,
  });

describe('the assembly of a start', () => {
  it('is built once for equal sources', async () => {
    const first = await ensure();

    expect(await ensure()).toBe(first);
    expect(built).toBe(1);
    expect(existsSync(join(first, 'a.template.json'))).toBe(true);
  });

  it.each([
    { file: 'lib/domain/rules.ts', why: 'a rule' },
    { file: 'functions/ingest/handler.ts', why: 'a handler' },
    { file: 'lib/infra/new.ts', why: 'a new file' },
    { file: 'package-lock.json', why: 'a dependency' },
    { file: '../policy.yaml', why: 'the policy' },
  ])('is built again after a change of $why, in place of the old one', async ({ file }) => {
    const first = await ensure();
    write(join(rootDir(), file), 'changed');

    expect(await ensure()).not.toBe(first);
    expect(built).toBe(2);
    expect(existsSync(first)).toBe(false);
  });

  it('is another one in another stage', async () => {
    expect(await ensure({ stage: 'dev' })).not.toBe(await ensure());
  });

  it.each(['lib/local/up/up.ts', 'lib/cli/main.ts'])(
    'stays when only what runs it changes: %s',
    async (file) => {
      await ensure();
      write(join(rootDir(), file), 'changed');
      await ensure();

      expect(built).toBe(1);
    },
  );

  it('of a build that broke off is never taken for a whole one', async () => {
    const breaksOff: Synthesize = async (order) => {
      await synthesize(order);
      throw new Error('killed');
    };
    await expect(ensure({ synthesize: breaksOff })).rejects.toThrow('killed');
    await ensure();

    expect(built).toBe(2);
    expect(readdirSync(join(dataDir(), 'assembly'))).toHaveLength(1);
  });
});
