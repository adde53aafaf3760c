import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FUNCTION_NAMES } from '../../lib/infra/functions.ts';
import { synthesize, type Synthesis } from '../../lib/infra/synthesize.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../..');

function writeFunctions(names: readonly string[] = FUNCTION_NAMES): string {
  const dir = temporaryFolder();
  for (const name of names) {
    mkdirSync(join(dir, name));
    const source = `export const handler = async (): Promise<string> => '${name}';\n`;
    writeFileSync(join(dir, name, 'handler.ts'), source);
  }
  return dir;
}

async function synthesizeDev(policyJson = '{}'): Promise<Synthesis> {
  return synthesize({
    rootDir: ROOT,
    functionsDir: writeFunctions(),
    outDir: temporaryFolder(),
    context: { stage: 'dev' },
    policyJson: (stage) => policyJson.replace('STAGE', stage),
  });
}

describe('synthesize', () => {
  it('puts the template at the top of the assembly, with an asset for every function', async () => {
    const { stage, assemblyDir, templateFile, bundles } = await synthesizeDev('{"for":"STAGE"}');

    expect(stage).toBe('dev');
    expect(templateFile).toBe(join(assemblyDir, 'Tocsin-dev.template.json'));
    expect(bundles.map(({ name }) => name)).toEqual([...FUNCTION_NAMES].sort());
    const assets = readdirSync(assemblyDir).filter((name) => name.startsWith('asset.'));
    expect(assets).toHaveLength(FUNCTION_NAMES.length);
    for (const asset of assets) {
      expect(readdirSync(join(assemblyDir, asset)).sort()).toEqual(['index.js', 'policy.json']);
      const policy = readFileSync(join(assemblyDir, asset, 'policy.json'), 'utf8');
      expect(policy).toBe('{"for":"dev"}');
    }
  });

  it('gives the same template twice, and another asset when the policy is another', async () => {
    const [first, second, other] = await Promise.all([
      synthesizeDev(),
      synthesizeDev(),
      synthesizeDev('{"other":true}'),
    ]);

    const template = readFileSync(first.templateFile, 'utf8');
    expect(readFileSync(second.templateFile, 'utf8')).toBe(template);
    expect(readFileSync(other.templateFile, 'utf8')).not.toBe(template);
  });

  it('leaves no trace of this machine in the template', async () => {
    const { templateFile } = await synthesizeDev();
    const template = readFileSync(templateFile, 'utf8');

    for (const trace of [tmpdir(), ROOT, process.execPath, 'AWS::CDK::Metadata']) {
      expect(template).not.toContain(trace);
    }
    expect(basename(templateFile)).toMatch(/\.template\.json$/);
  });

  it('refuses to leave a function out', async () => {
    const functionsDir = writeFunctions(['ingest', 'page']);
    const options = {
      rootDir: ROOT,
      functionsDir,
      outDir: temporaryFolder(),
      context: { stage: 'dev' },
      policyJson: () => '{}',
    };

    await expect(synthesize(options)).rejects.toThrow(
      /no handler for pagerduty, api, relay, clock, postmortem/,
    );
  });

  it('asks for a stage when none is given', async () => {
    const options = { rootDir: ROOT, outDir: temporaryFolder(), policyJson: () => '{}' };

    await expect(synthesize(options)).rejects.toThrow(/none was given; allowed are dev/);
  });
});
