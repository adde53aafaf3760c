import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { synthesizeTocsin } from '../../bin/synth.ts';
import { STAGE_NAMES } from '../../lib/infra/stage.ts';
import { temporaryFolder } from '../infra/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** Runs the command as a person does, with no account: nothing of AWS is in its environment. */
async function cdkSynth(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const { PATH = '', HOME = '' } = process.env;
  return run('npx', ['--no-install', 'cdk', 'synth', '--quiet', ...args], {
    cwd: ROOT,
    env: { PATH, HOME, NO_COLOR: '1' },
  });
}

describe('npx cdk synth', () => {
  it.each(STAGE_NAMES)(
    'needs no account for %s, and makes what `npm start` runs',
    async (stage) => {
      const outDir = temporaryFolder();

      await cdkSynth('-c', `stage=${stage}`, '-o', outDir);

      const templates = readdirSync(outDir).filter((name) => name.endsWith('.template.json'));
      expect(templates).toEqual([`Tocsin-${stage}.template.json`]);
      const { templateFile } = await synthesizeTocsin({ stage, outDir: temporaryFolder() });
      expect(readFileSync(join(outDir, `Tocsin-${stage}.template.json`), 'utf8')).toBe(
        readFileSync(templateFile, 'utf8'),
      );
    },
  );

  it('says which stages there are when none, or no such, is named', async () => {
    const message = /received "production"; allowed are dev, staging, prod, sandbox/;

    await expect(cdkSynth('-c', 'stage=production', '-o', temporaryFolder())).rejects.toThrow(
      message,
    );
    await expect(cdkSynth('-o', temporaryFolder())).rejects.toThrow(/none was given/);
  });
});
