import { after } from '../shared/time.ts';
import { resolveIncident } from './decide-resolve.ts';
import type { Decision } from './decision.ts';
import type { Acknowledged, Triggered } from './state.ts';

const bySource = { kind: 'system', part: 'lifecycle' } as const;

/**
 * Follows the alerts: once none fires, the incident settles for the policy's resolve delay and
 * is then resolved; if one fires again before, it goes on. A source that left alerts out proves
 * nothing, so such an incident waits for a full list or a person.
 */
export function startSettlingOrResolve(decision: Decision): void {
  const { incident } = decision;
  if (incident.state === 'resolved' || incident.totals.episodes === 0) return;
  if (incident.isHeldOpen) return;
  if (incident.totals.firing === 0 && !incident.isIncomplete) settle(decision, incident);
  else if (incident.settleAtMs !== null) decision.record({ type: 'incident.unsettled' });
}

function settle(decision: Decision, incident: Triggered | Acknowledged): void {
  const { nowMs, context } = decision;
  const settleAtMs = incident.settleAtMs ?? after(nowMs, context.policy.lifecycle.resolveDelayMs);
  if (settleAtMs <= nowMs) {
    resolveIncident(decision, {
      cause: 'source',
      by: bySource,
      note: 'every alert is resolved at its source',
      occurredAtMs: nowMs,
    });
  } else if (incident.settleAtMs === null) {
    decision.record({ type: 'incident.settling', untilMs: settleAtMs });
  }
}
