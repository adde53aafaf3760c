import { signedConsolePath } from '../codec/console-link.ts';
import type { PagingDeps } from '../app/deps.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { Clock } from '../ports/system.ts';
import { addressOr, type Variables } from './environment.ts';

/**
 * Links to an incident's page. Signed and expiring where the console asks for it; when the signing
 * key cannot be read, the page goes out with a bare link rather than not at all.
 */
export function wireConsoleUrl(
  variables: Variables,
  secrets: Secrets,
  clock: Clock,
): PagingDeps['consoleUrl'] {
  const base = addressOr(variables, 'TOCSIN_CONSOLE_URL', '');
  return async (tenant, incidentId) => {
    const secret = await secrets.console();
    const key = secret.ok ? secret.value.signingKeys[0] : undefined;
    const path = `/incidents/${encodeURIComponent(incidentId)}`;
    if (key === undefined) return `${base}${path}`;
    return `${base}${signedConsolePath({ path, tenant, key, nowMs: clock.now() })}`;
  };
}
