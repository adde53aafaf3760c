import { isAdopted } from '../incident/adopted.ts';
import type { Incident, OpenIntent } from '../incident/state.ts';
import { openTrigger } from '../incident/decide-fallback.ts';
import { isClosing } from '../incident/decide-resolve.ts';
import type { EpochMs } from '../shared/time.ts';

/** What to do with one open intent right now. */
export type SendPlan =
  /** It has its outcome already. */
  | { readonly kind: 'gone' }
  /** Not yet: too early, held for a summary, or an earlier page must come first. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'send'; readonly intent: OpenIntent }
  /** Goes through the pager's REST API. */
  | { readonly kind: 'rest'; readonly intent: OpenIntent }
  /** Another page says it. */
  | { readonly kind: 'carried'; readonly intent: OpenIntent; readonly reason: string };

/** Decides from the incident as it stands at the moment of sending. Pure. */
export function planSend(incident: Incident, intentId: string, nowMs: EpochMs): SendPlan {
  const intent = incident.intents.find((open) => open.intentId === intentId);
  if (intent === undefined) return { kind: 'gone' };
  if (intent.dueAtMs > nowMs || intent.isHeld) return { kind: 'wait' };
  if (intent.channel === 'fallback') return { kind: 'send', intent };
  return intent.channel === 'rest' ? planRest(incident, intent) : planEvent(incident, intent);
}

function planEvent(incident: Incident, intent: OpenIntent): SendPlan {
  const reason = carriedBy(incident, intent);
  if (reason !== null) return { kind: 'carried', intent, reason };
  if (mustWait(incident, intent)) return { kind: 'wait' };
  // No event reaches an incident that was made over there: it has no key of ours.
  return { kind: isAdopted(incident) ? 'rest' : 'send', intent };
}

/** What is said about an incident over there waits until the page has made one. */
function planRest(incident: Incident, intent: OpenIntent): SendPlan {
  if (openTrigger(incident) !== null) return { kind: 'wait' };
  if (incident.trigger !== 'accepted' && incident.pagerIncidentId === null) {
    return { kind: 'carried', intent, reason: 'PagerDuty holds no incident of its own for this' };
  }
  if (intent.action === 'retrigger' && incident.state !== 'triggered') {
    return { kind: 'carried', intent, reason: `the incident is ${incident.state} by now` };
  }
  return { kind: 'rest', intent };
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

/** An answer follows its page, and a page follows the end of the one before it. */
const mustWait = (incident: Incident, { action, purpose }: OpenIntent): boolean =>
  (action === 'acknowledge' && openTrigger(incident) !== null) ||
  (purpose === 'open' && isClosing(incident));
