import { ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { Store } from '../../ports/store.ts';
import type { Ask } from './ask.ts';
import { findIncident, type Found } from './find-incident.ts';

type Reader = { readonly store: Pick<Store, 'loadIncident' | 'listIncidents'> };
type Subject = Promise<Result<Found | null, PortFailure>>;

/** The incident that a request is about; null for what is about none. */
export async function subjectOf(reader: Reader, ask: Ask): Subject {
  const { verb, tenant, drawn, args } = ask;
  if (drawn !== null) {
    // What is drawn says for whom; the caller's own tenant is the only one there is.
    return drawn.tenant === tenant.id ? load(reader, ask, drawn.incidentId) : ok(unknown);
  }
  if (verb.subject === 'none') return ok(null);
  if (verb.subject === 'incident') {
    const { among, isProse } = verb;
    return findIncident(reader, { tenant: tenant.id, args, here: ask.here, among, isProse });
  }
  const here = await ask.here();
  if (!here.ok) return here;
  return here.value === null ? ok(null) : load(reader, ask, here.value);
}

const unknown: Found = { kind: 'unclear', text: 'There is no such incident.', candidates: [] };

async function load({ store }: Reader, { tenant, args }: Ask, incidentId: string): Subject {
  const loaded = await store.loadIncident(tenant.id, incidentId);
  if (!loaded.ok) return loaded;
  const incident = loaded.value;
  return ok(incident === null ? unknown : { kind: 'found', incident, rest: args });
}
