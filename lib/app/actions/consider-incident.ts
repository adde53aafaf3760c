import type { ActionRequested } from '../../domain/action/event.ts';
import type { ChangeRecord } from '../../domain/action/rows.ts';
import type { Commit, IncidentEventType } from '../../domain/incident/event.ts';
import type { Incident } from '../../domain/incident/state.ts';
import type { RunbookPolicy } from '../../domain/policy/action-policy.ts';
import type { TenantPolicy } from '../../domain/policy/policy.ts';
import { chooseTarget } from '../../domain/runbook/choose-target.ts';
import { labelsOf, servicesOf, whyRunbook } from '../../domain/runbook/match-runbook.ts';
import { rankChanges } from '../../domain/runbook/rank-changes.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { act } from '../act.ts';
import { changesNear } from '../changes/changes-near.ts';
import { recordNear } from '../changes/record-near.ts';
import { tenantOf } from '../deps.ts';
import { compareShadows } from './compare-shadows.ts';
import type { ActDeps } from './deps.ts';
import { requestAction } from './request-action.ts';

/** After these a rule may match that did not before. */
const mayMatch: ReadonlySet<IncidentEventType> = new Set<IncidentEventType>([
  'incident.opened',
  'incident.reopened',
  'alerts.attached',
  'severity.changed',
  'change.found',
]);

/** What happened to an incident: a commit, or the part of it that the bus tells. */
export interface Happened {
  readonly tenant: string;
  readonly incidentId: string;
  readonly events: readonly { readonly type: IncidentEventType }[];
}

/**
 * Looks at an incident that has changed: writes down what was changed near its beginning, gives
 * people the checklists of the runbooks that match, and asks for the action of each once. When it
 * is resolved, compares what runbooks in shadow would have done with what people did. Harmless to
 * repeat; fails only with the store, and the event comes again.
 */
export async function considerIncident(
  deps: ActDeps,
  { tenant, incidentId, events }: Happened,
): Promise<Result<void, PortFailure>> {
  const isOver = events.some(({ type }) => type === 'incident.resolved');
  const policy = tenantOf(deps.policy, tenant);
  if (policy === null || !(isOver || events.some(({ type }) => mayMatch.has(type)))) {
    return ok(undefined);
  }
  const loaded = await deps.store.loadIncident(tenant, incidentId);
  if (!loaded.ok) return loaded;
  return loaded.value === null ? ok(undefined) : consider(deps, loaded.value, { policy, isOver });
}

async function consider(
  deps: ActDeps,
  incident: Incident,
  { policy, isOver }: { readonly policy: TenantPolicy; readonly isOver: boolean },
): Promise<Result<void, PortFailure>> {
  if (incident.isOperator) return ok(undefined);
  if (incident.state !== 'resolved') return considerOpen(deps, incident, policy);
  return isOver ? compareShadows(deps, incident, policy) : ok(undefined);
}

async function considerOpen(
  deps: ActDeps,
  incident: Incident,
  policy: TenantPolicy,
): Promise<Result<void, PortFailure>> {
  const { runbooks, changeSources } = policy.actions;
  if (runbooks.length === 0 && changeSources.length === 0) return ok(undefined);
  const changes = await changesNear(deps, incident);
  if (!changes.ok) return changes;
  for (const change of rankChanges(changes.value, incident)) {
    const recorded = await recordNear(deps, { incident, change });
    if (!recorded.ok) return recorded;
  }
  if (runbooks.length === 0) return ok(undefined);
  return followRunbooks(deps, { incident, policy, changes: changes.value });
}

interface Scene {
  readonly incident: Incident;
  readonly policy: TenantPolicy;
  readonly changes: readonly ChangeRecord[];
}

async function followRunbooks(deps: ActDeps, scene: Scene): Promise<Result<void, PortFailure>> {
  const { incident, policy, changes } = scene;
  const commits = await deps.store.loadCommits(incident.tenant, incident.id);
  if (!commits.ok) return commits;
  const alerts = labelsOf(commits.value);
  const asked = askedBy(commits.value);
  for (const runbook of policy.actions.runbooks) {
    const why = whyRunbook(runbook, { incident, alerts, changes });
    if (why === null) continue;
    const given = await giveChecklist(deps, incident, runbook);
    if (!given.ok) return given;
    if (asked.has(runbook.id)) continue;
    const requested = await askFor(deps, scene, { runbook, why });
    if (!requested.ok) return requested;
  }
  return ok(undefined);
}

/** Which runbooks have asked in this incident: a change of their mode is no reason to ask again. */
function askedBy(commits: readonly Commit[]): ReadonlySet<string> {
  const requests = commits
    .flatMap(({ events }) => events)
    .filter((event): event is ActionRequested => event.type === 'action.requested');
  return new Set(
    requests.flatMap(({ origin }) => (origin.kind === 'runbook' ? [origin.runbookId] : [])),
  );
}

async function giveChecklist(
  deps: ActDeps,
  { tenant, id, checklists }: Incident,
  { id: runbookId, title, steps, willNot }: RunbookPolicy,
): Promise<Result<void, PortFailure>> {
  const isGiven = checklists.some((known) => known.runbookId === runbookId);
  if (steps.length === 0 || isGiven) return ok(undefined);
  const acted = await act(deps, {
    tenant,
    incidentId: id,
    command: { kind: 'start-checklist', checklist: { runbookId, title, steps, willNot } },
    causeId: `runbook ${runbookId}`,
  });
  if (acted.ok || acted.error.kind === 'no_such_incident') return ok(undefined);
  return { ok: false, error: acted.error };
}

async function askFor(
  deps: ActDeps,
  { incident, policy }: Scene,
  { runbook, why }: { readonly runbook: RunbookPolicy; readonly why: string },
): Promise<Result<void, PortFailure>> {
  const { id, action, mode, proposes } = runbook;
  if (action === null) return ok(undefined);
  const { tenant, id: incidentId } = incident;
  const target = chooseTarget(action, servicesOf(incident), policy.actions.targets);
  if (target === null) {
    deps.log.info('A runbook has no target for what it proposes.', { tenant, incidentId, id });
    return ok(undefined);
  }
  const { verb, parameters } = action;
  const wish = await requestAction(deps, {
    tenant,
    incidentId,
    request: { verb, targetId: target.id, parameters, reason: `${proposes} ${why}` },
    origin: { kind: 'runbook', runbookId: id, mode },
    causeId: `runbook ${id}`,
  });
  // A refusal is told to the log by whoever refused; another runbook may still be followed.
  if (wish.ok || wish.error.kind === 'refused') return ok(undefined);
  return { ok: false, error: wish.error };
}
