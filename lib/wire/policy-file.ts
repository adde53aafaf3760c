import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCompiledPolicy } from '../codec/policy/compiled.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Variables } from './environment.ts';

/**
 * Stands in a policy for this machine's own sandboxes, whichever port they have. The name is one
 * that no network resolves to anything but loopback (RFC 6761).
 */
const sandboxBase = 'http://sandbox.localhost/';

/** The compiled policy that was deployed beside the bundle, read once when a function starts. */
export function deployedPolicy(variables: Variables, directory: string): Policy {
  const file = variables['TOCSIN_POLICY_FILE'] ?? join(directory, 'policy.json');
  const policy = readCompiledPolicy(readFileSync(file, 'utf8'));
  const sandbox = variables['TOCSIN_SANDBOX_URL'];
  return sandbox === undefined ? policy : placedAt(policy, sandbox);
}

/** Addresses are text without anything that JSON escapes, so the text of all can be changed. */
const placedAt = (policy: Policy, sandbox: string): Policy =>
  JSON.parse(JSON.stringify(policy).replaceAll(sandboxBase, `${sandbox}/`)) as Policy;
