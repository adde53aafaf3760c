import type { Incident, OpenIntent } from '../incident/state.ts';
import { openTrigger } from '../incident/decide-fallback.ts';
import type { EpochMs } from '../shared/time.ts';

/** What to do with one open intent right now. */
export type SendPlan =
  /** It has its outcome already. */
  | { readonly kind: 'gone' }
  /** Not yet: too early, held for a summary, or an earlier page must come first. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'send'; readonly intent: OpenIntent }
  /** Another page says it. */
  | { readonly kind: 'carried'; readonly intent: OpenIntent; readonly reason: string };

/** Decides from the incident as it stands at the moment of sending. Pure. */
export function planSend(incident: Incident, intentId: string, nowMs: EpochMs): SendPlan {
  const intent = incident.intents.find((open) => open.intentId === intentId);
  if (intent === undefined) return { kind: 'gone' };
  if (intent.dueAtMs > nowMs || intent.isHeld) return { kind: 'wait' };
  if (intent.channel === 'fallback') return { kind: 'send', intent };
  const reason = carriedBy(incident, intent);
  if (reason !== null) return { kind: 'carried', intent, reason };
  return mustWait(incident, intent) ? { kind: 'wait' } : { kind: 'send', intent };
}

/** An update to a page that has not left, or that a newer update says better, is not sent. */
function carriedBy(incident: Incident, intent: OpenIntent): string | null {
  if (intent.action === 'acknowledge' && incident.state !== 'acknowledged') {
    return `the incident is ${incident.state} by now`;
  }
  if (intent.action !== 'trigger' || intent.purpose === 'open') return null;
  if (openTrigger(incident) !== null) return 'the page that is still on its way says it';
  const updates = incident.intents.filter(
    ({ channel, action }) => channel === 'pagerduty' && action === 'trigger',
  );
  return updates.at(-1) === intent ? null : 'a newer update says it';
}

const mustWait = (incident: Incident, { action }: OpenIntent): boolean =>
  action === 'acknowledge' && openTrigger(incident) !== null;
