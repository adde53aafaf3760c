import type { Decision } from './decision.ts';

/** Ends every open intent: what it was for is over. */
export function supersedeOpenIntents(decision: Decision, reason: string): void {
  for (const { intentId, channel, action } of decision.incident.intents) {
    decision.record({
      type: 'page.superseded',
      intentId,
      channel,
      action,
      reason,
      byIncidentId: null,
    });
  }
}
