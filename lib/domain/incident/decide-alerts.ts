import { isGraver } from '../policy/policy.ts';
import type { AttachAlerts, Attachment, Refusal } from './command.ts';
import { changeSeverity } from './decide-clocks.ts';
import { reopenIncident } from './decide-people.ts';
import { resolveIncident } from './decide-resolve.ts';
import { startSettlingOrResolve } from './decide-settle.ts';
import type { Decision } from './decision.ts';
import type { Principal } from './principal.ts';

/**
 * The first alerts of an incident and its page. What was over on arrival pages nobody, unless the
 * source left alerts out, which may fire.
 */
export function openWithAlerts(decision: Decision, attached: Attachment): void {
  decision.record({ type: 'alerts.attached', ...attached });
  if (attached.totals.firing === 0 && !decision.incident.isIncomplete) {
    resolveIncident(decision, {
      cause: 'source',
      by: { kind: 'source', sourceId: attached.sourceId },
      note: 'it was over before its first alert arrived',
      occurredAtMs: decision.nowMs,
    });
    return;
  }
  const { severity, severityReason } = decision.incident;
  decision.ask({
    channel: 'pagerduty',
    action: 'trigger',
    purpose: 'open',
    text: `opened as ${severity}: ${severityReason.text}`,
  });
}

/** What a further delivery changes: the set, the severity upward, and whether it is open. */
export function attachAlerts(
  decision: Decision,
  { attached, candidate, reopen }: AttachAlerts,
): Refusal | null {
  const by: Principal = { kind: 'source', sourceId: attached.sourceId };
  decision.record({ type: 'alerts.attached', ...attached });
  if (reopen !== null && decision.incident.state === 'resolved') {
    reopenIncident(decision, { by, reason: reopen, occurredAtMs: decision.nowMs });
  }
  if (candidate !== null && isGraver(candidate.severity, decision.incident.severity)) {
    changeSeverity(decision, candidate, by);
  }
  startSettlingOrResolve(decision);
  return null;
}
