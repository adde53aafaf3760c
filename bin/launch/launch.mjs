import { existsSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from './commands.mjs';
import { Complaint } from './complaint.mjs';
import { ensureInstalled } from './install.mjs';
import { findNode24, noNode24, thisHost } from './node-24.mjs';
import { endLike, run } from './run.mjs';

/** @typedef {import('./commands.mjs').Step} Step */
/** @typedef {import('./run.mjs').Ending} Ending */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs one command of this package on Node 24, after installing what the lockfile asks for. The
 * process then ends as the command ended: same exit code, or same signal.
 *
 * @param {string} name one of the names in `commands.mjs`
 * @param {readonly string[]} args handed on unchanged
 * @returns {Promise<void>}
 */
export async function launch(name, args) {
  try {
    const steps = stepsOf(name, args);
    await ensureInstalled(ROOT);
    endLike(await runSteps(steps, node24()));
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/**
 * @param {string} name
 * @param {readonly string[]} args
 * @returns {readonly Step[]}
 */
function stepsOf(name, args) {
  const steps = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (steps !== undefined) return steps(args);
  throw new Complaint({
    what: 'There is no such command.',
    found: name === '' ? 'no command' : name,
    allowed: Object.keys(COMMANDS).join(', '),
    act: 'Use one of these, or `npm start` to run Tocsin.',
  });
}

/** @returns {string} the path of a Node 24 (or later) binary */
function node24() {
  const running = { version: process.versions.node, path: process.execPath };
  const host = thisHost();
  const found = findNode24(ROOT, running, host);
  if (found === undefined) throw noNode24(running.version, host);
  return found;
}

/**
 * Runs steps in order. A command with several titled steps (`check`) runs them all, so that one
 * run tells everything; any other stops at the first that fails.
 *
 * @param {readonly Step[]} steps
 * @param {string} node
 * @returns {Promise<Ending>}
 */
async function runSteps(steps, node) {
  /** @type {Ending} */
  let worst = { code: 0, signal: null };
  for (const step of steps) {
    if (step.title !== undefined) process.stderr.write(`${step.title}\n`);
    const ending = await runStep(step, node);
    if (ending.signal !== null) return ending;
    if (ending.code !== 0) worst = ending;
    if (ending.code !== 0 && step.title === undefined) break;
  }
  return worst;
}

/**
 * @param {Step} step
 * @param {string} node
 * @returns {Promise<Ending>}
 */
async function runStep(step, node) {
  const file = step.inRoot ? join(ROOT, step.file) : resolve(step.file);
  if (!existsSync(file)) {
    throw new Complaint({
      what: 'A file that this command runs is missing.',
      found: `no ${file}`,
      allowed: 'a complete checkout',
      act: 'Restore it with `git checkout`, or check the path you gave.',
    });
  }
  return run(node, [...(step.nodeArgs ?? []), file, ...step.args], {
    cwd: step.keepCwd === true ? process.cwd() : ROOT,
    // Whatever the command starts by the name of `node` is then Node 24 too.
    env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}` },
  });
}
