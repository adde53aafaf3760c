import type { Action } from '../../domain/action/action.ts';
import type { IncidentView } from '../../domain/action/command.ts';
import type { Commit } from '../../domain/incident/event.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { ActionDeps } from './deps.ts';

/**
 * The view that a runbook's action is decided on: the snapshot keeps only the last actions, and no
 * runbook may act twice on a target in one incident, however many there were since.
 */
export async function wholeView(
  { store }: Pick<ActionDeps, 'store'>,
  view: IncidentView,
  { id, tenant, incidentId, origin }: Action,
): Promise<Result<IncidentView, PortFailure>> {
  if (origin.kind === 'person') return ok(view);
  const commits = await store.loadCommits(tenant, incidentId);
  if (!commits.ok) return commits;
  return ok({ ...view, changedTargets: startedOn(commits.value, id) });
}

/** Targets on which another action of the incident has started. */
function startedOn(commits: readonly Commit[], actionId: string): readonly string[] {
  const events = commits.flatMap((commit) => commit.events);
  const targets = new Map(
    events.flatMap((event) =>
      event.type === 'action.requested' ? [[event.actionId, event.request.targetId] as const] : [],
    ),
  );
  const started = events.flatMap((event) =>
    event.type === 'action.started' && event.actionId !== actionId
      ? (targets.get(event.actionId) ?? [])
      : [],
  );
  return [...new Set(started)];
}
