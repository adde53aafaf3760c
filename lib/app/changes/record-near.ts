import type { NearChange } from '../../domain/runbook/rank-changes.ts';
import type { Incident } from '../../domain/incident/state.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { act, type ActFailure } from '../act.ts';
import type { Deps } from '../deps.ts';

/** A change and the incident in whose log it belongs. */
export interface NearIncident {
  readonly incident: Pick<Incident, 'tenant' | 'id'>;
  readonly change: NearChange;
}

/**
 * Writes a change into the log of an incident. A change that is there already, and an incident
 * that takes none any more, are no failure.
 */
export async function recordNear(
  deps: Deps,
  { incident, change }: NearIncident,
): Promise<Result<void, PortFailure>> {
  const acted = await act(deps, {
    tenant: incident.tenant,
    incidentId: incident.id,
    command: { kind: 'record-change', change },
    causeId: `change ${change.changeId}`,
  });
  return acted.ok ? ok(undefined) : passing(acted.error);
}

const passing = (failure: ActFailure): Result<void, PortFailure> =>
  failure.kind === 'no_such_incident' ? ok(undefined) : err(failure);
