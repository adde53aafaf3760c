import { existsSync } from 'node:fs';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';

/** What to bundle, and where to. */
export interface BundleOptions {
  /** Root of the sources: `functions/` is looked for here. */
  readonly rootDir: string;
  /** Folder of handlers, `<name>/handler.ts` each; `<rootDir>/functions` by default. */
  readonly functionsDir?: string;
  /** Receives `<name>/index.js` and `<name>/policy.json`. */
  readonly outDir: string;
  /** The compiled policy, as the text of the `policy.json` beside each bundle. */
  readonly policyJson: string;
}

/** One bundle as it was written. */
export interface Bundle {
  readonly name: string;
  /** Absolute folder that becomes the function's asset. */
  readonly dir: string;
  readonly bytes: number;
}

/**
 * Our `cross-fetch`: two lines over `node:https`. The package that pdjs brings drags half a
 * browser along, and its fetch has no real timeout.
 */
const CROSS_FETCH_SHIM = 'lib/adapters/pagerduty/cross-fetch.ts';

/**
 * Bundles every handler for Lambda: one CommonJS file each, minified, the AWS SDK included.
 *
 * - CommonJS, because an ES module that imports `node:https` loads all of undici with it.
 * - `mainFields` takes the packages' ES modules, so that what is not used falls away.
 * - No `import()`, for the same reason: the SDK loads `node:http` so, and all of undici with it.
 * - No `ReadableStream`: the SDK asks whether an answer is one, which never is in Node, and to ask
 *   for the global alone loads all web streams, 5 ms at the first call of every cold start.
 * - No source map in the asset: it would be ten times the code and slow every cold start. Equal
 *   sources give equal bundles, so a map for a stack trace is built when one is needed.
 *
 * Same input, same bytes: no time, no absolute path and no random name gets into the output.
 */
export async function buildBundles(options: BundleOptions): Promise<readonly Bundle[]> {
  const functionsDir = options.functionsDir ?? join(options.rootDir, 'functions');
  const names = await findHandlers(functionsDir);
  if (names.length === 0) {
    throw new Error(
      `No handler was found: expected <name>/handler.ts in ${functionsDir}. ` +
        'Run this in the root of the repository.',
    );
  }
  const entryPoints = names.map((name) => ({
    in: join(functionsDir, name, 'handler.ts'),
    out: `${name}/index`,
  }));
  await build({ ...LAMBDA_OPTIONS, ...resolution(options), entryPoints, outdir: options.outDir });
  return Promise.all(names.map((name) => finish(name, options)));
}

const LAMBDA_OPTIONS: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  mainFields: ['module', 'main'],
  minify: true,
  charset: 'utf8',
  supported: { 'dynamic-import': false },
  legalComments: 'none',
  // A CommonJS module has no import.meta; its folder is where the policy lies.
  define: { 'import.meta.dirname': '__dirname', ReadableStream: 'undefined' },
  sourcemap: false,
  logLevel: 'silent',
};

function resolution({ rootDir }: BundleOptions): BuildOptions {
  const shim = join(rootDir, CROSS_FETCH_SHIM);
  return {
    absWorkingDir: rootDir,
    plugins: [credentialsFromEnvironment()],
    ...(existsSync(shim) ? { alias: { 'cross-fetch': shim } } : {}),
  };
}

/**
 * Lambda hands credentials over in three environment variables, and so does the one-machine
 * runtime. The SDK's default chain would bring single sign-on, STS, profiles and instance
 * metadata into every bundle: about 130 KB and a quarter of the load time, for nothing.
 */
function credentialsFromEnvironment(): Plugin {
  return {
    name: 'credentials-from-environment',
    setup(plugin) {
      plugin.onLoad({ filter: /credential-provider-node[\\/]dist-es[\\/]index\.js$/ }, (file) => ({
        contents: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
        resolveDir: join(file.path, '..'),
        loader: 'js',
      }));
    },
  };
}

async function findHandlers(functionsDir: string): Promise<string[]> {
  if (!existsSync(functionsDir)) return [];
  const entries = await readdir(functionsDir, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .filter((name) => existsSync(join(functionsDir, name, 'handler.ts')))
    .sort();
}

async function finish(name: string, options: BundleOptions): Promise<Bundle> {
  const dir = join(options.outDir, name);
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'policy.json'), options.policyJson);
  const { size } = await stat(join(dir, 'index.js'));
  return { name, dir, bytes: size };
}
