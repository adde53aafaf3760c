import type { IncidentCommand } from '../../domain/incident/command.ts';
import { pagerdutyItself, type Principal } from '../../domain/incident/principal.ts';
import type { Incident } from '../../domain/incident/state.ts';
import { compare, missingThere, type Difference } from '../../domain/reconcile/compare.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { minutes, toIso } from '../../domain/shared/time.ts';
import type { PagerIncidentRecord, PagerReference } from '../../ports/pager.ts';
import { act, type ActFailure } from '../act.ts';
import { tenantOf } from '../deps.ts';
import type { ReconcileDeps } from './deps.ts';

/** Two sides that should say the same. */
export interface Pair {
  readonly ours: Incident;
  /** Null: PagerDuty knows of none. */
  readonly theirs: PagerIncidentRecord | null;
}

/** PagerDuty is not told the same again before this: it may be on its way, or will never show. */
const repairAgainAfterMs = minutes(30);

/** Makes both sides equal. Gives whether something had to be done. */
export async function heal(
  deps: ReconcileDeps,
  { ours, theirs }: Pair,
): Promise<Result<boolean, ActFailure>> {
  const difference = differenceOf(deps, { ours, theirs });
  switch (difference.kind) {
    case 'none':
      return ok(false);
    case 'theirs':
      return catchUp(deps, ours, difference);
    case 'ours':
      return repair(deps, ours, difference);
  }
}

function differenceOf(deps: ReconcileDeps, { ours, theirs }: Pair): Difference {
  if (theirs === null) return missingThere(ours);
  const by = principalOf(deps, ours, theirs.changedBy);
  return compare({ ours, theirs, by, nowMs: deps.clock.now() });
}

/** Who acted there, under the policy's name where it knows the person. */
function principalOf(
  { policy }: ReconcileDeps,
  { tenant }: Incident,
  changedBy: PagerReference | null,
): Principal {
  if (changedBy === null) {
    return { kind: 'person', via: 'pagerduty', id: pagerdutyItself, name: 'PagerDuty' };
  }
  const people = tenantOf(policy, tenant)?.people ?? [];
  const person = people.find(({ pagerdutyUserId }) => pagerdutyUserId === changedBy.id);
  const { id, name } = person ?? changedBy;
  return { kind: 'person', via: 'pagerduty', id, name };
}

/** Ours follows, and the log says that no webhook told of it. */
async function catchUp(
  deps: ReconcileDeps,
  ours: Incident,
  { commands, text }: Extract<Difference, { readonly kind: 'theirs' }>,
): Promise<Result<boolean, ActFailure>> {
  let isDone = false;
  for (const command of commands) {
    const acted = await carryOut(deps, ours, command);
    if (!acted.ok) return acted;
    isDone ||= acted.value;
  }
  if (!isDone) return ok(false);
  const told = await carryOut(deps, ours, {
    kind: 'record-activity',
    activity: 'reconciled',
    by: { kind: 'system', part: 'reconciliation' },
    occurredAtMs: deps.clock.now(),
    text: `${text}; no webhook had told of it`,
  });
  return told.ok ? ok(true) : told;
}

async function repair(
  deps: ReconcileDeps,
  ours: Incident,
  { repair: command }: Extract<Difference, { readonly kind: 'ours' }>,
): Promise<Result<boolean, ActFailure>> {
  const claimed = await deps.store.claim({
    tenant: ours.tenant,
    id: `repair#${ours.id}#${command.to}#${ours.reopenCount}`,
    atMs: deps.clock.now(),
    keepForMs: repairAgainAfterMs,
  });
  if (!claimed.ok) return err(claimed.error);
  return claimed.value ? carryOut(deps, ours, command) : ok(false);
}

/** Whether the command changed something. What somebody else did meanwhile is as good. */
async function carryOut(
  deps: ReconcileDeps,
  { tenant, id: incidentId }: Incident,
  command: IncidentCommand,
): Promise<Result<boolean, ActFailure>> {
  const causeId = `reconciliation ${toIso(deps.clock.now())}`;
  const acted = await act(deps, { tenant, incidentId, command, causeId });
  return acted.ok ? ok(acted.value.refusal === null) : acted;
}
