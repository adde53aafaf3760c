import type { PageAccepted, PageRequested } from './page-event.ts';
import type { Evolvers } from './evolvers.ts';
import type { Incident, OpenIntent, TriggerState } from './state.ts';

/** How page events change an incident: its open intents, and where its trigger stands. */
export const pageEvolvers: Pick<
  Evolvers,
  | 'page.requested'
  | 'page.accepted'
  | 'page.attempt_failed'
  | 'page.held'
  | 'page.superseded'
  | 'page.dead_lettered'
> = {
  'page.requested': (incident, event, atMs) => ({
    ...incident,
    ...askedFor(incident, event, atMs),
    intents: [
      ...incident.intents,
      {
        intentId: event.intentId,
        channel: event.channel,
        action: event.action,
        purpose: event.purpose,
        text: event.text,
        target: event.target ?? null,
        createdAtMs: atMs,
        owedSinceMs: event.owedSinceMs ?? atMs,
        dueAtMs: event.notBeforeMs,
        failedAttempts: 0,
        wasRejected: false,
        isHeld: false,
      },
    ],
  }),
  'page.accepted': (incident, event, atMs) => ({
    ...ended(incident, event.intentId, 'accepted'),
    pagedAtMs: pagedAt(incident, event, atMs),
  }),
  'page.attempt_failed': (incident, event) => ({
    ...incident,
    intents: incident.intents.map((intent) =>
      intent.intentId === event.intentId
        ? {
            ...intent,
            dueAtMs: event.retryAtMs,
            failedAttempts: event.attempt,
            wasRejected: event.wasRejected,
          }
        : intent,
    ),
  }),
  'page.held': (incident, event) => ({
    ...incident,
    intents: incident.intents.map((intent) =>
      intent.intentId === event.intentId ? { ...intent, isHeld: true } : intent,
    ),
  }),
  'page.superseded': (incident, event) => ended(incident, event.intentId, 'superseded'),
  'page.dead_lettered': (incident, event) => ended(incident, event.intentId, 'failed'),
};

function pagedAt(
  { pagedAtMs }: Incident,
  { channel, action }: PageAccepted,
  atMs: OpenIntent['createdAtMs'],
): Incident['pagedAtMs'] {
  if (channel !== 'pagerduty' || action === 'acknowledge') return pagedAtMs;
  return action === 'trigger' ? atMs : null;
}

function askedFor(
  incident: Incident,
  event: PageRequested,
  atMs: OpenIntent['createdAtMs'],
): Pick<Incident, 'trigger' | 'triggerAskedAtMs' | 'fallbackAskedAtMs'> {
  const { trigger, triggerAskedAtMs, fallbackAskedAtMs } = incident;
  if (event.channel === 'rest') return { trigger, triggerAskedAtMs, fallbackAskedAtMs };
  if (event.channel === 'fallback') {
    return { trigger, triggerAskedAtMs, fallbackAskedAtMs: fallbackAskedAtMs ?? atMs };
  }
  return event.purpose === 'open'
    ? { trigger: 'requested', triggerAskedAtMs: event.notBeforeMs, fallbackAskedAtMs }
    : { trigger, triggerAskedAtMs, fallbackAskedAtMs };
}

/**
 * An intent has its outcome. Only the opening trigger's decides how the page stands. A second
 * channel that was not used after all can be asked again.
 */
function ended(incident: Incident, intentId: string, outcome: TriggerState): Incident {
  const intent = incident.intents.find((open) => open.intentId === intentId);
  const intents = incident.intents.filter((open) => open.intentId !== intentId);
  const isTrigger = intent?.channel === 'pagerduty' && intent.purpose === 'open';
  const isTakenBack = intent?.purpose === 'primary-silent' && outcome === 'superseded';
  return {
    ...incident,
    intents,
    trigger: isTrigger ? outcome : incident.trigger,
    fallbackAskedAtMs: isTakenBack ? null : incident.fallbackAskedAtMs,
  };
}
