import { err, ok } from '../../domain/shared/result.ts';
import type { OnCall, PagerReference, PagerRest } from '../../ports/pager.ts';
import { membersOf } from './call.ts';
import { callRest, listRest, unreadable, type Answer, type RestDeps } from './rest-call.ts';
import { assignmentOf, readAll, readOnCall, readReference } from './rest-read.ts';

interface Standing {
  readonly policy: PagerReference;
  readonly turns: readonly OnCall[];
  readonly level: number;
  /** Since when whoever has it has it. */
  readonly sinceMs: number;
}

/**
 * Hands an incident to the next level. PagerDuty does not say on which level an incident is, so it
 * is read from who has it now and who is on call on which level.
 */
export async function escalate(
  deps: RestDeps,
  { pagerIncidentId, askedAtMs }: Parameters<PagerRest['escalate']>[0],
  signal: AbortSignal,
): Answer<number> {
  const path = `/incidents/${encodeURIComponent(pagerIncidentId)}`;
  const standing = await look(deps, path, signal);
  if (!standing.ok) return standing;
  const { policy, turns, level, sinceMs } = standing.value;
  // PagerDuty gives whole seconds.
  const wasHandedOn = sinceMs > Math.ceil(askedAtMs / 1000) * 1000;
  if (wasHandedOn) return ok(level);
  if (!turns.some((turn) => turn.level === level + 1)) {
    const message = `The incident is with the last level (${level}) of ${policy.name} already.`;
    return err({ kind: 'rejected', message });
  }
  const data = { incident: { type: 'incident_reference', escalation_level: level + 1 } };
  const written = await callRest(deps, { method: 'PUT', path, data }, signal);
  return written.ok ? ok(level + 1) : written;
}

async function look(deps: RestDeps, path: string, signal: AbortSignal): Answer<Standing> {
  const shown = await callRest(deps, { method: 'GET', path }, signal);
  if (!shown.ok) return shown;
  const { incident } = membersOf(shown.value);
  const policy = readReference(membersOf(incident)['escalation_policy']);
  if (policy === null) return err(unreadable('no escalation policy of the incident'));
  const query = { 'escalation_policy_ids[]': [policy.id] };
  const listed = await listRest(deps, { path: '/oncalls', name: 'oncalls', query }, signal);
  if (!listed.ok) return listed;
  const turns = readAll(listed.value, readOnCall);
  const { userIds, sinceMs } = assignmentOf(incident) ?? { userIds: [], sinceMs: 0 };
  return ok({ policy, turns, level: levelOf(turns, userIds), sinceMs });
}

/** The lowest level on which somebody who has the incident is on call now; 0 when nobody is. */
const levelOf = (turns: readonly OnCall[], userIds: readonly string[]): number => {
  const levels = turns.filter(({ user }) => userIds.includes(user.id)).map(({ level }) => level);
  return levels.length === 0 ? 0 : Math.min(...levels);
};
