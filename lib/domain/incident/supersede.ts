import type { Decision } from './decision.ts';
import type { OpenIntent } from './state.ts';

/**
 * Ends every open intent: what it was for is over. What people said is still worth telling, and
 * an incident that is over takes it.
 */
export function supersedeOpenIntents(decision: Decision, reason: string): void {
  for (const intent of decision.incident.intents) {
    if (!words.has(intent.action)) supersede(decision, intent, reason);
  }
}

/** As `supersedeOpenIntents`; what closes the page in PagerDuty still does. */
export function supersedeAllButResolve(decision: Decision, reason: string): void {
  for (const intent of decision.incident.intents) {
    const isKept = words.has(intent.action) || intent.action === 'resolve';
    if (!isKept) supersede(decision, intent, reason);
  }
}

const words: ReadonlySet<OpenIntent['action']> = new Set(['note', 'status-update']);

/** Ends one open intent, without another incident's page in its place. */
export function supersede(
  decision: Decision,
  { intentId, channel, action }: OpenIntent,
  reason: string,
): void {
  decision.record({
    type: 'page.superseded',
    intentId,
    channel,
    action,
    reason,
    byIncidentId: null,
  });
}
