import type { IncidentCommand } from '../../domain/incident/command.ts';
import type { Incident } from '../../domain/incident/state.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import { act } from '../act.ts';
import { allowedNow, failed, refused } from './answers.ts';
import type { IncidentCall } from './verb.ts';

/**
 * Carries out a command on the incident of a call, together with the request that asks for it.
 * The incident as read is where it begins, so that the usual case is one write.
 */
export async function carryOut(
  call: IncidentCall,
  command: IncidentCommand,
  told: (incident: Incident) => string,
): Promise<VerbReply> {
  const { deps, tenant, incident, by, requestId } = call;
  const acted = await act(deps, {
    tenant: tenant.id,
    incidentId: incident.id,
    command,
    causeId: `${by.via} ${requestId}`,
    known: incident,
    delivery: call.delivery(incident.id),
  });
  if (!acted.ok) return failed(acted.error);
  const { refusal, incident: after } = acted.value;
  return refusal === null
    ? { kind: 'done', text: told(after), incident: after }
    : refused(`${refusal.message} ${allowedNow(after)}`, after);
}
