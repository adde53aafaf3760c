import type { Action } from '../../domain/action/action.ts';
import type { Commit } from '../../domain/incident/event.ts';
import type { Incident } from '../../domain/incident/state.ts';
import type { TenantPolicy } from '../../domain/policy/policy.ts';
import { compareShadow } from '../../domain/runbook/compare-shadow.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { changesNear } from '../changes/changes-near.ts';
import { commitAction } from './commit-action.ts';
import type { ActDeps } from './deps.ts';

/**
 * Holds what runbooks in shadow would have done in an incident that is over against what people
 * did, once for each.
 */
export async function compareShadows(
  deps: ActDeps,
  incident: Incident,
  policy: TenantPolicy,
): Promise<Result<void, PortFailure>> {
  if (policy.actions.runbooks.length === 0) return ok(undefined);
  const actions = await actionsOf(deps, incident);
  if (!actions.ok) return actions;
  const shadows = actions.value.filter(
    ({ state, comparison }) => state === 'shadow' && comparison === null,
  );
  if (shadows.length === 0) return ok(undefined);
  const changes = await changesNear(deps, incident);
  if (!changes.ok) return changes;
  for (const shadow of shadows) {
    const service = serviceOf(shadow, policy);
    const comparison = compareShadow(shadow, {
      actions: actions.value,
      changes: changes.value.filter((change) => change.service === service),
    });
    const compared = await commitAction(
      deps,
      {
        tenant: incident.tenant,
        incidentId: incident.id,
        actionId: shadow.id,
        causeId: `comparison ${shadow.id}`,
      },
      () => Promise.resolve(ok({ kind: 'compare', comparison })),
    );
    if (!compared.ok && compared.error.kind !== 'refused') return err(compared.error);
  }
  return ok(undefined);
}

const serviceOf = ({ request }: Action, { actions }: TenantPolicy): string | null =>
  actions.targets.find(({ id }) => id === request.targetId)?.service ?? null;

/** All actions of an incident, those included that its snapshot has forgotten. */
async function actionsOf(
  { store, actionRows }: ActDeps,
  { tenant, id }: Incident,
): Promise<Result<readonly Action[], PortFailure>> {
  const commits = await store.loadCommits(tenant, id);
  if (!commits.ok) return commits;
  const actions: Action[] = [];
  for (const actionId of requestedIn(commits.value)) {
    const loaded = await actionRows.load(tenant, actionId);
    if (!loaded.ok) return loaded;
    if (loaded.value !== null) actions.push(loaded.value);
  }
  return ok(actions);
}

const requestedIn = (commits: readonly Commit[]): readonly string[] =>
  commits
    .flatMap(({ events }) => events)
    .flatMap((event) => (event.type === 'action.requested' ? [event.actionId] : []));
