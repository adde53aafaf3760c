import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCompiledPolicy } from '../codec/policy/compiled.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Variables } from './environment.ts';

/** The compiled policy that was deployed beside the bundle, read once when a function starts. */
export function deployedPolicy(variables: Variables, directory: string): Policy {
  const file = variables['TOCSIN_POLICY_FILE'] ?? join(directory, 'policy.json');
  return readCompiledPolicy(readFileSync(file, 'utf8'));
}
