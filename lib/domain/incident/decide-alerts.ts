import { isAdopted } from './adopted.ts';
import { isGraver } from '../policy/policy.ts';
import { earliest, type EpochMs } from '../shared/time.ts';
import type { AttachAlerts, Attachment, Refusal } from './command.ts';
import { askPriority } from './ask-rest.ts';
import { changeSeverity } from './decide-clocks.ts';
import { catchUpDuties } from './decide-duties.ts';
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
  // PagerDuty has paged for its own incident already.
  if (isAdopted(decision.incident)) return;
  const { severity, severityReason } = decision.incident;
  decision.ask({
    channel: 'pagerduty',
    action: 'trigger',
    purpose: 'open',
    text: `opened as ${severity}: ${severityReason.text}`,
    owedSinceMs: owedSince(decision, attached),
  });
  askPriority(decision);
}

/**
 * A summary stands for pages that were owed before it was made; its alerts begin with them. What a
 * source says of its alerts' beginning is about the trouble, not about our page.
 */
const owedSince = ({ incident, nowMs }: Decision, { alerts }: Attachment): EpochMs =>
  incident.isOperator
    ? alerts.reduce((sinceMs, { startsAtMs }) => earliest(sinceMs, startsAtMs), nowMs)
    : nowMs;

/** What a further delivery changes: the set, the severity upward, and whether it is open. */
export function attachAlerts(
  decision: Decision,
  { attached, candidate, reopen }: AttachAlerts,
): Refusal | null {
  const by: Principal = { kind: 'source', sourceId: attached.sourceId };
  decision.record({ type: 'alerts.attached', ...attached });
  if (reopen !== null && decision.incident.state === 'resolved') {
    const { nowMs } = decision;
    const owedSinceMs = owedSince(decision, attached);
    reopenIncident(decision, { by, reason: reopen, occurredAtMs: nowMs, owedSinceMs });
  }
  if (candidate !== null && isGraver(candidate.severity, decision.incident.severity)) {
    changeSeverity(decision, candidate, by);
  }
  startSettlingOrResolve(decision);
  // What fires again can be an incident that nobody has looked after for too long.
  catchUpDuties(decision);
  return null;
}
