import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { Freshness, Secrets, TargetsSecret } from '../../ports/secrets.ts';
import { exchange, type Incoming, type Outgoing } from './exchange.ts';
import type { GoogleTokens } from './google-token.ts';

/** Whose fault it is that there is no answer: ours, for want of a credential, or the host's. */
export interface AskFailure extends PortFailure {
  readonly at: 'secret' | 'host';
}

export interface AuthorizedDeps {
  readonly secrets: Pick<Secrets, 'targets'>;
  readonly google: GoogleTokens;
}

/**
 * One exchange with what the targets secret holds for the host, or without anything where it holds
 * nothing. A credential that is refused (401) is tried once more if there is another by now.
 */
export async function askAuthorized(
  deps: AuthorizedDeps,
  tenant: string,
  outgoing: Outgoing,
): Promise<Result<Incoming, AskFailure>> {
  const known = await credentialFor(deps, { tenant, url: outgoing.url }, 'cached');
  if (!known.ok) return err({ ...known.error, at: 'secret' });
  const first = await ask(outgoing, known.value);
  if (!first.ok || first.value.status !== 401) return first;
  const fresh = await credentialFor(deps, { tenant, url: outgoing.url }, 'fresh');
  if (!fresh.ok) return err({ ...fresh.error, at: 'secret' });
  return fresh.value === known.value ? first : ask(outgoing, fresh.value);
}

async function ask(
  outgoing: Outgoing,
  authorization: string | null,
): Promise<Result<Incoming, AskFailure>> {
  const headers = authorization === null ? {} : { authorization };
  const answer = await exchange({ ...outgoing, headers: { ...outgoing.headers, ...headers } });
  return answer.ok ? answer : err({ ...answer.error, at: 'host' });
}

/** Null where the secret holds nothing for the host. With a port in its name it is found first. */
async function credentialFor(
  { secrets, google }: AuthorizedDeps,
  { tenant, url }: { readonly tenant: string; readonly url: URL },
  freshness: Freshness,
): Promise<Result<string | null, PortFailure>> {
  const read = await secrets.targets(freshness);
  if (!read.ok) return read;
  const value = heldFor(read.value, tenant, url);
  if (value === null) return ok(null);
  if (url.protocol !== 'https:' && !isLoopback(url.hostname)) return err(inTheClear(url));
  return value.startsWith('{') ? google(value, freshness === 'fresh') : ok(value);
}

function heldFor({ tenants }: TargetsSecret, tenant: string, url: URL): string | null {
  const signals = Object.hasOwn(tenants, tenant) ? (tenants[tenant]?.signals ?? {}) : {};
  const name = [url.host, url.hostname].find((host) => Object.hasOwn(signals, host));
  return name === undefined ? null : (signals[name] ?? null);
}

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');

const inTheClear = (url: URL): PortFailure => ({
  kind: 'rejected',
  message:
    `The targets secret holds a credential for ${url.host}, and the policy calls it by http, where ` +
    'everybody on the way could read it. Give its https address in the policy.',
});
