import type { IncidentCommand } from '../domain/incident/command.ts';
import type { Incident, OpenIntent } from '../domain/incident/state.ts';
import { composeFallback, composePage } from '../domain/paging/compose.ts';
import { planSend } from '../domain/paging/plan-send.ts';
import { invariant } from '../domain/shared/invariant.ts';
import { err, ok, type Result } from '../domain/shared/result.ts';
import { seconds, type DurationMs } from '../domain/shared/time.ts';
import type { PortFailure } from '../ports/failure.ts';
import { act, type ActFailure } from './act.ts';
import { tenantOf, type PagingDeps } from './deps.ts';
import { carryOut } from './send-rest.ts';

/** What became of one open page when it was looked at. */
export type Sent =
  /** It had its outcome already, or it is not its turn yet. */
  | { readonly kind: 'idle' }
  /** It goes through the REST API, which this caller leaves for later. */
  | { readonly kind: 'left' }
  | { readonly kind: 'accepted' | 'failed' | 'held' | 'carried'; readonly incident: Incident };

/** Every attempt outside ingest is cut off after this; `inFlightGraceMs` counts on it. */
export const attemptTimeoutMs = seconds(5);
/** A claim on the second channel outlives one attempt, and little more. */
const fallbackClaimMs = seconds(30);

/**
 * Sends one open page of an incident, as the incident stands in the store right now, and records
 * the outcome. Harmless to repeat: the primary deduplicates, the second channel is claimed first.
 * An error means that the store could not be read or written; a failed page is an outcome.
 */
export async function sendIntent(
  deps: PagingDeps,
  which: { readonly tenant: string; readonly incidentId: string; readonly intentId: string },
  timeoutMs: DurationMs = attemptTimeoutMs,
): Promise<Result<Sent, ActFailure>> {
  const loaded = await deps.store.loadIncident(which.tenant, which.incidentId);
  if (!loaded.ok) return loaded;
  const incident = loaded.value;
  if (incident === null) return ok({ kind: 'idle' });
  return sendFrom(deps, { incident, intentId: which.intentId, timeoutMs });
}

/** As `sendIntent`, for an incident that was just read or written. */
export async function sendFrom(
  deps: PagingDeps,
  of: {
    readonly incident: Incident;
    readonly intentId: string;
    readonly timeoutMs: DurationMs;
  },
): Promise<Result<Sent, ActFailure>> {
  const { incident, intentId } = of;
  const plan = planSend(incident, intentId, deps.clock.now());
  switch (plan.kind) {
    case 'gone':
    case 'wait':
      return ok({ kind: 'idle' });
    case 'carried': {
      const { reason } = plan;
      const command = { kind: 'supersede-page', intentId, reason, byIncidentId: null } as const;
      return record(deps, incident, { kind: 'carried', command });
    }
    case 'rest':
      return sendByRest(deps, { incident, intent: plan.intent, timeoutMs: of.timeoutMs });
    case 'send':
      return plan.intent.channel === 'fallback'
        ? sendFallback(deps, { incident, intent: plan.intent, timeoutMs: of.timeoutMs })
        : sendPrimary(deps, { incident, intent: plan.intent, timeoutMs: of.timeoutMs });
  }
}

interface Attempt {
  readonly incident: Incident;
  readonly intent: OpenIntent;
  readonly timeoutMs: DurationMs;
}

async function sendPrimary(deps: PagingDeps, attempt: Attempt): Promise<Result<Sent, ActFailure>> {
  const { incident, intent } = attempt;
  const tenant = tenantOf(deps.policy, incident.tenant);
  if (tenant === null) return report(deps, attempt, await post(deps, attempt));
  if (isExempt(incident, intent.action)) {
    // It counts, and never waits for that: nor does it when nothing can be counted.
    const [sent] = await Promise.all([post(deps, attempt), countPage(deps, incident)]);
    return report(deps, attempt, sent);
  }
  const counted = await countPage(deps, incident);
  if (!counted.ok) return counted;
  const { ratePerMinute } = tenant.paging;
  return counted.value > ratePerMinute
    ? record(deps, incident, aboveRate(incident, intent, ratePerMinute))
    : report(deps, attempt, await post(deps, attempt));
}

async function post(
  deps: PagingDeps,
  { incident, intent, timeoutMs }: Attempt,
): Promise<Result<void, PortFailure>> {
  const url = await deps.consoleUrl(incident.tenant, incident.id);
  return deps.pager.send(composePage(incident, intent, url), timeoutMs);
}

/** PagerDuty takes so many events a minute for each key. */
const countPage = (
  { store, clock }: PagingDeps,
  { tenant, routingKey }: Incident,
): Promise<Result<number, PortFailure>> =>
  store.countInMinute(`${tenant}/${routingKey}`, clock.now(), 1);

interface Outcome {
  readonly kind: 'accepted' | 'failed' | 'held' | 'carried';
  readonly command: IncidentCommand;
}

/** Above the rate openings wait for one summary, and mere updates are dropped. */
function aboveRate(
  { routingKey }: Incident,
  { intentId, purpose }: OpenIntent,
  perMinute: number,
): Outcome {
  const reason = `more than ${perMinute} pages in a minute for routing key ${routingKey}`;
  if (purpose === 'open') {
    return { kind: 'held', command: { kind: 'hold-page', intentId, reason } };
  }
  const command = { kind: 'supersede-page', intentId, reason, byIncidentId: null } as const;
  return { kind: 'carried', command };
}

/** P0 and Tocsin's own incidents always go out, and so does what follows a page that is out. */
const isExempt = ({ severity, isOperator }: Incident, action: OpenIntent['action']): boolean =>
  severity === 'P0' || isOperator || action !== 'trigger';

async function sendFallback(
  deps: PagingDeps,
  { incident, intent, timeoutMs }: Attempt,
): Promise<Result<Sent, ActFailure>> {
  const claimed = await deps.store.claim({
    tenant: incident.tenant,
    id: `fallback#${incident.id}#${intent.intentId}#${intent.failedAttempts}`,
    atMs: deps.clock.now(),
    keepForMs: fallbackClaimMs,
  });
  if (!claimed.ok) return claimed;
  if (!claimed.value) return ok({ kind: 'idle' });
  const url = await deps.consoleUrl(incident.tenant, incident.id);
  const sent = await deps.fallback.send(composeFallback(incident, intent, url), timeoutMs);
  return report(deps, { incident, intent }, sent);
}

async function sendByRest(
  deps: PagingDeps,
  { incident, intent, timeoutMs }: Attempt,
): Promise<Result<Sent, ActFailure>> {
  const done = await carryOut(deps, { incident, intent, timeoutMs });
  switch (done.kind) {
    case 'idle':
    case 'left':
      return ok({ kind: done.kind });
    case 'pointless': {
      const { intentId } = intent;
      const { reason } = done;
      const command = { kind: 'supersede-page', intentId, reason, byIncidentId: null } as const;
      return record(deps, incident, { kind: 'carried', command });
    }
    case 'tried':
      return report(deps, { incident, intent }, done.result);
  }
}

function report(
  deps: PagingDeps,
  { incident, intent }: Pick<Attempt, 'incident' | 'intent'>,
  sent: Result<void, PortFailure>,
): Promise<Result<Sent, ActFailure>> {
  const { intentId, action, channel } = intent;
  if (sent.ok) {
    const command = { kind: 'report-accepted', intentId, action, channel } as const;
    return record(deps, incident, { kind: 'accepted', command });
  }
  const { kind, message, retryAfterMs } = sent.error;
  deps.log.warn('A page was not accepted.', { incident: incident.id, channel, kind, message });
  const command = {
    kind: 'report-failed',
    intentId,
    failure: `${kind}: ${message}`,
    attempt: intent.failedAttempts + 1,
    isRejected: kind === 'rejected' || kind === 'too_large',
    retryAfterMs: retryAfterMs ?? 0,
    jitter: deps.rng(),
  } as const;
  return record(deps, incident, { kind: 'failed', command });
}

async function record(
  deps: PagingDeps,
  known: Incident,
  { kind, command }: Outcome,
): Promise<Result<Sent, ActFailure>> {
  invariant('intentId' in command, 'the outcome of a page names its intent');
  const causeId = `page ${command.intentId} ${kind}`;
  const { tenant, id: incidentId } = known;
  const acted = await act(deps, { tenant, incidentId, command, causeId, known });
  return acted.ok ? ok({ kind, incident: acted.value.incident }) : err(acted.error);
}

/** Ids of an incident's open pages to PagerDuty, the ones that wake somebody first. */
export const primaryIntents = (incident: Incident): readonly string[] =>
  incident.intents
    .filter(({ channel }) => channel === 'pagerduty')
    .sort((a, b) => Number(b.purpose === 'open') - Number(a.purpose === 'open'))
    .map(({ intentId }) => intentId);
