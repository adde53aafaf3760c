import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../../lib/cli/exit-codes.ts';
import { run, type Outcome } from './run-cli.ts';

const VALID = `version: 1
tenants:
  default:
    sources:
      - { id: prometheus, kind: alertmanager }
`;

let cwd = '';

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tocsin-check-'));
  writeFileSync(join(cwd, 'valid.yaml'), VALID);
  writeFileSync(join(cwd, 'broken.yaml'), VALID.replace('alertmanager', 'alertmanger'));
});

afterAll(() => {
  rmSync(cwd, { recursive: true });
});

const check = (...argv: string[]): Promise<Outcome> => run(['check', ...argv], { cwd });

describe('tocsin check', () => {
  it('says what a valid policy holds', async () => {
    const { exitCode, out } = await check('valid.yaml');

    expect(exitCode).toBe(EXIT.ok);
    expect(out).toMatch(
      /^valid\.yaml is valid.*: 1 tenant, 1 source, 0 services; version [0-9a-f]{12}\.\n$/,
    );
  });

  it('shows errors with their place, as a compiler does, and ends with 1', async () => {
    const { exitCode, out, err } = await check('broken.yaml');

    expect({ exitCode, out }).toEqual({ exitCode: EXIT.failed, out: '' });
    expect(err).toMatch(/^broken\.yaml:5:\d+: error: /);
    expect(err).toContain('\n1 error; the policy is refused.\n');
  });

  it.each([
    { file: 'valid.yaml', code: EXIT.ok, found: { ok: true, errors: [] } },
    {
      file: 'broken.yaml',
      code: EXIT.failed,
      found: { ok: false, errors: [{ line: 5, path: 'tenants.default.sources[0].kind' }] },
    },
  ])('tells machines in JSON: $file', async ({ file, code, found }) => {
    const checked = await check(file, '--json');

    expect(checked.exitCode).toBe(code);
    expect(checked.err).toBe('');
    expect(JSON.parse(checked.out)).toMatchObject(found);
  });

  it('says that a file is not there', async () => {
    expect(await check('missing.yaml')).toMatchObject({
      exitCode: EXIT.failed,
      err: expect.stringMatching(/^error: missing\.yaml cannot be read: ENOENT/) as string,
    });
  });
});
