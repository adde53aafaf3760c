import type { FreezePolicy, GuardrailPolicy } from '../policy/action-policy.ts';
import { after, describeSpan, toIso, type EpochMs } from '../shared/time.ts';
import { isHeldByOther, isLocked } from './lease.ts';
import type { Plan } from './plan.ts';
import { isRunning } from './recent-starts.ts';
import type { Halt, Lease, RecentStarts } from './rows.ts';

/** The freeze that holds now, or null. Its end is no part of it. */
export const freezeAt = ({ freezes }: GuardrailPolicy, nowMs: EpochMs): FreezePolicy | null =>
  freezes.find(({ from, until }) => from <= nowMs && nowMs < until) ?? null;

/** What a start is weighed against. */
export interface StartRows {
  readonly halt: Halt | null;
  readonly leases: readonly Lease[];
  readonly starts: RecentStarts;
}

/**
 * Why an action must wait although everything of its own is right: halted, locked, its target in
 * use, or a limit reached. A sentence; null when it may start now.
 */
export function whyWait(
  plan: Plan,
  rows: StartRows,
  of: { readonly guardrails: GuardrailPolicy; readonly nowMs: EpochMs },
): string | null {
  return (
    whyHalted(rows.halt) ??
    whyLocked(rows.leases, of.nowMs) ??
    whyHeld(plan, rows, of.nowMs) ??
    whyLimited(plan.target, rows.starts, of)
  );
}

/** Why nothing may be sent: the kill switch. */
export function whyHalted(halt: Halt | null): string | null {
  if (halt === null) {
    return 'The kill switch cannot be read, which counts as halted; it is read again by itself.';
  }
  return halt.isOn
    ? `All actions were halted by ${halt.by}${halt.reason === '' ? '' : ` (${halt.reason})`}; ` +
        '`tocsin halt --off` lets them go on, in Slack `unhalt`.'
    : null;
}

function whyLocked(leases: readonly Lease[], nowMs: EpochMs): string | null {
  const locked = leases.find((lease) => isLocked(lease, nowMs));
  if (locked?.lock === undefined || locked.lock === null) return null;
  const { by, reason, untilMs } = locked.lock;
  const until = untilMs === null ? '' : ` until ${toIso(untilMs)}`;
  return (
    `${locked.name} is locked by ${by}${until}${reason === '' ? '' : ` (${reason})`}; ` +
    '`tocsin unlock` frees it, in Slack `unlock`.'
  );
}

/** What runs is known twice: by the lease, and by its start that has not ended. */
function whyHeld(plan: Plan, { leases, starts }: StartRows, nowMs: EpochMs): string | null {
  const other = holderOf(leases, plan, nowMs) ?? runningOn(starts, plan, nowMs);
  return other === null
    ? null
    : `Action ${other.actionId} is at work on ${other.lock}; this one starts when that has ended.`;
}

interface Other {
  readonly actionId: string;
  readonly lock: string;
}

function holderOf(leases: readonly Lease[], { actionId }: Plan, nowMs: EpochMs): Other | null {
  const lease = leases.find((of) => isHeldByOther(of, actionId, nowMs));
  if (lease === undefined) return null;
  return { actionId: lease.holder?.actionId ?? '', lock: lease.name };
}

function runningOn({ starts }: RecentStarts, plan: Plan, nowMs: EpochMs): Other | null {
  for (const start of starts) {
    if (start.actionId === plan.actionId || !isRunning(start, nowMs)) continue;
    const lock = start.locks.find((name) => plan.locks.includes(name));
    if (lock !== undefined) return { actionId: start.actionId, lock };
  }
  return null;
}

function whyLimited(
  target: Plan['target'],
  { starts }: RecentStarts,
  { guardrails, nowMs }: { readonly guardrails: GuardrailPolicy; readonly nowMs: EpochMs },
): string | null {
  const { windowMs } = guardrails;
  const inWindow = starts.filter(({ atMs }) => after(atMs, windowMs) > nowMs);
  const limits = [
    {
      of: inWindow.filter(({ targetId }) => targetId === target.id),
      max: guardrails.perTarget,
      whose: `target ${target.id}`,
    },
    {
      of: inWindow.filter(({ team }) => team === target.team),
      max: guardrails.perTeam,
      whose: `team ${target.team}`,
    },
    { of: inWindow, max: guardrails.inAll, whose: 'all teams together' },
  ];
  const reached = limits.find(({ of, max }) => of.length >= max);
  if (reached === undefined) return null;
  const frees = reached.of[reached.of.length - reached.max];
  const from =
    frees === undefined ? '' : `; the next may start at ${toIso(after(frees.atMs, windowMs))}`;
  return (
    `The limit of ${reached.max} started within ${describeSpan(windowMs)} is reached ` +
    `for ${reached.whose}${from}.`
  );
}
