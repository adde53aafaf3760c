import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { Complaint } from './complaint.mjs';
import { holdingLock } from './lock.mjs';
import { run } from './run.mjs';
import { staleness, writeStamp } from './staleness.mjs';

/** Everything that decides what `npm ci` installs, apart from the user's own npm settings. */
const INPUTS = ['package.json', 'package-lock.json', '.npmrc'];

/** Never `npm install`, which may change the lockfile; no package's own scripts run. */
const NPM_CI = [
  'ci',
  '--ignore-scripts',
  '--include=dev',
  '--include=optional',
  '--loglevel=error',
];

/**
 * Makes `node_modules` what package-lock.json says; does nothing, quietly, when it already is.
 *
 * The install happens in a folder beside it and is then renamed into place, stamp included. So an
 * interrupted install leaves `node_modules` as it was, and of two simultaneous starts the second
 * waits for the first and then finds nothing left to do.
 *
 * @param {string} root folder of the package
 * @returns {Promise<void>}
 * @throws {Complaint} when the install fails
 */
export async function ensureInstalled(root) {
  if (staleness(root) === undefined) return;
  const workshop = join(root, '.tocsin-install');
  await holdingLock(join(workshop, 'lock'), async () => {
    // Whoever held the lock before may have installed.
    const reason = staleness(root);
    if (reason === undefined) return;
    sweep(workshop);
    process.stderr.write(`Installing from package-lock.json: ${reason}.\n`);
    await install(root, workshop);
    sweep(workshop);
  });
  removeIfEmpty(workshop);
}

/**
 * @param {string} root
 * @param {string} workshop
 */
async function install(root, workshop) {
  const stage = mkdtempSync(join(workshop, 'stage-'));
  for (const input of INPUTS.filter((name) => existsSync(join(root, name)))) {
    copyFileSync(join(root, input), join(stage, input));
  }
  await npmCi(stage);
  mkdirSync(join(stage, 'node_modules'), { recursive: true });
  // `npm start` would otherwise find the packaged Node before the machine's, even one that cannot
  // start here, and this launcher, which explains such things, would never run.
  for (const name of ['node', 'node.cmd', 'node.ps1']) {
    rmSync(join(stage, 'node_modules/.bin', name), { force: true });
  }
  writeStamp(stage);
  swapIn(join(stage, 'node_modules'), join(root, 'node_modules'), join(stage, 'replaced'));
}

/**
 * @param {string} fresh
 * @param {string} target
 * @param {string} replaced where the old folder goes
 */
function swapIn(fresh, target, replaced) {
  if (existsSync(target)) renameSync(target, replaced);
  renameSync(fresh, target);
}

/** @param {string} cwd */
async function npmCi(cwd) {
  const { command, args, shell } = npm();
  // npm's own words go to stderr, so that the output of the command that follows stays clean.
  const ending = await run(command, [...args, ...NPM_CI], {
    cwd,
    shell,
    stdio: ['ignore', process.stderr, process.stderr],
  }).catch((/** @type {unknown} */ error) => ({ code: String(error), signal: null }));
  if (ending.code === 0) return;
  throw new Complaint({
    what: 'Installing the dependencies failed; node_modules is as it was.',
    found: `npm ci ended with ${ending.signal ?? ending.code} (its own words are above)`,
    allowed: 'exit code 0',
    act: 'Check that the npm registry can be reached, then run the same command again.',
  });
}

/**
 * The npm that started this process, else the one on the PATH.
 *
 * @returns {{ command: string, args: readonly string[], shell: boolean }}
 */
function npm() {
  const parent = process.env['npm_execpath'];
  if (parent !== undefined && basename(parent) === 'npm-cli.js' && existsSync(parent)) {
    return { command: process.execPath, args: [parent], shell: false };
  }
  // On Windows npm is a batch file, which only a shell can run; the arguments are all constants.
  return { command: 'npm', args: [], shell: process.platform === 'win32' };
}

/**
 * Removes what this or an interrupted install left in the workshop. What cannot be removed, since
 * a process that outlived its launcher still writes there, is left to the next install.
 *
 * @param {string} workshop
 */
function sweep(workshop) {
  for (const name of readdirSync(workshop).filter((entry) => entry.startsWith('stage-'))) {
    try {
      rmSync(join(workshop, name), { recursive: true, force: true, maxRetries: 2 });
    } catch {
      continue;
    }
  }
}

/** @param {string} folder kept when another start has already put its lock there */
function removeIfEmpty(folder) {
  try {
    rmdirSync(folder);
  } catch {
    return;
  }
}
