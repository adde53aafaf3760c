import { dueRows, nameOf, type DueAt } from '../domain/incident/due.ts';
import type { Incident } from '../domain/incident/state.ts';
import { ok, type Result } from '../domain/shared/result.ts';
import { after, between, durationMs, minutes, seconds, toIso } from '../domain/shared/time.ts';
import type { PortFailure } from '../ports/failure.ts';
import { act } from './act.ts';
import { inParallel } from './concurrency.ts';
import type { IntakeDeps, PagingDeps } from './deps.ts';
import { attemptTimeoutMs, sendFrom } from './send-page.ts';
import { summariseHeld, type HeldPage } from './summarise-held.ts';

/** A tick looks this far ahead: the next one starts then. */
const horizonMs = minutes(1);
/** While it waits, new rows are looked for this often. */
const lookAgainMs = seconds(5);
/** A row whose cause is gone for this long is no race with a commit. */
const pointlessAfterMs = minutes(10);
const rowsAtOnce = 8;
const rowsPerLook = 200;
const looksPerTick = 500;

/** The clock sends pages, and opens the incident that sums up those that are held. */
export type ClockDeps = IntakeDeps & PagingDeps;

export interface Tick {
  /** Rows that were acted on. */
  readonly handled: number;
  /** Rows whose incident could not be read or written; the next tick finds them again. */
  readonly failed: number;
}

/**
 * One run of the clock. Acts on every row that is due, then waits for those that become due
 * within the next minute and acts on each at its instant; ends at once when there is none. Late,
 * missing, repeated and overlapping runs change nothing but lateness.
 */
export async function runClock(deps: ClockDeps): Promise<Result<Tick, PortFailure>> {
  const endMs = after(deps.clock.now(), horizonMs);
  const seen = new Set<string>();
  let tick: Tick = { handled: 0, failed: 0 };
  for (let look = 0; look < looksPerTick; look += 1) {
    const rows = await deps.store.loadDue(endMs, rowsPerLook + seen.size);
    if (!rows.ok) return rows;
    const fresh = rows.value.filter((row) => !seen.has(nameOf(row)));
    const [next] = fresh;
    if (next === undefined) break;
    const nowMs = deps.clock.now();
    if (next.dueAtMs > nowMs) {
      if (nowMs > endMs) break;
      await deps.clock.sleep(durationMs(Math.min(next.dueAtMs - nowMs, lookAgainMs)));
      continue;
    }
    const due = fresh.filter(({ dueAtMs }) => dueAtMs <= nowMs);
    for (const row of due) seen.add(nameOf(row));
    tick = add(tick, await handleDue(deps, due));
  }
  return ok(tick);
}

const add = (a: Tick, b: Tick): Tick => ({
  handled: a.handled + b.handled,
  failed: a.failed + b.failed,
});

async function handleDue(deps: ClockDeps, due: readonly DueAt[]): Promise<Tick> {
  const { pagerRest: _restLater, ...pagesOnly } = deps;
  const results = await inParallel(due, rowsAtOnce, (row) => handleRow(pagesOnly, row));
  const held = results.flatMap((result) => (result.ok ? (result.value.held ?? []) : []));
  const summaries = await summariseByKey(deps, held);
  // No page waits for PagerDuty's REST API, however slow that is.
  const left = due.filter((_, index) => isLeft(results[index]));
  const others = await inParallel(left, rowsAtOnce, (row) => handleRow(deps, row));
  const failed = [...results, ...summaries, ...others].filter((result) => !result.ok).length;
  return { handled: due.length - Math.min(failed, due.length), failed };
}

interface Handled {
  /** The page, where it was found held. */
  readonly held: HeldPage | null;
  /** It goes through the REST API, and was left for later. */
  readonly isLeft: boolean;
}

const isLeft = (result: Result<Handled, unknown> | undefined): boolean =>
  result?.ok === true && result.value.isLeft;

/** Wakes the incident of one row, and sends its page. */
async function handleRow(deps: ClockDeps, due: DueAt): Promise<Result<Handled, unknown>> {
  const { tenant, incidentId, dueAtMs, row } = due;
  const causeId = `due ${toIso(dueAtMs)}`;
  const woken = await act(deps, { tenant, incidentId, command: { kind: 'wake' }, causeId });
  if (!woken.ok) return tell(deps, incidentId, woken);
  await dropIfPointless(deps, due, woken.value.incident);
  if (row.kind === 'timer') return ok({ held: null, isLeft: false });
  const sent = await sendFrom(deps, {
    incident: woken.value.incident,
    intentId: row.intentId,
    timeoutMs: attemptTimeoutMs,
  });
  if (!sent.ok) return tell(deps, incidentId, sent);
  const { incident } = 'incident' in sent.value ? sent.value : woken.value;
  const intent = incident.intents.find(({ intentId }) => intentId === row.intentId);
  const held = intent?.isHeld === true ? { incident, intentId: row.intentId } : null;
  return ok({ held, isLeft: sent.value.kind === 'left' });
}

/** A row that has not followed from its incident for a while would be found by every tick. */
async function dropIfPointless(deps: ClockDeps, due: DueAt, incident: Incident): Promise<void> {
  if (between(due.dueAtMs, deps.clock.now()) < pointlessAfterMs) return;
  if (dueRows(incident).some((row) => nameOf(row) === nameOf(due))) return;
  deps.log.warn('A due row without a cause is removed.', { row: nameOf(due) });
  const dropped = await deps.store.dropDue([due]);
  if (!dropped.ok) tell(deps, incident.id, dropped);
}

function tell<Failed extends { readonly ok: false; readonly error: unknown }>(
  { log }: ClockDeps,
  incident: string,
  failed: Failed,
): Failed {
  log.error('A due row is left to the next tick.', { incident, why: failed.error });
  return failed;
}

function summariseByKey(
  deps: ClockDeps,
  held: readonly HeldPage[],
): Promise<readonly Result<void, unknown>[]> {
  const byKey = Map.groupBy(held, ({ incident }) => `${incident.tenant}/${incident.routingKey}`);
  return inParallel([...byKey.values()], 1, (pages) => summariseHeld(deps, pages));
}
