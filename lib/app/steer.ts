import type { IncidentCommand, Refusal } from '../domain/incident/command.ts';
import type { Principal } from '../domain/incident/principal.ts';
import type { Incident } from '../domain/incident/state.ts';
import { ok, type Result } from '../domain/shared/result.ts';
import { act, type ActFailure } from './act.ts';
import type { Deps } from './deps.ts';
import type { IncidentRef } from './read-incidents.ts';

/** What people do to an incident by the API. */
export type Verb = 'acknowledge' | 'resolve';

export interface Steering extends IncidentRef {
  readonly verb: Verb;
  readonly by: Extract<Principal, { kind: 'person' }>;
  /** For the timeline; may be empty. */
  readonly note: string;
  readonly requestId: string;
}

export interface Steered {
  readonly incident: Incident;
  /** Null when the verb was carried out. */
  readonly refusal: Refusal | null;
}

/**
 * Carries out what a person asks for, and logs who asked, for what, and with which outcome.
 * Asking again is refused as `already` and changes nothing.
 */
export async function steer(deps: Deps, input: Steering): Promise<Result<Steered, ActFailure>> {
  const { tenant, incidentId, verb, by, requestId } = input;
  const command = commandOf(input, deps);
  const causeId = `request ${requestId}`;
  const acted = await act(deps, { tenant, incidentId, command, causeId });
  const asked = { verb, tenant, incident: incidentId, who: by.id, via: by.via, requestId };
  if (!acted.ok) {
    deps.log.warn('A request of a person was not carried out.', { ...asked, why: acted.error });
    return acted;
  }
  const { incident, refusal } = acted.value;
  const outcome = refusal === null ? 'done' : refusal.kind;
  deps.log.info('A person asked for something.', { ...asked, outcome });
  return ok({ incident, refusal });
}

function commandOf({ verb, by, note }: Steering, { clock }: Deps): IncidentCommand {
  const occurredAtMs = clock.now();
  switch (verb) {
    case 'acknowledge':
      return { kind: 'acknowledge', by, note, occurredAtMs };
    case 'resolve':
      return { kind: 'resolve', cause: 'person', by, note, occurredAtMs };
  }
}
