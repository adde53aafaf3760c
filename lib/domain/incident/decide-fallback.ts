import { supersede } from './supersede.ts';
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
    incident.state === 'triggered' &&
    incident.fallbackAskedAtMs === null &&
    paging.fallbackSeverities.includes(incident.severity);
  return isWanted ? after(trigger.owedSinceMs, paging.fallbackAfterMs) : null;
}

/** Whether PagerDuty has kept silent for too long. */
export function isSilent({ incident, context, nowMs }: Decision): boolean {
  const atMs = fallbackAt(incident, context.policy.paging);
  return atMs !== null && atMs <= nowMs;
}

/** Asks the second channel to page in PagerDuty's place, once for each opening. */
export function askFallback(decision: Decision, text: string): void {
  const { state, fallbackAskedAtMs } = decision.incident;
  if (state !== 'triggered' || fallbackAskedAtMs !== null) return;
  decision.ask({ channel: 'fallback', action: 'trigger', purpose: 'primary-silent', text });
}

/** PagerDuty may still hold the answered page: a trigger on that one wakes nobody. */
export function wakeOtherwise(decision: Decision, why: string): void {
  const { fallbackSeverities } = decision.context.policy.paging;
  if (!fallbackSeverities.includes(decision.incident.severity)) return;
  askFallback(decision, `${why}, and PagerDuty may still show its earlier page as acknowledged`);
}

/**
 * Somebody has answered: nobody else is to be woken by the second channel in PagerDuty's place,
 * nor by a summary of held pages. A breach that was told is still told.
 */
export function stopWaking(decision: Decision): void {
  for (const intent of decision.incident.intents) {
    if (intent.purpose === 'primary-silent' || intent.isHeld) {
      supersede(decision, intent, 'the incident was acknowledged before it was sent');
    }
  }
}
