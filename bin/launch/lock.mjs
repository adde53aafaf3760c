import { mkdirSync, openSync, closeSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often the holder touches the lock, and how often one who waits looks at it. */
const BEAT_MS = 500;

/** A lock that was not touched for this long belongs to a process that was killed. */
const ABANDONED_MS = 5_000;

/**
 * Runs `work` while holding the lock at `path`, waiting for whoever holds it. A killed holder's
 * lock is taken over after five seconds.
 *
 * Two holders at once are possible only when the first was suspended for that long; the work must
 * bear that. (An install does: each happens in a folder of its own.)
 *
 * @param {string} path
 * @param {() => Promise<void>} work
 * @param {{ beatMs?: number, abandonedMs?: number }} [timing]
 * @returns {Promise<void>}
 */
export async function holdingLock(path, work, timing = {}) {
  const { beatMs = BEAT_MS, abandonedMs = ABANDONED_MS } = timing;
  let announced = false;
  while (!tryAcquire(path)) {
    if (!announced) process.stderr.write('Waiting for another start to finish its install.\n');
    announced = true;
    await sleep(beatMs);
    if (silentForMs(path) > abandonedMs) rmSync(path, { force: true });
  }
  const beat = setInterval(() => touch(path), beatMs);
  const release = () => {
    clearInterval(beat);
    rmSync(path, { force: true });
  };
  process.once('exit', release);
  try {
    await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** @param {string} path */
function tryAcquire(path) {
  mkdirSync(dirname(path), { recursive: true });
  try {
    closeSync(openSync(path, 'wx'));
    return true;
  } catch (error) {
    // ENOENT: the folder was removed, by the previous holder, after it was made above.
    if (isCode(error, 'EEXIST') || isCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/** @param {string} path */
function silentForMs(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? 0 : Date.now() - stats.mtimeMs;
}

/** @param {string} path */
function touch(path) {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch (error) {
    // Somebody thought this process dead and took the lock; the work bears it.
    if (!isCode(error, 'ENOENT')) throw error;
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function isCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code;
}
