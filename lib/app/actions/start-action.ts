import type { Action } from '../../domain/action/action.ts';
import type { FurtherCommand } from '../../domain/action/command.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { ActionFailure, ActionScene } from './commit-action.ts';
import type { ActDeps } from './deps.ts';
import { readHalt } from './halt.ts';
import { wholeView } from './incident-view.ts';
import { look } from './look.ts';
import { standingOf } from './plan-action.ts';
import { loadLeases } from './rows-beside.ts';

/**
 * What is needed to start an approved action, all of it read now: the target first, which may
 * take its time, then the rows on which the start is written.
 */
export async function commandOfStart(
  deps: ActDeps,
  { action, view }: ActionScene & { readonly action: Action },
): Promise<Result<FurtherCommand, ActionFailure>> {
  const seen = await look(deps, action);
  if (!seen.ok) {
    const reason = `The target cannot be read now: ${seen.error.message}`;
    return ok({ kind: 'wait', reason });
  }
  const { tenant } = action;
  const incident = await wholeView(deps, view, action);
  if (!incident.ok) return incident;
  const leases = await loadLeases(deps.actionRows, action);
  if (!leases.ok) return leases;
  const starts = await deps.actionRows.loadStarts(tenant);
  if (!starts.ok) return starts;
  const standing = await standingOf(deps, action);
  if (!standing.ok) return standing;
  return ok({
    kind: 'start',
    incident: incident.value,
    halt: await readHalt(deps, tenant),
    leases: leases.value,
    starts: starts.value,
    standing: standing.value,
    observation: seen.value,
  });
}
