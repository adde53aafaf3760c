import { systemHashing } from '../../../lib/adapters/system/hashing.ts';
import { commitAction } from '../../../lib/app/actions/commit-action.ts';
import { planHashOf } from '../../../lib/domain/action/action-id.ts';
import type { Action } from '../../../lib/domain/action/action.ts';
import type { FurtherCommand } from '../../../lib/domain/action/command.ts';
import type { Plan } from '../../../lib/domain/action/plan.ts';
import { noStarts } from '../../../lib/domain/action/unwritten.ts';
import type { Incident } from '../../../lib/domain/incident/state.ts';
import { ok } from '../../../lib/domain/shared/result.ts';
import { samplePlan } from '../../contract/action-samples.ts';
import { ada, jsonOf, type World } from './world.ts';

/** What a request to roll the checkout back says. */
export const wish = { verb: 'rollback', target: 'checkout', reason: 'errors since 2.4.0' } as const;

/** One call of the API as a person. */
export async function call(
  world: World,
  path: string,
  of: {
    readonly body?: unknown;
    readonly as?: string;
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
) {
  const { body, as = ada, method = body === undefined ? 'GET' : 'POST', headers } = of;
  const response = await world.ask({
    method,
    url: `/v1/${path}`,
    as,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(headers === undefined ? {} : { headers }),
  });
  return { status: response.statusCode, answer: jsonOf(response) };
}

/** Asks for the rollback and gives the id of the action. */
export async function asked(world: World, { id }: Incident, as = ada): Promise<string> {
  const { answer } = await call(world, `incidents/${id}/actions`, { body: wish, as });
  return (answer['action'] as { readonly id: string }).id;
}

/** What the function that acts would do next to an action. */
export async function step(
  world: World,
  { tenant, id: incidentId }: Incident,
  of: { readonly actionId: string; readonly command: FurtherCommand },
): Promise<Action> {
  const { actionId, command } = of;
  const task = { tenant, incidentId, actionId, causeId: 'test' };
  const done = await commitAction(world.app, task, () => Promise.resolve(ok(command)));
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return done.value.action;
}

/** The action with a plan: it waits for one approval of somebody who is not bob. */
export async function planned(
  world: World,
  incident: Incident,
  of: { readonly actionId: string; readonly plan?: Partial<Plan> },
): Promise<Action> {
  const { actionId, plan: own = {} } = of;
  const { tenant, id: incidentId } = incident;
  const sample = samplePlan(actionId);
  const plan: Plan = { ...sample, tenant, incidentId, plannedAtMs: world.clock.now(), ...own };
  return step(world, incident, {
    actionId,
    command: {
      kind: 'planned',
      plan,
      planHash: planHashOf(systemHashing.digest, plan),
      standing: null,
      starts: noStarts(tenant),
      incident: { isResolved: false, severity: incident.severity, changedTargets: [] },
    },
  });
}
