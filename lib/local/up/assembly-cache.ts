import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StageName } from '../../infra/stage.ts';
import { makeDirectory } from '../shared/files.ts';

/** Makes a CDK assembly of this repository in a folder. */
export type Synthesize = (order: {
  readonly stage: StageName;
  readonly policyFile: string;
  readonly outDir: string;
}) => Promise<void>;

export interface AssemblyRequest {
  /** Root of the sources. */
  readonly rootDir: string;
  readonly dataDir: string;
  readonly stage: StageName;
  readonly policyFile: string;
  readonly synthesize: Synthesize;
  /** Told before a synthesis, which takes seconds. */
  readonly onBuild: () => void;
}

/**
 * All that decides what a synthesis gives, apart from policy and stage. The one-machine runtime and
 * the command line run the assembly and are no part of it.
 */
const SOURCES = [
  'bin/synth.ts',
  'bin/policy.ts',
  'cdk.json',
  'package-lock.json',
  'functions/**/*.ts',
  'lib/{adapters,app,codec,console,domain,infra,ports,wire}/**/*.ts',
];

/**
 * The assembly of these very sources, policy and stage: made when there is none yet, found again
 * otherwise. It is made aside and renamed into place, so a start that was interrupted leaves
 * none that is half done. Needs the data directory's lock: older assemblies are removed.
 */
export async function ensureAssembly(request: AssemblyRequest): Promise<string> {
  const { dataDir, stage, policyFile, synthesize, onBuild } = request;
  const folder = join(dataDir, 'assembly');
  const name = `${stage}-${contentHash(request)}`;
  const assemblyDir = join(folder, name);
  if (existsSync(assemblyDir)) return assemblyDir;
  onBuild();
  makeDirectory(folder);
  for (const old of readdirSync(folder)) rmSync(join(folder, old), { recursive: true });
  const unfinished = `${assemblyDir}.unfinished`;
  await synthesize({ stage, policyFile, outDir: unfinished });
  renameSync(unfinished, assemblyDir);
  return assemblyDir;
}

function contentHash({ rootDir, policyFile }: AssemblyRequest): string {
  const hash = createHash('sha256');
  const add = (name: string, file: string): void => {
    const content = readFileSync(file);
    hash.update(`${name}\n${content.byteLength}\n`).update(content);
  };
  for (const name of globSync(SOURCES, { cwd: rootDir }).sort()) add(name, join(rootDir, name));
  add('policy', policyFile);
  return hash.digest('hex').slice(0, 16);
}
