import type { ChangeRecord } from '../../domain/action/rows.ts';
import type { Incident } from '../../domain/incident/state.ts';
import { servicesOf } from '../../domain/runbook/match-runbook.ts';
import { watchedForMs } from '../../domain/runbook/rank-changes.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import { epochMs } from '../../domain/shared/time.ts';
import type { Changes } from '../../ports/action-rows.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { Clock } from '../../ports/system.ts';

/** An incident over more services than this is no change of one of them. */
const maxServices = 10;

/** What was changed in the services of an incident, from a day before it began until now. */
export async function changesNear(
  { changes, clock }: { readonly changes: Changes; readonly clock: Clock },
  incident: Incident,
): Promise<Result<readonly ChangeRecord[], PortFailure>> {
  const { tenant, openedAtMs } = incident;
  const found: ChangeRecord[] = [];
  for (const service of servicesOf(incident).slice(0, maxServices)) {
    const fromMs = epochMs(openedAtMs - watchedForMs);
    const near = await changes.near({ tenant, service, fromMs, untilMs: clock.now() });
    if (!near.ok) return near;
    found.push(...near.value);
  }
  return ok(found);
}
