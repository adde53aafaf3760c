import { checkPolicy, type CheckedPolicy } from '../../../lib/codec/policy/load.ts';
import type { PolicyError } from '../../../lib/codec/policy/problem.ts';
import type { TenantPolicy } from '../../../lib/domain/policy/policy.ts';

/** A whole policy around the sections of one tenant, which are indented by four spaces. */
export const withSections = (sections: string): string =>
  `version: 1
tenants:
  default:
    sources:
      - id: prometheus
        kind: alertmanager
${sections}`;

/** The line on which the sections of `withSections` begin. */
export const firstSectionLine = 7;

export function errorsOf(text: string): readonly PolicyError[] {
  const result = checkPolicy(text, { fileName: 'policy.yaml' });
  return result.ok ? [] : result.error;
}

export function accepted(text: string): CheckedPolicy {
  const result = checkPolicy(text, { fileName: 'policy.yaml' });
  if (!result.ok) throw new Error(JSON.stringify(result.error, null, 2));
  return result.value;
}

export function tenantOf(text: string): TenantPolicy {
  const [tenant] = accepted(text).policy.tenants;
  if (tenant === undefined) throw new Error('The policy has no tenant.');
  return tenant;
}
