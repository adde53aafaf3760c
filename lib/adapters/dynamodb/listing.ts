import { ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { IncidentPage, Store } from '../../ports/store.ts';
import { incidentKey, listPk, readIncident, statusOf } from './items.ts';
import { listNewest } from './listed.ts';
import type { TableDeps } from './table.ts';

type ListQuery = Parameters<Store['listIncidents']>[0];

/** See the port and `listNewest`. */
export async function listIncidents(
  deps: TableDeps,
  { tenant, status, ...window }: ListQuery,
): Promise<Result<IncidentPage, PortFailure>> {
  const page = await listNewest(
    deps,
    {
      listPk: listPk(tenant, status),
      keyOfId: (id) => incidentKey(tenant, id),
      read: readIncident,
      belongs: (incident) => statusOf(incident) === status,
      what: 'incidents',
    },
    window,
  );
  return page.ok ? ok({ incidents: page.value.values, next: page.value.next }) : page;
}
