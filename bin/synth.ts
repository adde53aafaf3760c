import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compilePolicy } from '../lib/codec/policy/compiled.ts';
import { formatPolicyErrors } from '../lib/codec/policy/format.ts';
import { loadPolicy } from '../lib/codec/policy/load.ts';
import type { StageName } from '../lib/infra/stage.ts';
import { synthesize, type Synthesis } from '../lib/infra/synthesize.ts';
import { findPolicy } from './policy.ts';

/** What to synthesize; what is absent comes from the `cdk` command that runs it. */
export interface TocsinSynthesisOptions {
  readonly stage?: StageName;
  readonly outDir?: string;
  /** A policy other than `policy/<stage>.yaml` or, failing that, `policy/tocsin.yaml`. */
  readonly policyFile?: string;
  /** False for a template that only runs here; see `SynthesisOptions`. */
  readonly validate?: boolean;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Synthesizes this repository's app with its policy compiled into every bundle. Used by `cdk`
 * through `app.ts`, and in the same process by the one-machine runtime.
 */
export async function synthesizeTocsin(options: TocsinSynthesisOptions = {}): Promise<Synthesis> {
  return synthesize({
    rootDir: ROOT,
    policyJson: async (stage) => compile(options.policyFile ?? findPolicy(stage)),
    validate: options.validate ?? true,
    ...(options.outDir === undefined ? {} : { outDir: options.outDir }),
    ...(options.stage === undefined ? {} : { context: { stage: options.stage } }),
  });
}

/** The compiled policy of a file, or an error that shows all its mistakes with their places. */
async function compile(file: string): Promise<string> {
  if (!existsSync(file)) {
    throw new Error(
      `There is no policy file ${file}: write one, such as policy/tocsin.yaml, or name another.`,
    );
  }
  const loaded = loadPolicy(await readFile(file, 'utf8'), { fileName: relative(ROOT, file) });
  if (loaded.ok) return compilePolicy(loaded.value);
  throw new Error(formatPolicyErrors(loaded.error));
}
