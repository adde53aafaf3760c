import type { ChangeRecord } from '../action/rows.ts';
import type { ChangeSourcePolicy } from '../policy/action-policy.ts';
import type { PersonPolicy, TenantPolicy } from '../policy/policy.ts';
import type { EpochMs } from '../shared/time.ts';
import type { ToldChange } from './told-change.ts';

/** A feed that proved itself, and whose it is. */
export interface ChangeOrigin {
  readonly tenant: TenantPolicy;
  readonly source: ChangeSourcePolicy;
}

/**
 * The change as it is kept, or null when the policy does not say whose service its subject is. The
 * tenant and the source are those of the credential, and never of what the message says.
 */
export function placeChange(
  told: ToldChange,
  { tenant, source }: ChangeOrigin,
  nowMs: EpochMs,
): ChangeRecord | null {
  const service = serviceOf(told.subject, { tenant, source });
  if (service === null) return null;
  const { id, kind, environment, title, url, status, versions, previous } = told;
  return {
    tenant: tenant.id,
    id,
    sourceId: source.id,
    kind,
    service,
    environment,
    title,
    url,
    author: authorOf(told.authorNames, tenant.people),
    status,
    // Nothing was changed later than it was told; a clock that is ahead is not believed.
    atMs: told.atMs === null || told.atMs > nowMs ? nowMs : told.atMs,
    versions,
    previous,
  };
}

/** Mapped by the source; our own format may also name a service by its id. */
function serviceOf(subject: string, { tenant, source }: ChangeOrigin): string | null {
  const folded = subject.toLowerCase();
  const mapped = Object.entries(source.services).find(([name]) => name.toLowerCase() === folded);
  if (mapped !== undefined) return mapped[1];
  const isNamed = source.kind === 'tocsin' && tenant.services.some(({ id }) => id === subject);
  return isNamed ? subject : null;
}

/** The id of the person whom one of the names means, or the first name of somebody; null if none. */
function authorOf(names: readonly string[], people: readonly PersonPolicy[]): string | null {
  for (const name of names) {
    const person = people.find((candidate) => isNameOf(candidate, name));
    if (person !== undefined) return person.id;
  }
  return names.find((name) => !isMachine(name)) ?? null;
}

/** GitHub's and GitLab's names of accounts that are nobody: who made the change is not known. */
const isMachine = (name: string): boolean =>
  /\[bot\]$/.test(name) || /^(project|group)_\d+_bot/.test(name) || /\bnoreply\b/.test(name);

const isNameOf = ({ id, email, logins }: PersonPolicy, name: string): boolean =>
  [id, email ?? '', ...logins].some((known) => known !== '' && folded(known) === folded(name));

const folded = (name: string): string => name.trim().replace(/^@/, '').toLowerCase();
