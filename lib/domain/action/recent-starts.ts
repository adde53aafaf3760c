import type { GuardrailPolicy } from '../policy/action-policy.ts';
import { after, durationMs, hours, latest, type EpochMs } from '../shared/time.ts';
import type { Action } from './action.ts';
import type { Plan } from './plan.ts';
import type { RecentStarts } from './rows.ts';

type RecentStart = RecentStarts['starts'][number];

/** Every action ends long before that: a start without an end by then was lost. */
const longestRunMs = hours(6);

/** Whether an action that was started has not ended. */
export const isRunning = ({ atMs, endedAtMs }: RecentStart, nowMs: EpochMs): boolean =>
  endedAtMs === null && after(atMs, longestRunMs) > nowMs;

/**
 * Until when runbooks leave a target alone, since something was done to it; null when they need
 * not. While an action runs there is no end to name: it is the lease that keeps others away.
 */
export function coolingUntil(
  { starts }: RecentStarts,
  targetId: string,
  of: { readonly guardrails: GuardrailPolicy; readonly nowMs: EpochMs },
): EpochMs | null {
  const ends = starts.flatMap((start) =>
    start.targetId === targetId && start.endedAtMs !== null
      ? [after(start.endedAtMs, of.guardrails.cooldownMs)]
      : [],
  );
  const until = ends.reduce<EpochMs | null>((a, b) => (a === null ? b : latest(a, b)), null);
  return until !== null && until > of.nowMs ? until : null;
}

/** The row of recent starts with this one in it, and without what no rule asks for any more. */
export function withStart(
  starts: RecentStarts,
  { plan, origin }: { readonly plan: Plan; readonly origin: Action['origin'] },
  of: { readonly guardrails: GuardrailPolicy; readonly nowMs: EpochMs },
): RecentStarts {
  const { actionId, target, locks } = plan;
  const start: RecentStart = {
    actionId,
    targetId: target.id,
    team: target.team,
    isByRunbook: origin.kind === 'runbook',
    locks,
    atMs: of.nowMs,
    endedAtMs: null,
  };
  return changed(starts, [...starts.starts, start], of);
}

/** The row of recent starts with the end of one. */
export const withEnd = (
  starts: RecentStarts,
  actionId: string,
  of: { readonly guardrails: GuardrailPolicy; readonly nowMs: EpochMs },
): RecentStarts =>
  changed(
    starts,
    starts.starts.map((start) =>
      start.actionId === actionId ? { ...start, endedAtMs: start.endedAtMs ?? of.nowMs } : start,
    ),
    of,
  );

function changed(
  starts: RecentStarts,
  entries: readonly RecentStart[],
  { guardrails, nowMs }: { readonly guardrails: GuardrailPolicy; readonly nowMs: EpochMs },
): RecentStarts {
  const keepMs = durationMs(Math.max(guardrails.windowMs, guardrails.cooldownMs));
  const kept = entries.filter(
    (start) =>
      isRunning(start, nowMs) ||
      after(latest(start.atMs, start.endedAtMs ?? start.atMs), keepMs) > nowMs,
  );
  return { ...starts, version: starts.version + 1, starts: kept };
}

/** Whether a decision changes the row of recent starts: at the start and at the end of what ran. */
export const concernsStarts = (before: Action, later: Action): boolean =>
  (before.startedAtMs === null && later.startedAtMs !== null) ||
  (later.startedAtMs !== null && before.endedAtMs === null && later.endedAtMs !== null);

/** What a decision writes of the recent starts; null when it does not concern them. */
export function startWrites(
  before: Action,
  later: Action,
  of: {
    readonly starts: RecentStarts;
    readonly guardrails: GuardrailPolicy;
    readonly nowMs: EpochMs;
  },
): RecentStarts | null {
  if (!concernsStarts(before, later) || later.plan === null) return null;
  return later.endedAtMs === null
    ? withStart(of.starts, { plan: later.plan, origin: later.origin }, of)
    : withEnd(of.starts, later.id, of);
}
