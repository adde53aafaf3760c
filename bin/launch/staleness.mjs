import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Written into `node_modules` once an install is whole.
 *
 * @typedef {{ lock: string, host: string, packages: readonly string[] }} Stamp
 */

/**
 * What is read of one entry of a lockfile.
 *
 * @typedef {{ version?: string, optional?: boolean, os?: string | readonly string[], cpu?: string | readonly string[], libc?: readonly string[], dependencies?: Record<string, string>, devDependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }} LockEntry
 */

/** @typedef {Readonly<Record<string, LockEntry>>} LockedPackages */

const STAMP = 'node_modules/.tocsin-stamp.json';
const HOST = `${process.platform}-${process.arch}`;

/**
 * Tells whether `node_modules` must be installed anew. A `node_modules` that somebody filled with
 * npm itself is accepted, and stamped, when npm's record of it agrees with the lockfile.
 *
 * @param {string} root folder of the package
 * @returns {string | undefined} the reason, or undefined when it is as package-lock.json says
 */
export function staleness(root) {
  if (!existsSync(join(root, 'node_modules'))) return 'node_modules is missing';
  const stamp = readStamp(root);
  if (stamp?.lock !== lockHash(root) || stamp.host !== HOST) {
    if (!npmAgrees(root)) return staleReason(stamp);
    writeStamp(root);
    return undefined;
  }
  const gone = stamp.packages.find((name) => !isInstalled(root, name));
  return gone === undefined ? undefined : `${gone} is missing from node_modules`;
}

/**
 * Marks the install in `root` as whole.
 *
 * @param {string} root
 */
export function writeStamp(root) {
  const installed = [...directDependencies(readPackages(root, 'package-lock.json'))].filter(
    (name) => isInstalled(root, name),
  );
  /** @type {Stamp} */
  const stamp = { lock: lockHash(root), host: HOST, packages: installed };
  writeFileSync(join(root, STAMP), `${JSON.stringify(stamp)}\n`);
}

/** @param {Stamp | undefined} stamp */
function staleReason(stamp) {
  if (stamp === undefined) return 'node_modules holds no finished install';
  return stamp.host === HOST
    ? 'package-lock.json has changed since the last install'
    : `node_modules was installed for ${stamp.host}, this is ${HOST}`;
}

/**
 * @param {string} root
 * @returns {Stamp | undefined} undefined when there is none that can be read
 */
function readStamp(root) {
  try {
    const text = readFileSync(join(root, STAMP), 'utf8');
    const value = /** @type {Partial<Stamp> | null} */ (JSON.parse(text));
    const { lock, host, packages } = value ?? {};
    if (typeof lock !== 'string' || typeof host !== 'string') return undefined;
    return Array.isArray(packages) ? { lock, host, packages } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * npm ends an install by writing what it installed; the file is missing after an interrupted one.
 *
 * @param {string} root
 */
function npmAgrees(root) {
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return false;
  const locked = readPackages(root, 'package-lock.json');
  const installed = readPackages(root, 'node_modules/.package-lock.json');
  const wanted = Object.entries(locked).filter(([path, entry]) => path !== '' && isNeeded(entry));
  return (
    wanted.every(([path]) => installed[path] !== undefined && existsSync(join(root, path))) &&
    Object.entries(installed).every(([path, { version }]) => locked[path]?.version === version)
  );
}

/**
 * Whether a package must be there: optional ones may be left out, save those made for this host.
 * Of a pair for two C libraries npm installs one, and either is fine here.
 *
 * @param {LockEntry} entry
 */
function isNeeded({ optional, os, cpu, libc }) {
  if (optional !== true) return true;
  const isForThisHost =
    [os ?? []].flat().includes(process.platform) && [cpu ?? []].flat().includes(process.arch);
  return isForThisHost && libc === undefined;
}

/**
 * @param {LockedPackages} packages
 * @returns {ReadonlySet<string>} the names that package.json asks for
 */
function directDependencies(packages) {
  const { dependencies, devDependencies, optionalDependencies } = packages[''] ?? {};
  return new Set(Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }));
}

/**
 * @param {string} root
 * @param {string} file
 * @returns {LockedPackages}
 */
function readPackages(root, file) {
  const text = readFileSync(join(root, file), 'utf8');
  return /** @type {{ packages?: LockedPackages }} */ (JSON.parse(text)).packages ?? {};
}

/** @param {string} root */
function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/**
 * @param {string} root
 * @param {string} name
 */
function isInstalled(root, name) {
  return existsSync(join(root, 'node_modules', name, 'package.json'));
}
