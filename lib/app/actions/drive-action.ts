import type { Action } from '../../domain/action/action.ts';
import type { FurtherCommand } from '../../domain/action/command.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import type { PortFailure } from '../../ports/failure.ts';
import {
  commitAction,
  type ActionActed,
  type ActionFailure,
  type ActionScene,
} from './commit-action.ts';
import type { ActDeps } from './deps.ts';
import { readHalt } from './halt.ts';
import { look } from './look.ts';
import { commandOfPlan } from './plan-action.ts';
import type { ActionRef } from './read-actions.ts';
import { commandOfStart } from './start-action.ts';
import { sendStep, taskOf } from './step-action.ts';
import { commandOfSample } from './validate.ts';

/** More things than that are never due at once; the next run goes on. */
const stepsAtOnce = 30;

/**
 * Does everything that is due now for one action, and leaves the rest to its instant. Whatever is
 * interrupted is taken over by reading the target, so that dying anywhere in it, doing it twice
 * and doing it side by side change nothing but lateness.
 */
export async function driveAction(
  deps: ActDeps,
  ref: ActionRef,
): Promise<Result<void, PortFailure>> {
  for (let step = 0; step < stepsAtOnce; step += 1) {
    const driven = await driveOnce(deps, ref);
    if (!driven.ok) return driven;
    if (driven.value === 'rests') return ok(undefined);
  }
  return ok(undefined);
}

async function driveOnce(
  deps: ActDeps,
  { tenant, actionId }: ActionRef,
): Promise<Result<'moves' | 'rests', PortFailure>> {
  const loaded = await deps.actionRows.load(tenant, actionId);
  if (!loaded.ok) return loaded;
  const action = loaded.value;
  if (action === null || action.endedAtMs !== null) return ok('rests');
  const isUnwanted = await isLeftOver(deps, action);
  if (!isUnwanted.ok) return isUnwanted;
  if (!isUnwanted.value && !isDue(action, deps.clock.now())) return ok('rests');
  return movedBy(await doNext(deps, action, isUnwanted.value));
}

/** Refused: somebody else was first, and goes on with it. */
function movedBy(done: Result<ActionActed, ActionFailure>): Result<'moves' | 'rests', PortFailure> {
  if (done.ok) return ok('moves');
  return done.error.kind === 'refused' ? ok('rests') : err(done.error);
}

const isDue = ({ nextAtMs }: Action, nowMs: EpochMs): boolean =>
  nextAtMs !== null && nextAtMs <= nowMs;

const hasNotStarted = ({ state }: Action): boolean =>
  state === 'planning' || state === 'proposed' || state === 'approved';

/** Whether it waits although its incident is over. */
async function isLeftOver(
  { store }: ActDeps,
  action: Action,
): Promise<Result<boolean, PortFailure>> {
  if (!hasNotStarted(action)) return ok(false);
  const incident = await store.loadIncident(action.tenant, action.incidentId);
  if (!incident.ok) return incident;
  return ok(incident.value?.state === 'resolved');
}

type Scene = ActionScene & { readonly action: Action };
type Choice = (deps: ActDeps, scene: Scene) => Promise<Result<FurtherCommand, ActionFailure>>;

async function doNext(
  deps: ActDeps,
  action: Action,
  isUnwanted: boolean,
): Promise<Result<ActionActed, ActionFailure>> {
  const choose = isUnwanted ? cancelled : choiceFor(action, deps.clock.now());
  const acted = await commitAction(deps, taskOf(deps, action), (scene) =>
    // A row that was there stays there, and one that has moved on refuses by itself.
    choose(deps, { ...scene, action: scene.action ?? action }),
  );
  if (!acted.ok) return acted;
  const isAboutToCall = acted.value.events.some(({ type }) => type === 'action.step_sent');
  return isAboutToCall ? sendStep(deps, acted.value.action) : acted;
}

function choiceFor({ state, sentAtMs, expiresAtMs }: Action, nowMs: EpochMs): Choice {
  const hasExpired = expiresAtMs !== null && expiresAtMs <= nowMs;
  switch (state) {
    case 'planning':
      return commandOfPlan;
    case 'approved':
      return hasExpired ? woken : commandOfStart;
    case 'executing':
      return sentAtMs === null ? commandOfSend : commandOfLook;
    case 'uncertain':
    case 'observing':
      return commandOfLook;
    case 'validating':
      return commandOfSample;
    case 'proposed':
    case 'shadow':
    case 'done':
    case 'verified':
    case 'failed':
    case 'unverified':
    case 'refused':
    case 'denied':
    case 'expired':
    case 'cancelled':
      return woken;
  }
}

const woken: Choice = () => Promise.resolve(ok({ kind: 'wake' }));

const cancelled: Choice = () =>
  Promise.resolve(
    ok({
      kind: 'cancel',
      by: { kind: 'system', part: 'actions' },
      reason: 'The incident was resolved before it started.',
    }),
  );

const commandOfSend: Choice = async (deps, { action }) =>
  ok({ kind: 'send', halt: await readHalt(deps, action.tenant) });

const commandOfLook: Choice = async (deps, { action }) => {
  const seen = await look(deps, action);
  return ok(
    seen.ok
      ? { kind: 'looked', observation: seen.value }
      : { kind: 'look-failed', message: seen.error.message },
  );
};
