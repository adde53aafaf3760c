import type { ActionRequest, Origin } from '../../domain/action/action.ts';
import { actionIdOf } from '../../domain/action/action-id.ts';
import { describePrincipal } from '../../domain/incident/principal.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { StoredDelivery } from '../../ports/store.ts';
import {
  commitAction,
  readScene,
  type ActionActed,
  type ActionFailure,
  type ActionTask,
} from './commit-action.ts';
import type { ActionDeps } from './deps.ts';

export type { ActionActed, ActionFailure } from './commit-action.ts';

/** Somebody, or a runbook, wants something done. */
export interface ActionWish {
  readonly tenant: string;
  readonly incidentId: string;
  readonly request: ActionRequest;
  readonly origin: Origin;
  /** The seal of a person's request: the same one asks for the same action. */
  readonly causeId: string;
  readonly delivery?: StoredDelivery | undefined;
}

/**
 * Writes down what is wanted; the function that acts makes a plan of it. Nothing is read of the
 * target and nothing changed. A repeat gives the action that it made, without a second event; a
 * runbook asks for one thing once in an incident.
 */
export async function requestAction(
  deps: ActionDeps,
  wish: ActionWish,
): Promise<Result<ActionActed, ActionFailure>> {
  const { tenant, incidentId, request, origin, causeId, delivery } = wish;
  const cause = origin.kind === 'runbook' ? '' : causeId;
  const identity = { tenant, incidentId, request, origin, cause };
  const actionId = actionIdOf(deps.hashing.digest, identity);
  const task: ActionTask = { tenant, incidentId, actionId, causeId, delivery };
  const asked = await commitAction(deps, task, ({ view }) =>
    Promise.resolve(
      ok({ kind: 'request', tenant, incidentId, actionId, request, origin, incident: view }),
    ),
  );
  if (asked.ok || asked.error.kind !== 'refused') return asked;
  if (asked.error.why === 'already') return asBefore(deps, task);
  deps.log.info('A request for an action was refused.', {
    tenant,
    incident: incidentId,
    who: origin.kind === 'person' ? describePrincipal(origin.by) : `runbook ${origin.runbookId}`,
    what: `${request.verb} ${request.targetId}`,
    why: asked.error.message,
    policyVersion: deps.policy.version,
  });
  return asked;
}

async function asBefore(
  deps: ActionDeps,
  task: ActionTask,
): Promise<Result<ActionActed, ActionFailure>> {
  const scene = await readScene(deps, task);
  if (!scene.ok) return scene;
  const { action, incident } = scene.value;
  return action === null ? commitLost : ok({ action, incident, events: [] });
}

/** Rows of actions are never deleted, so what was there a moment ago is there. */
const commitLost: Result<never, ActionFailure> = {
  ok: false,
  error: { kind: 'not_found', message: 'The action of this request cannot be found any more.' },
};
