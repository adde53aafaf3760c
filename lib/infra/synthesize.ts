import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { buildBundles, type Bundle } from './bundle.ts';
import { readContext } from './context.ts';
import { FEATURE_FLAGS } from './feature-flags.ts';
import { FUNCTION_NAMES } from './functions.ts';
import { TocsinStack } from './stack.ts';
import { STAGES, type StageName } from './stage.ts';

/** What a synthesis needs; what is absent comes from the `cdk` command that runs it. */
export interface SynthesisOptions {
  readonly rootDir: string;
  /** Where handlers are, when not in `<rootDir>/functions`. */
  readonly functionsDir?: string;
  /** Assembly folder; absent, the one that `cdk` asks for with `-o`, or cdk.out. */
  readonly outDir?: string;
  /** Context on top of `cdk.json` and `-c`, such as `{ stage: 'dev' }`. */
  readonly context?: Readonly<Record<string, string>>;
  /**
   * False leaves out CloudFormation's rules, which take a good half second and are for templates
   * that are to be deployed. The template is the same.
   */
  readonly validate?: boolean;
  /** The text of the compiled policy of a stage. */
  readonly policyJson: (stage: StageName) => string | Promise<string>;
}

/** A finished synthesis. */
export interface Synthesis {
  readonly stage: StageName;
  /** Holds `Tocsin-<stage>.template.json`, the assets, and the manifests that name both. */
  readonly assemblyDir: string;
  readonly templateFile: string;
  readonly bundles: readonly Bundle[];
}

/**
 * Bundles the functions and synthesizes the stack of one stage. Needs no AWS account and no
 * network. Same sources, policy and context: same template, same asset names.
 */
export async function synthesize(options: SynthesisOptions): Promise<Synthesis> {
  const app = createApp(options);
  const context = readContext(app.node);
  const bundlesDir = join(app.outdir, 'bundles');
  const bundles = await buildBundles({
    rootDir: options.rootDir,
    outDir: bundlesDir,
    policyJson: await options.policyJson(context.stage),
    ...(options.functionsDir === undefined ? {} : { functionsDir: options.functionsDir }),
  });
  requireAllFunctions(bundles);
  const settings = STAGES[context.stage];
  new TocsinStack(app, `Tocsin-${context.stage}`, { context, settings, bundlesDir });
  const assembly = app.synth();
  const { templateFullPath } = assembly.getStackByName(`Tocsin-${context.stage}`);
  return {
    stage: context.stage,
    assemblyDir: assembly.directory,
    templateFile: templateFullPath,
    bundles,
  };
}

type AppOptions = Pick<SynthesisOptions, 'outDir' | 'context' | 'validate'>;

/** An app with our feature flags, however it was started. */
export function createApp(options: AppOptions = {}): App {
  return new App({
    analyticsReporting: false,
    autoSynth: false,
    context: {
      ...FEATURE_FLAGS,
      '@aws-cdk/core:validateAgainstDefaultRules': options.validate ?? true,
    },
    ...(options.context === undefined ? {} : { postCliContext: options.context }),
    ...(options.outDir === undefined ? {} : { outdir: options.outDir }),
  });
}

function requireAllFunctions(bundles: readonly Bundle[]): void {
  const built = new Set(bundles.map(({ name }) => name));
  const missing = FUNCTION_NAMES.filter((name) => !built.has(name));
  if (missing.length === 0) return;
  throw new Error(
    `There is no handler for ${missing.join(', ')}: the stack needs ` +
      `${FUNCTION_NAMES.join(', ')}, each in functions/<name>/handler.ts.`,
  );
}
