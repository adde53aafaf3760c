import type { Action } from '../../domain/action/action.ts';
import type { ActionCommand } from '../../domain/action/command.ts';
import { decideAction } from '../../domain/action/decide-action.ts';
import type { ActionEvent } from '../../domain/action/event.ts';
import type { IncidentView } from '../../domain/action/command.ts';
import { viewOf } from '../../domain/action/summary.ts';
import { decide } from '../../domain/incident/decide.ts';
import type { Incident } from '../../domain/incident/state.ts';
import type { TenantPolicy } from '../../domain/policy/policy.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { canonicalJson } from '../../domain/shared/json.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import type { ActionWrites } from '../../ports/action-writes.ts';
import { isRetryable, type PortFailure } from '../../ports/failure.ts';
import type { StoredDelivery } from '../../ports/store.ts';
import { followerOf } from '../act.ts';
import { isWorthDecidingAgain, maxAttempts, pause } from '../attempts.ts';
import { commitDecision } from '../commit.ts';
import { tenantOf } from '../deps.ts';
import type { ActionDeps } from './deps.ts';
import { nothingBeside, rowsBeside } from './rows-beside.ts';

/** What a decision on an action looks at, all of it just read. */
export interface ActionScene {
  readonly action: Action | null;
  readonly incident: Incident;
  readonly view: IncidentView;
  readonly policy: TenantPolicy;
  readonly nowMs: EpochMs;
}

/** Makes the command from what was read; called anew for each attempt. */
export type ChooseCommand = (scene: ActionScene) => Promise<Result<ActionCommand, ActionFailure>>;

export interface ActionTask {
  readonly tenant: string;
  readonly incidentId: string;
  readonly actionId: string;
  readonly causeId: string;
  /** A person's signed request, to be used once: kept in the same transaction. */
  readonly delivery?: StoredDelivery | undefined;
}

/** It was not done, and nothing was written; the sentence says what would be allowed. */
export interface Refused {
  readonly kind: 'refused';
  readonly message: string;
  /** `already`: an equal command was carried out before. `stale`: the action has moved on. */
  readonly why: 'already' | 'not_allowed' | 'stale';
}

export type ActionFailure = PortFailure | Refused;

export const refused = (message: string, why: Refused['why'] = 'not_allowed'): Refused => ({
  kind: 'refused',
  message,
  why,
});

/** The action and its incident as stored, and what was recorded by this decision. */
export interface ActionActed {
  readonly action: Action;
  readonly incident: Incident;
  readonly events: readonly ActionEvent[];
}

/**
 * The one place that writes actions: reads the action and its incident, decides, and commits the
 * incident's events together with the rows of the action, again from the start when somebody else
 * was first. `ok` means that this very call has written it: of several workers that decide the
 * same, one is told so.
 */
export async function commitAction(
  deps: ActionDeps,
  task: ActionTask,
  choose: ChooseCommand,
): Promise<Result<ActionActed, ActionFailure>> {
  let last: ActionFailure = { kind: 'conflict', message: 'The action was never free.' };
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    if (attempt > 0) await pause(deps, attempt);
    const done = await commitOnce(deps, task, choose);
    if (done.ok) return done;
    last = done.error;
    if (last.kind === 'refused' || !isWorthDecidingAgain(last)) break;
    const told = await wasToldBefore(deps, task);
    if (told !== null) return told;
  }
  return err(last);
}

/** An answer that was lost may have carried a person's request: then all of it is stored. */
async function wasToldBefore(
  deps: ActionDeps,
  task: ActionTask,
): Promise<Result<ActionActed, PortFailure> | null> {
  if (task.delivery === undefined) return null;
  const known = await deps.store.loadDelivery(task.delivery.key);
  if (!known.ok || known.value === null) return null;
  const scene = await readScene(deps, task);
  if (!scene.ok || scene.value.action === null) return null;
  const { action, incident } = scene.value;
  return ok({ action, incident, events: [] });
}

async function commitOnce(
  deps: ActionDeps,
  task: ActionTask,
  choose: ChooseCommand,
): Promise<Result<ActionActed, ActionFailure>> {
  const scene = await readScene(deps, task);
  if (!scene.ok) return scene;
  const command = await choose(scene.value);
  if (!command.ok) return command;
  const decided = await decideWhole(deps, scene.value, command.value);
  return decided.ok ? write(deps, task, { scene: scene.value, ...decided.value }) : decided;
}

/** A decision with all rows that it writes. */
interface Whole {
  readonly events: readonly ActionEvent[];
  readonly writes: ActionWrites;
  readonly nowMs: EpochMs;
}

async function decideWhole(
  deps: ActionDeps,
  scene: ActionScene,
  command: ActionCommand,
): Promise<Result<Whole, ActionFailure>> {
  const { action: before, policy } = scene;
  const nowMs = deps.clock.now();
  const decided = decideAction(before, command, { policy, nowMs });
  if (!decided.ok) return err(refused(decided.error.message, decided.error.kind));
  const { action, events } = decided.value;
  const rows =
    before === null
      ? ok(nothingBeside)
      : await rowsBeside(deps, { command, before, later: action, policy, nowMs });
  if (!rows.ok) {
    if (rows.error.kind !== 'lease-lost') return err(rows.error);
    const reason = 'Another action holds its target by now.';
    return decideWhole(deps, scene, { kind: 'give-up', reason });
  }
  // What a halt must stop is a call, and each is written down before it is made.
  const mustNotBeHalted = events.some(({ type }) => type === 'action.step_sent');
  return ok({ events, nowMs, writes: { action, ...rows.value, mustNotBeHalted } });
}

async function write(
  deps: ActionDeps,
  task: ActionTask,
  { scene, events, writes, nowMs }: Whole & { readonly scene: ActionScene },
): Promise<Result<ActionActed, ActionFailure>> {
  const { incident: before, policy } = scene;
  const { action } = writes;
  const { causeId, delivery } = task;
  if (events.length === 0) {
    const token = deps.hashing.digest(canonicalJson([causeId, action]));
    const noted = await surely(deps, () => deps.store.commit({ token, action: writes }));
    return noted.ok ? ok({ action, incident: before, events }) : noted;
  }
  const follower = before.state === 'resolved' ? await followerOf(deps, before) : ok(null);
  if (!follower.ok) return follower;
  const record = { kind: 'record-action', events, canReopen: follower.value === null } as const;
  const { decided } = decide(before, record, { policy, nowMs });
  const decree = { before, decided, nowMs, causeId, delivery, action: writes };
  const written = await surely(deps, () => commitDecision(deps, decree));
  return written.ok ? ok({ action, incident: written.value, events }) : written;
}

/** The same transaction is good for ten minutes, so that a lost answer can be asked for again. */
const writesOfOne = 3;

/**
 * Writes until it is known whether it stands. Whoever is about to make a call must know that this
 * is their own write: reading would only show that somebody has written it.
 */
async function surely<Value>(
  deps: ActionDeps,
  commit: () => Promise<Result<Value, PortFailure>>,
): Promise<Result<Value, PortFailure>> {
  let written = await commit();
  for (let attempt = 1; attempt < writesOfOne; attempt += 1) {
    if (written.ok || !isRetryable(written.error)) break;
    await pause(deps, attempt);
    written = await commit();
  }
  return written;
}

export async function readScene(
  { store, actionRows, policy, clock }: ActionDeps,
  { tenant, incidentId, actionId }: ActionTask,
): Promise<Result<ActionScene, PortFailure>> {
  const [incident, action] = await Promise.all([
    store.loadIncident(tenant, incidentId),
    actionRows.load(tenant, actionId),
  ]);
  if (!incident.ok) return incident;
  if (!action.ok) return action;
  const tenantPolicy = tenantOf(policy, tenant);
  if (incident.value === null || tenantPolicy === null) {
    const message = `There is no incident ${incidentId} for tenant ${tenant}.`;
    return err({ kind: 'not_found', message });
  }
  return ok({
    action: action.value,
    incident: incident.value,
    view: viewOf(incident.value),
    policy: tenantPolicy,
    nowMs: clock.now(),
  });
}
