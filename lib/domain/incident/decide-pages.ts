import { after, durationMs, earliest, epochMs, type EpochMs } from '../shared/time.ts';
import type { HoldPage, Refusal, ReportAccepted, ReportFailed, SupersedePage } from './command.ts';
import { askFallback, fallbackAt, openTrigger, wakeOtherwise } from './decide-fallback.ts';
import { inFlightGraceMs } from './decide-resolve.ts';
import type { Decision, PageWish } from './decision.ts';
import type { Incident, OpenIntent } from './state.ts';
import { supersede } from './supersede.ts';

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
  if (action === 'resolve') renewTrigger(decision);
  return null;
}

/**
 * The incident was reopened before PagerDuty took its resolve, which now has its outcome. The page
 * that waited for it leaves once no further attempt to resolve can overtake it; what PagerDuty
 * tells of an earlier instant is about the page before.
 */
function renewTrigger(decision: Decision): void {
  const waiting = openTrigger(decision.incident);
  if (waiting === null) return;
  supersede(decision, waiting, 'the page of before is dealt with, and a fresh one follows it');
  const { channel, action, purpose, text, owedSinceMs } = waiting;
  const notBeforeMs = after(decision.nowMs, inFlightGraceMs);
  decision.ask({ channel, action, purpose, text, notBeforeMs, owedSinceMs });
}

/**
 * An attempt was under way when its intent was superseded, and got through. If it says the
 * opposite of how the incident stands, the pager is told again.
 */
function repairOvertaken(
  decision: Decision,
  { action, channel, intentId }: ReportAccepted,
): Refusal | null {
  const repair = channel === 'pagerduty' ? repairOf(action, decision.incident) : null;
  if (repair === null) return gone(intentId);
  const notBeforeMs = after(decision.nowMs, inFlightGraceMs);
  decision.ask({ channel, ...repair, notBeforeMs });
  return null;
}

type Repair = Pick<PageWish, 'action' | 'purpose' | 'text'>;

function repairOf(action: ReportAccepted['action'], incident: Incident): Repair | null {
  if (action === 'trigger') return repairTrigger(incident);
  return action === 'resolve' ? repairResolve(incident) : null;
}

function repairTrigger({ state, trigger }: Incident): Repair | null {
  if (state === 'resolved') {
    const text = 'a page got through after the incident was resolved';
    return { action: 'resolve', purpose: 'follow', text };
  }
  if (state === 'triggered' || trigger !== 'superseded') return null;
  const text = 'a page got through after the incident was acknowledged';
  return { action: 'acknowledge', purpose: 'follow', text };
}

function repairResolve({ state, trigger }: Incident): Repair | null {
  if (state === 'resolved' || trigger === 'requested') return null;
  const text = 'a resolve got through after the incident was reopened';
  return { action: 'trigger', purpose: 'open', text };
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
  const lastAtMs = after(intent.createdAtMs, paging.pageDeadlineMs);
  if (retryAtMs > lastAtMs || isPointless(intent, report)) {
    decision.record({ type: 'page.dead_lettered', intentId, channel, action, attempt, failure });
    followDeadLetter(decision, intent, failure);
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
  if (isRejected && isWorthSecondChannel(decision, intent)) {
    askFallback(decision, `PagerDuty refused the page: ${failure}`);
  }
  return null;
}

const isWorthSecondChannel = (
  { incident, context }: Decision,
  { channel, purpose }: OpenIntent,
): boolean =>
  channel === 'pagerduty' &&
  purpose === 'open' &&
  context.policy.paging.fallbackSeverities.includes(incident.severity);

/** The REST API has no shorter way to say what it refused. */
const isPointless = ({ channel }: OpenIntent, { isRejected }: ReportFailed): boolean =>
  isRejected && channel === 'rest';

function followDeadLetter(decision: Decision, intent: OpenIntent, failure: string): void {
  if (intent.action === 'resolve') renewTrigger(decision);
  if (intent.channel === 'pagerduty' && intent.purpose === 'open') {
    askFallback(decision, `PagerDuty never accepted the page: ${failure}`);
  }
  if (intent.action === 'retrigger') wakeOtherwise(decision, 'nobody has acted since');
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
  if (action === 'retrigger') wakeOtherwise(decision, 'nobody has acted since');
  return null;
}

const gone = (intentId: string): Refusal => ({
  kind: 'unknown_intent',
  message: `The page ${intentId} is no longer waiting.`,
});

const findIntent = ({ incident }: Decision, intentId: string): OpenIntent | null =>
  incident.intents.find((intent) => intent.intentId === intentId) ?? null;
