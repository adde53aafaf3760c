import { after, between, durationMs, minutes, seconds, type EpochMs } from '../shared/time.ts';
import type { ChatWorkspace } from './row.ts';

/** One call may fail by chance; after two in a row nobody is kept waiting for the next. */
const failuresToClose = 2;
const firstPauseMs = seconds(30);
const longestPauseMs = minutes(5);

/** An outage shorter than this needs no summary. */
export const toldOutageMs = minutes(5);

/** A call failed for a reason that is not the incident's. `isSure`: trying again will not help. */
export function afterFailure(
  workspace: ChatWorkspace,
  of: { readonly reason: string; readonly isSure: boolean; readonly nowMs: EpochMs },
): ChatWorkspace {
  const failures = workspace.failures + 1;
  const failing = { ...workspace, failures, downSinceMs: workspace.downSinceMs ?? of.nowMs };
  const isDown = of.isSure || failures >= failuresToClose;
  if (!isDown) return failing;
  const doubled = firstPauseMs * 2 ** Math.min(failures - 1, 10);
  const nextTryAtMs = after(of.nowMs, durationMs(Math.min(longestPauseMs, doubled)));
  return { ...failing, nextTryAtMs, reason: of.reason };
}

/** It answers. */
export const afterSuccess = (workspace: ChatWorkspace): ChatWorkspace => ({
  ...workspace,
  failures: 0,
  downSinceMs: null,
  nextTryAtMs: null,
  reason: '',
  pending: null,
});

/** Whether it may be called now. */
export const isOpen = ({ nextTryAtMs }: ChatWorkspace, nowMs: EpochMs): boolean =>
  nextTryAtMs === null || nextTryAtMs <= nowMs;

/** Whether people should be told what they missed. */
export const isWorthTelling = ({ downSinceMs }: ChatWorkspace, nowMs: EpochMs): boolean =>
  downSinceMs !== null && between(downSinceMs, nowMs) >= toldOutageMs;
