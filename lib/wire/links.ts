import { signedConsolePath } from '../codec/console-link.ts';
import type { PagingDeps } from '../app/deps.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { Clock } from '../ports/system.ts';
import { addressOr, type Variables } from './environment.ts';

/** Links into the console, each with the console's public address. */
export interface ConsoleLinks {
  readonly incident: PagingDeps['consoleUrl'];
  /** The console's front page: the open or the closed incidents of a tenant. */
  readonly home: (tenant: string, status: 'open' | 'closed') => Promise<string>;
  /** The page of all actions and targets of a tenant. */
  readonly actions: (tenant: string) => Promise<string>;
}

/**
 * Links that are signed and expire; when the signing key cannot be read, a page goes out with a
 * bare link rather than not at all.
 */
export function wireConsoleLinks(
  variables: Variables,
  secrets: Secrets,
  clock: Clock,
): ConsoleLinks {
  const base = addressOr(variables, 'TOCSIN_CONSOLE_URL', '');
  const link = async (tenant: string, path: string): Promise<string> => {
    const secret = await secrets.console();
    const key = secret.ok ? secret.value.signingKeys[0] : undefined;
    if (key === undefined) return `${base}${path}`;
    return `${base}${signedConsolePath({ path, tenant, key, nowMs: clock.now() })}`;
  };
  return {
    incident: (tenant, incidentId) => link(tenant, `/incidents/${encodeURIComponent(incidentId)}`),
    actions: (tenant) => link(tenant, '/actions'),
    home: async (tenant, status) => {
      const url = await link(tenant, '/');
      if (status === 'open') return url;
      return `${url}${url.includes('?') ? '&' : '?'}status=closed`;
    },
  };
}

/** Links to an incident's page, as pages carry them. */
export const wireConsoleUrl = (
  variables: Variables,
  secrets: Secrets,
  clock: Clock,
): PagingDeps['consoleUrl'] => wireConsoleLinks(variables, secrets, clock).incident;

/** The host of the console, which is ours: links to it are always allowed. */
export function ownHosts(variables: Variables): readonly string[] {
  const url = URL.parse(addressOr(variables, 'TOCSIN_CONSOLE_URL', ''));
  return url === null ? [] : [url.hostname];
}
