/**
 * One program to run on Node 24.
 *
 * @typedef {object} Step
 * @property {string} file the script
 * @property {boolean} inRoot whether `file` is relative to the package, or to the working directory
 * @property {readonly string[]} args
 * @property {readonly string[]} [nodeArgs] options of Node itself
 * @property {boolean} [keepCwd] run where the user stands, because arguments may name files there
 * @property {string} [title] printed first; a titled step that fails does not stop those after it
 */

const VITEST = 'node_modules/vitest/vitest.mjs';
const PRETTIER = 'node_modules/prettier/bin/prettier.cjs';
const TSC = 'node_modules/typescript/bin/tsc';

/**
 * @param {string} file
 * @param {readonly string[]} args
 * @returns {Step}
 */
const tool = (file, ...args) => ({ file, args, inRoot: true });

/**
 * @param {readonly string[]} args
 * @returns {Step}
 */
const tocsin = (args) => ({ ...tool('bin/tocsin.ts', ...args), keepCwd: true });

/** The bundles are built from these, so `--watch` alone would not see a change in a handler. */
const WATCHED = ['bin', 'lib', 'functions', 'policy'].map((folder) => `--watch-path=${folder}`);

/**
 * What each name after `launch.mjs` runs, given the arguments that follow it.
 *
 * @type {Readonly<Record<string, (args: readonly string[]) => readonly Step[]>>}
 */
export const COMMANDS = {
  up: (args) => [tocsin(['up', ...args])],
  dev: (args) => [{ ...tool('bin/tocsin.ts', 'up', ...args), nodeArgs: WATCHED }],
  tocsin: (args) => [tocsin(args)],
  synth: (args) => [tool('node_modules/aws-cdk/bin/cdk', 'synth', ...args)],
  run: ([file = '', ...args]) => [{ file, args, inRoot: false, keepCwd: true }],
  test: (args) => [tool(VITEST, 'run', ...args)],
  'test:e2e': (args) => [
    tool('test/e2e/programs/preflight.ts'),
    tool(VITEST, 'run', '--config', 'vitest.e2e.config.ts', ...args),
  ],
  'test:cluster': (args) => [{ ...tool('test/cluster/main.ts', ...args), keepCwd: true }],
  sim: (args) => [tool('test/sim/main.ts', ...args)],
  bench: (args) => [tool('test/bench/main.ts', ...args)],
  check: () => [
    { ...tool(TSC, '-p', '.'), title: 'types' },
    { ...tool(TSC, '-p', 'tsconfig.domain.json'), title: 'types of the domain, alone' },
    { ...tool('node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'), title: 'lint' },
    { ...tool('.ci/boundaries.ts'), title: 'layers' },
    { ...tool(PRETTIER, '--check', '--log-level', 'warn', '.'), title: 'format' },
  ],
  format: () => [tool(PRETTIER, '--write', '--log-level', 'warn', '.')],
};
