import { nextStep, type Step } from '../../domain/announce/next-step.ts';
import {
  atRest,
  hasFailed,
  heldBack,
  inTurn,
  putOff,
  type RowChange,
} from '../../domain/announce/row-changes.ts';
import type { EpochMs } from '../../domain/shared/time.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { ChatFailure } from '../../ports/chat.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { amend, loadRow, type Amended } from './amend.ts';
import { carryOut, isPassing, type Outcome } from './carry-out.ts';
import type { Run, Subject } from './run.ts';
import { look, viewOf, type Looked } from './look.ts';
import { post } from './post.ts';

/** More steps than an incident ever needs at once; the next look goes on. */
const stepsPerLook = 25;

/**
 * Brings the chat to show an incident as it stands, call by call, as far as the workspace lets us;
 * what is left is written down for the next look. Harmless to repeat and to run at the same time.
 * Fails only with the store.
 */
export async function announceIncident(
  run: Run,
  subject: Subject,
): Promise<Result<void, PortFailure>> {
  const looked = await look(run, subject);
  if (!looked.ok || looked.value === null) return looked.ok ? ok(undefined) : looked;
  return show(run, looked.value);
}

async function show(run: Run, from: Looked): Promise<Result<void, PortFailure>> {
  let looked = from;
  for (let steps = 0; steps < stepsPerLook; steps += 1) {
    const taken = await takeStep(run, looked);
    if (!taken.ok || taken.value.isOver) return taken.ok ? ok(undefined) : taken;
    const next = await lookAgain(run, looked, taken.value);
    if (!next.ok) return next;
    looked = next.value;
  }
  return leave(run, looked.row, putOff(run.deps.clock.now()));
}

/** What was read stays good as long as nobody else was at work. */
async function lookAgain(
  run: Run,
  looked: Looked,
  { row, isContended }: Amended,
): Promise<Result<Looked, PortFailure>> {
  if (!isContended) return ok({ ...looked, row });
  const again = await look(run, { incidentId: row.incidentId, commits: [] });
  return again.ok ? ok(again.value ?? looked) : again;
}

/** Only notes that the incident is to be looked at, for while the workspace is out of reach. */
export async function postpone(
  run: Run,
  incidentId: string,
  untilMs: EpochMs,
): Promise<Result<void, PortFailure>> {
  const row = await loadRow(run.deps, run.tenant.id, incidentId);
  return row.ok ? leave(run, row.value, putOff(untilMs)) : row;
}

type Taken = Promise<Result<Amended & { readonly isOver: boolean }, PortFailure>>;

async function takeStep(run: Run, looked: Looked): Taken {
  const { row } = looked;
  const view = viewOf(run, looked);
  const step = nextStep(view);
  if (step.kind === 'rest') {
    const rested = await finish(run, row, atRest(row.version, step.toldSeq, step.nextAtMs));
    // Somebody else was at work: perhaps there is more to show by now.
    return rested.ok ? ok({ ...rested.value, isOver: !rested.value.isContended }) : rested;
  }
  const waitMs = await run.pace.turn(laneOf(step));
  if (waitMs !== null) return finish(run, row, putOff(waitMs));
  if (step.kind !== 'post') return settle(run, row, await carryOut(run, view, step));
  const announced = await post(run, view, step);
  if (!announced.ok) return announced;
  const { amended, outcome } = announced.value;
  return outcome === null
    ? ok({ ...amended, isContended: true, isOver: false })
    : settle(run, amended.row, outcome);
}

/** Slack's limits are for each method, and for posts in each channel as well. */
const laneOf = (step: Exclude<Step, { readonly kind: 'rest' }>): string =>
  step.kind === 'post' ? `post ${step.place.channel}` : step.kind;

async function settle(run: Run, row: Looked['row'], outcome: Outcome): Taken {
  if (outcome.kind === 'done') {
    await run.pace.succeeded();
    const amended = await amend(run.deps, row, outcome);
    return amended.ok ? ok({ ...amended.value, isOver: false }) : amended;
  }
  const { failure, to } = outcome;
  const reopensAtMs = isTheIncidents(failure) ? null : await run.pace.failed(failure);
  run.deps.log.warn('Slack was not told.', { incident: row.incidentId, why: failure.message });
  const nowMs = run.deps.clock.now();
  const later =
    failure.kind === 'throttled' && reopensAtMs !== null
      ? heldBack(reopensAtMs)
      : hasFailed(nowMs, reopensAtMs ?? nowMs);
  return finish(run, row, to === null ? later : inTurn(to, later));
}

/** A message that is refused says nothing of the workspace. */
const isTheIncidents = (failure: ChatFailure): boolean =>
  !isPassing(failure) && failure.about === 'message';

async function finish(run: Run, row: Looked['row'], to: RowChange): Taken {
  const amended = await amend(run.deps, row, { to });
  return amended.ok ? ok({ ...amended.value, isOver: true }) : amended;
}

async function leave(
  run: Run,
  row: Looked['row'],
  to: RowChange,
): Promise<Result<void, PortFailure>> {
  const amended = await amend(run.deps, row, { to });
  return amended.ok ? ok(undefined) : amended;
}
