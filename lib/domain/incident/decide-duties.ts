import { restart } from '../sla/clock.ts';
import { between, describeSpan, toIso, type EpochMs } from '../shared/time.ts';
import { callAnew } from './ask-rest.ts';
import { startClockVersion, termsOf } from './clock-versions.ts';
import type { Decision } from './decision.ts';
import { closingAt, idleAt, postmortemReminderAt } from './duty-instants.ts';
import { describePrincipal } from './principal.ts';

/**
 * Records what people are to be reminded of and whose instant has come: the stakeholder update,
 * the forgotten acknowledgement, the post-mortem, the closing. Doing it twice changes nothing the
 * second time; a late run stands for all that were missed.
 */
export function catchUpDuties(decision: Decision): void {
  remindOfUpdate(decision);
  wakeAgain(decision);
  remindOfPostmortem(decision);
  close(decision);
}

const isDue = (dueAtMs: EpochMs | null, { nowMs }: Decision): dueAtMs is EpochMs =>
  dueAtMs !== null && dueAtMs <= nowMs;

function remindOfUpdate(decision: Decision): void {
  const dueAtMs = decision.incident.updateDueAtMs;
  if (isDue(dueAtMs, decision)) decision.record({ type: 'update.due', dueAtMs });
}

/** An acknowledgement that nobody lives up to leaves the incident without anybody. */
function wakeAgain(decision: Decision): void {
  const { incident, nowMs } = decision;
  const dueAtMs = idleAt(incident);
  if (incident.state !== 'acknowledged' || !isDue(dueAtMs, decision)) return;
  const { severity } = incident;
  const sinceMs = incident.lastHumanAtMs ?? incident.acknowledgedAtMs;
  const afterMs = between(sinceMs, dueAtMs);
  decision.record({ type: 'acknowledgement.idle', sinceMs, afterMs, severity });
  const start = restart(incident.response, nowMs, termsOf(decision, 'response'));
  startClockVersion(decision, start, 'the acknowledgement went idle');
  const who = describePrincipal(incident.acknowledgedBy);
  const text = `acknowledged by ${who}, and nobody has acted for ${describeSpan(afterMs)}`;
  callAnew(decision, text);
}

function remindOfPostmortem(decision: Decision): void {
  const dueAtMs = postmortemReminderAt(decision.incident);
  if (isDue(dueAtMs, decision)) decision.record({ type: 'postmortem.due', dueAtMs });
}

function close(decision: Decision): void {
  const { incident } = decision;
  if (incident.state !== 'resolved' || !isDue(closingAt(incident), decision)) return;
  const sinceMs = incident.resolvedAtMs;
  const reason = `it has stayed resolved since ${toIso(sinceMs)}`;
  decision.record({ type: 'incident.closed', sinceMs, reason });
}
