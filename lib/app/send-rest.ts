import { isAdopted } from '../domain/incident/adopted.ts';
import type { Incident, OpenIntent } from '../domain/incident/state.ts';
import { marked, restMark } from '../domain/paging/rest-mark.ts';
import { redact } from '../domain/shared/redact.ts';
import { err, ok, type Result } from '../domain/shared/result.ts';
import { hours, seconds, type DurationMs } from '../domain/shared/time.ts';
import type { PortFailure } from '../ports/failure.ts';
import type { PagerIncidentRecord, PagerRest } from '../ports/pager.ts';
import type { PagingDeps } from './deps.ts';

/** What became of something that PagerDuty's REST API was to do. */
export type CarriedOut =
  /** Somebody else is at it. */
  | { readonly kind: 'idle' }
  /** The caller has no REST API: pages go first, and this may take its time. */
  | { readonly kind: 'left' }
  /** It will never be done, for this reason. */
  | { readonly kind: 'pointless'; readonly reason: string }
  | { readonly kind: 'tried'; readonly result: Result<void, PortFailure> };

export interface RestAttempt {
  readonly incident: Incident;
  readonly intent: OpenIntent;
  /** Of each request. */
  readonly timeoutMs: DurationMs;
}

/** A claim outlives the few requests of one attempt, and little more. */
const claimMs = seconds(30);
/** Nothing is tried for longer than this: the page deadline of a policy is shorter. */
const writtenMs = hours(24);
/** PagerDuty makes its incident some seconds after it took the page. */
const looksForIncident = 4;

/**
 * Does one thing through PagerDuty's REST API. What is harmless to repeat is done again after an
 * unknown outcome; all else is looked for first, by its mark.
 */
export async function carryOut(deps: PagingDeps, attempt: RestAttempt): Promise<CarriedOut> {
  const { pagerRest } = deps;
  if (pagerRest === undefined) return { kind: 'left' };
  const isConfigured = await pagerRest.isConfigured();
  if (!isConfigured.ok) return tried(isConfigured);
  if (!isConfigured.value) {
    const reason = 'the PagerDuty secret has no "apiToken" and "apiFrom" to do it with';
    return { kind: 'pointless', reason };
  }
  const claimed = await claim(deps, attempt);
  if (!claimed.ok) return tried(claimed);
  if (!claimed.value) return { kind: 'idle' };
  const found = await findTheirs(pagerRest, attempt);
  if (!found.ok) return tried(found);
  if (found.value === null) return lookLater(attempt);
  return doOn({ ...attempt, deps, rest: pagerRest, theirs: found.value });
}

const tried = (result: Result<unknown, PortFailure>): CarriedOut => ({
  kind: 'tried',
  result: result.ok ? ok(undefined) : err(result.error),
});

const claim = (
  { store, clock }: PagingDeps,
  { incident, intent }: RestAttempt,
): Promise<Result<boolean, PortFailure>> =>
  store.claim({
    tenant: incident.tenant,
    id: `rest#${incident.id}#${intent.intentId}#${intent.failedAttempts}`,
    atMs: clock.now(),
    keepForMs: claimMs,
  });

/** The incident over there as it stands now: by our key, since each reopening makes a new one. */
async function findTheirs(
  rest: PagerRest,
  { incident, timeoutMs }: RestAttempt,
): Promise<Result<PagerIncidentRecord | null, PortFailure>> {
  if (!isAdopted(incident)) return rest.findByDedupKey(incident.dedupKey, timeoutMs);
  const { pagerIncidentId } = incident;
  return pagerIncidentId === null ? ok(null) : rest.findIncident(pagerIncidentId, timeoutMs);
}

function lookLater({ intent }: RestAttempt): CarriedOut {
  if (intent.failedAttempts >= looksForIncident) {
    return { kind: 'pointless', reason: 'PagerDuty has no incident for the page that it took' };
  }
  const message = 'PagerDuty has made no incident of the page yet.';
  return tried(err({ kind: 'not_found', message }));
}

interface Deed extends RestAttempt {
  readonly deps: PagingDeps;
  readonly rest: PagerRest;
  readonly theirs: PagerIncidentRecord;
}

function doOn(deed: Deed): Promise<CarriedOut> | CarriedOut {
  const { intent, theirs } = deed;
  switch (intent.action) {
    case 'note':
      return addNote(deed);
    case 'status-update':
      return publishUpdate(deed);
    case 'responders':
      return whileOpen(theirs, () => requestResponder(deed));
    case 'priority':
      return setPriority(deed);
    case 'urgency':
      return whileOpen(theirs, () => setUrgency(deed));
    case 'escalate':
      return whileOpen(theirs, () => escalate(deed));
    case 'retrigger':
      return whileOpen(theirs, () => setStatus(deed, 'triggered'));
    case 'acknowledge':
      return whileOpen(theirs, () => setStatus(deed, 'acknowledged'));
    case 'resolve':
      return setStatus(deed, 'resolved');
    case 'trigger':
      // Of an adopted incident: only a reopening changes its state, the rest is news.
      return intent.purpose === 'open' ? wake(deed) : addNote(deed);
  }
}

/** Has an adopted incident call anew, unless somebody has answered it while this was on its way. */
function wake(deed: Deed): Promise<CarriedOut> | CarriedOut {
  const isAnswered = deed.incident.state !== 'triggered' && deed.theirs.status !== 'resolved';
  return isAnswered ? tried(ok(undefined)) : setStatus(deed, 'triggered');
}

/** A late request must not resurrect what was resolved over there. */
const whileOpen = (
  { status }: PagerIncidentRecord,
  then: () => Promise<CarriedOut>,
): Promise<CarriedOut> | CarriedOut =>
  status === 'resolved'
    ? { kind: 'pointless', reason: "PagerDuty's incident is resolved already" }
    : then();

const textOf = ({ incident, intent }: Deed): string => redact(marked(incident, intent));

/** Whether nobody can have written this before, not even one who died before telling so. */
const isFirst = (
  { deps, incident, intent }: Deed,
  attempt: string,
): Promise<Result<boolean, PortFailure>> =>
  deps.store.claim({
    tenant: incident.tenant,
    id: `written#${incident.id}#${intent.intentId}#${attempt}`,
    atMs: deps.clock.now(),
    keepForMs: writtenMs,
  });

async function addNote(deed: Deed): Promise<CarriedOut> {
  const { rest, theirs, timeoutMs, incident, intent } = deed;
  const { pagerIncidentId } = theirs;
  const first = await isFirst(deed, '');
  if (!first.ok) return tried(first);
  if (!first.value) {
    const notes = await rest.notes(pagerIncidentId, timeoutMs);
    if (!notes.ok) return tried(notes);
    const mark = restMark(incident, intent);
    if (notes.value.some(({ text }) => text.includes(mark))) return tried(ok(undefined));
  }
  return tried(await rest.addNote({ pagerIncidentId, text: textOf(deed) }, timeoutMs));
}

/** PagerDuty lists no status updates: after an unknown outcome it is not said a second time. */
async function publishUpdate(deed: Deed): Promise<CarriedOut> {
  const { rest, theirs, timeoutMs, incident, intent } = deed;
  const { pagerIncidentId } = theirs;
  const first = await isFirst(deed, String(intent.failedAttempts));
  if (!first.ok) return tried(first);
  if (!first.value) return unknownToPagerDuty('an earlier attempt ended without word');
  const subject = redact(`[${incident.severity}] ${incident.title}`);
  const message = textOf(deed);
  const sent = await rest.publishStatusUpdate({ pagerIncidentId, subject, message }, timeoutMs);
  if (!sent.ok && isUnknown(sent.error)) return unknownToPagerDuty(sent.error.message);
  return tried(sent);
}

const unknownToPagerDuty = (why: string): CarriedOut => ({
  kind: 'pointless',
  reason: `whether PagerDuty took it is not known, and nobody is told twice: ${why}`,
});

/** The request may have been carried out. */
const isUnknown = ({ kind }: PortFailure): boolean => kind === 'timeout' || kind === 'unavailable';

async function requestResponder(deed: Deed): Promise<CarriedOut> {
  const { rest, theirs, timeoutMs, incident, intent } = deed;
  const { pagerIncidentId } = theirs;
  const first = await isFirst(deed, '');
  if (!first.ok) return tried(first);
  if (!first.value) {
    const messages = await rest.responderMessages(pagerIncidentId, timeoutMs);
    if (!messages.ok) return tried(messages);
    const mark = restMark(incident, intent);
    if (messages.value.some((text) => text.includes(mark))) return tried(ok(undefined));
  }
  const userId = intent.target ?? '';
  const message = textOf(deed);
  return tried(await rest.requestResponder({ pagerIncidentId, userId, message }, timeoutMs));
}

async function setPriority({ rest, theirs, intent, timeoutMs }: Deed): Promise<CarriedOut> {
  const priority = intent.target ?? '';
  if (theirs.priority === priority) return tried(ok(undefined));
  const { pagerIncidentId } = theirs;
  return tried(await rest.setPriority({ pagerIncidentId, priority }, timeoutMs));
}

async function setUrgency({ rest, theirs, intent, timeoutMs }: Deed): Promise<CarriedOut> {
  const urgency = intent.target === 'low' ? 'low' : 'high';
  if (theirs.urgency === urgency) return tried(ok(undefined));
  const { pagerIncidentId } = theirs;
  return tried(await rest.setUrgency({ pagerIncidentId, urgency }, timeoutMs));
}

async function setStatus(
  { rest, theirs, timeoutMs }: Deed,
  status: PagerIncidentRecord['status'],
): Promise<CarriedOut> {
  if (theirs.status === status) return tried(ok(undefined));
  const { pagerIncidentId } = theirs;
  return tried(await rest.setStatus({ pagerIncidentId, status }, timeoutMs));
}

async function escalate({ rest, theirs, intent, timeoutMs }: Deed): Promise<CarriedOut> {
  const { pagerIncidentId } = theirs;
  const of = { pagerIncidentId, askedAtMs: intent.createdAtMs };
  return tried(await rest.escalate(of, timeoutMs));
}
