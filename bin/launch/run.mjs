import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * How a program ended: by an exit code, or by a signal.
 *
 * @typedef {{ code: number, signal: null } | { code: null, signal: NodeJS.Signals }} Ending
 */

/** The signals that ask a program to end or to reload; each is passed to the child. */
const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']);

/** The signals that a terminal itself sends to the whole group, so that the child has them. */
const FROM_TERMINAL = new Set(['SIGINT', 'SIGQUIT']);

/**
 * Runs a program on this process's own standard streams (a terminal stays a terminal) and passes
 * signals on to it until it ends.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<Ending>} rejects when the program cannot be started
 */
export function run(command, args, { stdio = 'inherit', ...options }) {
  const child = spawn(command, args, { ...options, stdio });
  const stopForwarding = forwardSignals(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      resolve(signal === null ? { code: code ?? 1, signal } : { code: null, signal });
    });
  }).finally(stopForwarding);
}

/**
 * Ends this process as the program ended.
 *
 * @param {Ending} ending
 */
export function endLike(ending) {
  if (ending.signal === null) {
    process.exitCode = ending.code;
    return;
  }
  // The code a shell reports for a signal, should the signal not end this process.
  process.exitCode = 128 + constants.signals[ending.signal];
  process.kill(process.pid, ending.signal);
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} stops passing signals on
 */
function forwardSignals(child) {
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    if (process.stdin.isTTY && FROM_TERMINAL.has(signal)) return;
    child.kill(signal);
  };
  // Windows cannot listen for all of them.
  const signals = FORWARDED.filter((signal) => signal in constants.signals);
  for (const signal of signals) process.on(signal, forward);
  return () => {
    for (const signal of signals) process.off(signal, forward);
  };
}
