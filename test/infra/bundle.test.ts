import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { buildBundles } from '../../lib/infra/bundle.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../..');
const POLICY = '{"version":1}';

/** A new folder with the given handlers. */
function writeHandlers(handlers: Readonly<Record<string, string>>): string {
  const dir = temporaryFolder();
  for (const [name, source] of Object.entries(handlers)) {
    const file = join(dir, name, 'handler.ts');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, source);
  }
  return dir;
}

const HELLO = `
import { hostname } from 'node:os';
export interface Input { readonly name: string }
export const handler = async (input: Input): Promise<string> =>
  \`\${input.name} \${typeof hostname}\`;
`;

describe('buildBundles', () => {
  it('leaves one CommonJS file and the policy for each handler', async () => {
    const functionsDir = writeHandlers({ hello: HELLO, again: HELLO });
    const outDir = temporaryFolder();

    const bundles = await buildBundles({ rootDir: ROOT, functionsDir, outDir, policyJson: POLICY });

    expect(bundles.map(({ name, dir }) => [name, dir])).toEqual([
      ['again', join(outDir, 'again')],
      ['hello', join(outDir, 'hello')],
    ]);
    expect(readFileSync(join(outDir, 'hello', 'policy.json'), 'utf8')).toBe(POLICY);
    const { handler } = load(join(outDir, 'hello', 'index.js'));
    expect(await handler({ name: 'Ada' })).toBe('Ada function');
  });

  it('gives the same bytes for the same sources, wherever they are', async () => {
    const outputs = [temporaryFolder(), temporaryFolder()];
    for (const outDir of outputs) {
      const functionsDir = writeHandlers({ hello: HELLO });
      await buildBundles({ rootDir: ROOT, functionsDir, outDir, policyJson: POLICY });
    }

    const [first, second] = outputs.map((dir) => readFileSync(join(dir, 'hello', 'index.js')));
    expect(first).toEqual(second);
    expect(first?.toString()).not.toContain(tmpdir());
  });

  it('refuses a place without handlers, and says what it looked for', async () => {
    const functionsDir = temporaryFolder();
    const options = { rootDir: ROOT, functionsDir, outDir: temporaryFolder(), policyJson: POLICY };

    await expect(buildBundles(options)).rejects.toThrow(/expected <name>\/handler\.ts in/);
  });

  it('fails on a handler that does not compile, naming the file', async () => {
    const functionsDir = writeHandlers({ broken: 'export const = 1;' });
    const options = { rootDir: ROOT, functionsDir, outDir: temporaryFolder(), policyJson: POLICY };

    await expect(buildBundles(options)).rejects.toThrow(/broken.handler\.ts/);
  });
});

describe('the AWS SDK in a bundle', () => {
  it('comes without the credential chain, and signs with what the environment holds', async () => {
    const outDir = temporaryFolder();
    const functionsDir = join(ROOT, 'test/fixtures/handlers');
    const bundles = await buildBundles({ rootDir: ROOT, functionsDir, outDir, policyJson: POLICY });
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization, String(request.headers['x-amz-security-token']));
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end('{"Item":{"pk":{"S":"a"}}}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', `http://127.0.0.1:${String(port)}`);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret');
    vi.stubEnv('AWS_SESSION_TOKEN', 'session');
    onTestFinished(() => void vi.unstubAllEnvs());

    const { handler } = load(join(outDir, 'table-reader', 'index.js'));

    expect(await handler({ name: '' })).toEqual({ pk: { S: 'a' } });
    expect(seen[0]).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\//);
    expect(seen[1]).toBe('session');
    expect(readFileSync(join(outDir, 'table-reader', 'index.js'), 'utf8')).not.toMatch(
      /import\(|typeof ReadableStream/,
    );
    // 196 KB measured; with the default chain it is 331 KB.
    expect(bundles[0]?.bytes).toBeLessThan(220_000);
  });
});

/** Loads a bundle as Lambda does. */
function load(file: string): { readonly handler: (input: { name: string }) => Promise<unknown> } {
  return createRequire(import.meta.url)(file) as ReturnType<typeof load>;
}
