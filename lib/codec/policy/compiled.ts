import { createHash } from 'node:crypto';
import type { Policy, TenantPolicy } from '../../domain/policy/policy.ts';
import { InvariantError } from '../../domain/shared/invariant.ts';
import { canonicalJson } from '../../domain/shared/json.ts';

/** Changes whenever older code could misread a newer compiled policy, or the other way round. */
const format = 'tocsin-policy/3';

const versionDigits = 12;

/** The version of a policy: what it holds decides, not how its file is laid out. */
export const policyVersion = (tenants: readonly TenantPolicy[]): string =>
  createHash('sha256').update(canonicalJson(tenants)).digest('hex').slice(0, versionDigits);

/** The text of `policy.json`, shipped beside each bundle. Equal policies give equal bytes. */
export const compilePolicy = ({ version, tenants }: Policy): string =>
  `${canonicalJson({ format, version, tenants })}\n`;

/**
 * Reads back what `compilePolicy` wrote. The file is made by our own build, so a wrong one is a
 * mistake of ours: throws an InvariantError that says what came, what is needed and what to do.
 */
export function readCompiledPolicy(json: string): Policy {
  const file = parse(json);
  if (file.format !== format) {
    const found = typeof file.format === 'string' ? `"${file.format.slice(0, 40)}"` : 'none';
    throw unreadable(`its format is ${found}, and this code reads "${format}"`);
  }
  if (!Array.isArray(file.tenants) || file.tenants.length === 0) {
    throw unreadable('it names no tenant');
  }
  // The version below is a digest of the tenants: it proves that compilePolicy wrote them.
  const tenants = file.tenants as readonly TenantPolicy[];
  const version = policyVersion(tenants);
  if (file.version !== version) {
    throw unreadable('its content is not what its version was made of: it was edited or cut off');
  }
  return { version, tenants };
}

interface CompiledFile {
  readonly format?: unknown;
  readonly version?: unknown;
  readonly tenants?: unknown;
}

function parse(json: string): CompiledFile {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    throw unreadable('it is not JSON');
  }
}

const unreadable = (why: string): InvariantError =>
  new InvariantError(
    `The compiled policy cannot be used: ${why}. Build the bundles again from the policy file.`,
  );
