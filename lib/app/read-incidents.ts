import type { Commit } from '../domain/incident/event.ts';
import type { Incident } from '../domain/incident/state.ts';
import { projectPostmortem, type Postmortem } from '../domain/postmortem/postmortem.ts';
import { err, ok, type Result } from '../domain/shared/result.ts';
import type { PortFailure } from '../ports/failure.ts';
import type { IncidentPage, Store } from '../ports/store.ts';

/** Why something was not read. What another tenant has is `not_found` like what is nowhere. */
export type ReadFailure = PortFailure;

interface Reader {
  readonly store: Pick<Store, 'loadIncident' | 'loadCommits' | 'listIncidents'>;
}

/** Names one incident. */
export interface IncidentRef {
  readonly tenant: string;
  readonly incidentId: string;
}

const nowhere = ({ tenant, incidentId }: IncidentRef): PortFailure => ({
  kind: 'not_found',
  message: `There is no incident ${incidentId} for tenant ${tenant}.`,
});

/** One incident as it stands. */
export async function readIncident(
  { store }: Reader,
  ref: IncidentRef,
): Promise<Result<Incident, ReadFailure>> {
  const loaded = await store.loadIncident(ref.tenant, ref.incidentId);
  if (!loaded.ok) return loaded;
  return loaded.value === null ? err(nowhere(ref)) : ok(loaded.value);
}

/** The whole log of an incident, in order. */
export async function readLog(
  { store }: Reader,
  ref: IncidentRef,
): Promise<Result<readonly Commit[], ReadFailure>> {
  const loaded = await store.loadCommits(ref.tenant, ref.incidentId);
  if (!loaded.ok) return loaded;
  return loaded.value.length === 0 ? err(nowhere(ref)) : loaded;
}

/** The post-mortem of an incident, made from its log. */
export async function readPostmortem(
  reader: Reader,
  ref: IncidentRef,
): Promise<Result<Postmortem, ReadFailure>> {
  const log = await readLog(reader, ref);
  if (!log.ok) return log;
  const postmortem = projectPostmortem(log.value);
  return postmortem === null ? err(nowhere(ref)) : ok(postmortem);
}

/** Open incidents for somebody who has to choose where to begin. */
export interface OpenIncidents {
  readonly incidents: readonly Incident[];
  /** There are more than were read. */
  readonly hasMore: boolean;
}

const pageOfOpen = 100;
const pagesOfOpen = 5;

/**
 * The open incidents of a tenant, the newest 500 at most: as many as fit into one answer of a
 * second. A storm of that size has one summary incident, which is among the newest.
 */
export async function readOpenIncidents(
  { store }: Reader,
  tenant: string,
): Promise<Result<OpenIncidents, ReadFailure>> {
  const incidents: Incident[] = [];
  let after: string | null = null;
  for (let page = 0; page < pagesOfOpen; page += 1) {
    const listed: Result<IncidentPage, PortFailure> = await store.listIncidents({
      tenant,
      status: 'open',
      limit: pageOfOpen,
      after,
    });
    if (!listed.ok) return listed;
    incidents.push(...listed.value.incidents);
    after = listed.value.next;
    if (after === null) return ok({ incidents, hasMore: false });
  }
  return ok({ incidents, hasMore: true });
}
