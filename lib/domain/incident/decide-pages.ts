import { after, durationMs, earliest, epochMs, type EpochMs } from '../shared/time.ts';
import type { HoldPage, Refusal, ReportAccepted, ReportFailed, SupersedePage } from './command.ts';
import { askFallback, fallbackAt } from './decide-fallback.ts';
import { inFlightGraceMs } from './decide-resolve.ts';
import type { Decision } from './decision.ts';
import type { OpenIntent } from './state.ts';

const firstBackoffMs = 5_000;
const longestBackoffMs = 60_000;

/** A page was accepted outside. */
export function reportAccepted(decision: Decision, report: ReportAccepted): Refusal | null {
  const intent = findIntent(decision, report.intentId);
  if (intent === null) return repairOvertaken(decision, report);
  const { intentId, channel, action, failedAttempts } = intent;
  decision.record({
    type: 'page.accepted',
    intentId,
    channel,
    action,
    attempt: failedAttempts + 1,
  });
  return null;
}

/**
 * An attempt was under way when its intent was superseded, and got through. If it says the
 * opposite of how the incident stands, the pager is told again.
 */
function repairOvertaken(
  decision: Decision,
  { action, channel, intentId }: ReportAccepted,
): Refusal | null {
  const { state, trigger } = decision.incident;
  const notBeforeMs = after(decision.nowMs, inFlightGraceMs);
  const isResolved = state === 'resolved';
  if (channel === 'pagerduty' && action === 'trigger' && isResolved) {
    const text = 'a page got through after the incident was resolved';
    decision.ask({ channel, action: 'resolve', purpose: 'follow', text, notBeforeMs });
    return null;
  }
  if (channel === 'pagerduty' && action === 'resolve' && !isResolved && trigger !== 'requested') {
    const text = 'a resolve got through after the incident was reopened';
    decision.ask({ channel, action: 'trigger', purpose: 'open', text, notBeforeMs });
    return null;
  }
  return gone(intentId);
}

/** An attempt failed: it is tried again inside the page deadline, then given up. */
export function reportFailed(decision: Decision, report: ReportFailed): Refusal | null {
  const intent = findIntent(decision, report.intentId);
  if (intent === null) return gone(report.intentId);
  const { paging } = decision.context.policy;
  const { attempt } = report;
  if (attempt !== intent.failedAttempts + 1) {
    return { kind: 'already', message: `The failure of attempt ${attempt} is already recorded.` };
  }
  const { intentId, channel, action } = intent;
  const { failure, isRejected } = report;
  const retryAtMs = retryAt(decision, intent, report);
  if (retryAtMs > after(intent.createdAtMs, paging.pageDeadlineMs)) {
    decision.record({ type: 'page.dead_lettered', intentId, channel, action, attempt, failure });
    tellOfDeadLetter(decision, intent, failure);
    return null;
  }
  decision.record({
    type: 'page.attempt_failed',
    intentId,
    channel,
    attempt,
    failure,
    wasRejected: isRejected,
    retryAtMs,
  });
  const isWorthSecondChannel =
    intent.purpose === 'open' && paging.fallbackSeverities.includes(decision.incident.severity);
  if (isRejected && channel === 'pagerduty' && isWorthSecondChannel) {
    askFallback(decision, 'primary-silent', `PagerDuty refused the page: ${failure}`);
  }
  return null;
}

function tellOfDeadLetter(decision: Decision, intent: OpenIntent, failure: string): void {
  if (intent.channel === 'pagerduty' && intent.purpose === 'open') {
    askFallback(decision, 'primary-silent', `PagerDuty never accepted the page: ${failure}`);
  }
}

/** Doubling waits with jitter from 5 s to 60 s, cut short by the instant of the second channel. */
function retryAt(decision: Decision, intent: OpenIntent, report: ReportFailed): EpochMs {
  const { nowMs, incident, context } = decision;
  const ceilingMs = Math.min(longestBackoffMs, firstBackoffMs * 2 ** intent.failedAttempts);
  const waitMs = Math.max(report.retryAfterMs, ceilingMs * (0.5 + report.jitter / 2));
  const backoffAtMs = after(nowMs, durationMs(Math.round(waitMs)));
  const atMs = intent.channel === 'pagerduty' ? fallbackAt(incident, context.policy.paging) : null;
  return atMs === null || atMs <= nowMs ? backoffAtMs : earliest(backoffAtMs, epochMs(atMs));
}

/** The page waits for a summary; the second channel then waits for that, too. */
export function holdPage(decision: Decision, { intentId, reason }: HoldPage): Refusal | null {
  const intent = findIntent(decision, intentId);
  if (intent === null) return gone(intentId);
  if (!intent.isHeld) decision.record({ type: 'page.held', intentId, reason });
  return null;
}

/** Another page carries this one. */
export function supersedePage(decision: Decision, command: SupersedePage): Refusal | null {
  const intent = findIntent(decision, command.intentId);
  if (intent === null) return gone(command.intentId);
  const { intentId, channel, action } = intent;
  const { reason, byIncidentId } = command;
  decision.record({ type: 'page.superseded', intentId, channel, action, reason, byIncidentId });
  return null;
}

const gone = (intentId: string): Refusal => ({
  kind: 'unknown_intent',
  message: `The page ${intentId} is no longer waiting.`,
});

const findIntent = ({ incident }: Decision, intentId: string): OpenIntent | null =>
  incident.intents.find((intent) => intent.intentId === intentId) ?? null;
