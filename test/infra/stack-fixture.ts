import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { readContext } from '../../lib/infra/context.ts';
import { FUNCTION_NAMES } from '../../lib/infra/functions.ts';
import { TocsinStack } from '../../lib/infra/stack.ts';
import { STAGES, type StageName, type StageSettings } from '../../lib/infra/stage.ts';
import { createApp } from '../../lib/infra/synthesize.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** One resource of a template, as far as the tests look at it. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

export interface FixtureOptions {
  readonly context?: Readonly<Record<string, string>>;
  readonly settings?: Partial<StageSettings>;
}

let bundlesDir: string | undefined;

/** A stage's stack on bundles of one line, which are made once per test process. */
export function buildStage(
  stage: StageName,
  options: FixtureOptions = {},
): { readonly app: App; readonly stack: TocsinStack } {
  bundlesDir ??= createBundles();
  const outDir = temporaryFolder();
  const app = createApp({ outDir, context: { stage, ...options.context } });
  const stack = new TocsinStack(app, `Tocsin-${stage}`, {
    context: readContext(app.node),
    settings: { ...STAGES[stage], ...options.settings },
    bundlesDir,
  });
  return { app, stack };
}

const templates = new Map<StageName, Template>();

/** The template of a stage as it is deployed, synthesized once per test process. */
export function templateOf(stage: StageName): Template {
  const known = templates.get(stage) ?? Template.fromStack(buildStage(stage).stack);
  templates.set(stage, known);
  return known;
}

/** The resources of one type, by logical id. */
export function resourcesOf(template: Template, type: string): Readonly<Record<string, Resource>> {
  // The assertions library types resources as loose records; every one has these members.
  return template.findResources(type) as Record<string, Resource>;
}

/** Every text in a value, however deep. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

function createBundles(): string {
  const dir = temporaryFolder();
  for (const name of FUNCTION_NAMES) {
    mkdirSync(join(dir, name));
    writeFileSync(join(dir, name, 'index.js'), `exports.handler = async () => '${name}';\n`);
  }
  return dir;
}
