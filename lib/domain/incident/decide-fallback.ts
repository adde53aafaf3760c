import { after, type EpochMs } from '../shared/time.ts';
import type { Decision } from './decision.ts';
import type { Incident, OpenIntent } from './state.ts';
import type { PagingPolicy } from '../policy/policy.ts';

/** The page that is to wake somebody and that PagerDuty has not accepted yet. */
export const openTrigger = (incident: Incident): OpenIntent | null =>
  incident.intents.find(({ channel, purpose }) => channel === 'pagerduty' && purpose === 'open') ??
  null;

/** When the second channel takes over, or null when it will not. */
export function fallbackAt(incident: Incident, paging: PagingPolicy): EpochMs | null {
  const trigger = openTrigger(incident);
  const isWanted =
    trigger !== null &&
    !trigger.isHeld &&
    incident.state !== 'resolved' &&
    incident.fallbackAskedAtMs === null &&
    paging.fallbackSeverities.includes(incident.severity);
  return isWanted ? after(trigger.createdAtMs, paging.fallbackAfterMs) : null;
}

/** Whether PagerDuty has kept silent for too long. */
export function isSilent({ incident, context, nowMs }: Decision): boolean {
  const atMs = fallbackAt(incident, context.policy.paging);
  return atMs !== null && atMs <= nowMs;
}

/** Asks the second channel to page, once for each opening. */
export function askFallback(
  decision: Decision,
  purpose: 'primary-silent' | 'breach',
  text: string,
): void {
  if (decision.incident.fallbackAskedAtMs !== null) return;
  decision.ask({ channel: 'fallback', action: 'trigger', purpose, text });
}
