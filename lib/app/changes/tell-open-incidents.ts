import type { ChangeRecord } from '../../domain/action/rows.ts';
import type { Incident } from '../../domain/incident/state.ts';
import { rankChanges } from '../../domain/runbook/rank-changes.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { IncidentPage } from '../../ports/store.ts';
import type { Deps } from '../deps.ts';
import { recordNear } from './record-near.ts';

/** More open incidents at once than people can look at. */
const maxPages = 5;
const perPage = 100;

/**
 * Writes changes into the open incidents of their services. Gives the ids of these. An incident
 * that opens at the same moment finds the change by itself.
 */
export async function tellOpenIncidents(
  deps: Deps,
  changes: readonly ChangeRecord[],
): Promise<Result<readonly string[], PortFailure>> {
  const [first] = changes;
  if (first === undefined) return ok([]);
  const open = await openIncidents(deps, first.tenant);
  if (!open.ok) return open;
  const told: string[] = [];
  for (const incident of open.value.filter(({ isOperator }) => !isOperator)) {
    const own = changes.filter(({ service }) => isAbout(incident, service));
    for (const change of rankChanges(own, incident)) {
      const recorded = await recordNear(deps, { incident, change });
      if (!recorded.ok) return recorded;
      told.push(incident.id);
    }
  }
  return ok([...new Set(told)]);
}

const isAbout = ({ service, services }: Incident, changed: string): boolean =>
  service === changed || services.includes(changed);

async function openIncidents(
  { store }: Deps,
  tenant: string,
): Promise<Result<readonly Incident[], PortFailure>> {
  const incidents: Incident[] = [];
  let after: string | null = null;
  for (let page = 0; page < maxPages; page += 1) {
    const query = { tenant, status: 'open', limit: perPage, after } as const;
    const listed: Result<IncidentPage, PortFailure> = await store.listIncidents(query);
    if (!listed.ok) return listed;
    incidents.push(...listed.value.incidents);
    after = listed.value.next;
    if (after === null) break;
  }
  return ok(incidents);
}
