import { err, ok } from '../../domain/shared/result.ts';
import type { DurationMs } from '../../domain/shared/time.ts';
import type { PagerRest } from '../../ports/pager.ts';
import { membersOf, within } from './call.ts';
import { escalate } from './escalate.ts';
import { maxNoteLength } from './limits.ts';
import { account, actingUser } from './rest-account.ts';
import {
  callRest,
  listRest,
  look,
  type Answer,
  type RestDeps,
  type RestRequest,
} from './rest-call.ts';
import { readAll, readIncident, readNote, readReference, responderMessages } from './rest-read.ts';

/**
 * PagerDuty's REST API v2, by the token and in the name of the user of the secret. Each method
 * ends within its time and makes no try of its own after a failure.
 */
export function createPagerDutyRest(deps: RestDeps): PagerRest {
  return { ...looking(deps), ...writing(deps), ...account(deps) };
}

const pathOf = (pagerIncidentId: string, below = ''): string =>
  `/incidents/${encodeURIComponent(pagerIncidentId)}${below}`;

type Looking = Pick<
  PagerRest,
  'findIncident' | 'findByDedupKey' | 'listOpen' | 'dedupKeys' | 'notes' | 'responderMessages'
>;

const looking = (deps: RestDeps): Looking => ({
  findIncident: (id, timeoutMs) =>
    look(deps, { path: pathOf(id), read: ({ incident }) => readIncident(incident) }, timeoutMs),
  findByDedupKey: (dedupKey, timeoutMs) =>
    within(timeoutMs, async (signal) => {
      // Without a range only the last month is searched, which may hold an older one's repeat.
      const query = { incident_key: dedupKey, date_range: 'all', sort_by: 'created_at:desc' };
      const found = await listRest(deps, { path: '/incidents', name: 'incidents', query }, signal);
      if (!found.ok) return found;
      const known = readAll(found.value, readIncident).toSorted(
        (a, b) => b.createdAtMs - a.createdAtMs,
      );
      return ok(known.find(({ status }) => status !== 'resolved') ?? known[0] ?? null);
    }),
  listOpen: (serviceIds, timeoutMs) =>
    within(timeoutMs, async (signal) => {
      const query = {
        'statuses[]': ['triggered', 'acknowledged'],
        date_range: 'all',
        sort_by: 'created_at:desc',
        ...(serviceIds.length === 0 ? {} : { 'service_ids[]': serviceIds }),
      };
      const found = await listRest(deps, { path: '/incidents', name: 'incidents', query }, signal);
      return found.ok ? ok(readAll(found.value, readIncident)) : found;
    }),
  dedupKeys: (id, timeoutMs) =>
    within(timeoutMs, async (signal) => {
      const path = pathOf(id, '/alerts');
      const found = await listRest(deps, { path, name: 'alerts' }, signal);
      if (!found.ok) return found;
      const keys = found.value.map((alert) => membersOf(alert)['alert_key']);
      return ok(keys.filter((key) => typeof key === 'string'));
    }),
  notes: (id, timeoutMs) =>
    look(
      deps,
      {
        path: pathOf(id, '/notes'),
        read: ({ notes }) => (Array.isArray(notes) ? readAll(notes, readNote) : null),
      },
      timeoutMs,
    ),
  responderMessages: (id, timeoutMs) =>
    look(
      deps,
      { path: pathOf(id), read: ({ incident }) => responderMessages(incident) },
      timeoutMs,
    ),
});

type Writing = Pick<
  PagerRest,
  | 'addNote'
  | 'publishStatusUpdate'
  | 'requestResponder'
  | 'setPriority'
  | 'setUrgency'
  | 'setStatus'
  | 'escalate'
  | 'enableSubscription'
>;

const write = (
  deps: RestDeps,
  request: Omit<RestRequest, 'query'>,
  timeoutMs: DurationMs,
): Answer<void> =>
  within(timeoutMs, async (signal) => {
    const written = await callRest(deps, request, signal);
    return written.ok ? ok(undefined) : written;
  });

/** The body of a change of an incident. */
const changing = (change: object): object => ({
  incident: { type: 'incident_reference', ...change },
});

const writing = (deps: RestDeps): Writing => ({
  addNote: ({ pagerIncidentId, text }, timeoutMs) => {
    const data = { note: { content: fit(text) } };
    return write(
      deps,
      { method: 'POST', path: pathOf(pagerIncidentId, '/notes'), data },
      timeoutMs,
    );
  },
  publishStatusUpdate: ({ pagerIncidentId, subject, message }, timeoutMs) => {
    const path = pathOf(pagerIncidentId, '/status_updates');
    const data = { subject: fit(subject), message: fit(message) };
    return write(deps, { method: 'POST', path, data }, timeoutMs);
  },
  requestResponder: (of, timeoutMs) =>
    within(timeoutMs, (signal) => requestResponder(deps, of, signal)),
  setPriority: (of, timeoutMs) => within(timeoutMs, (signal) => setPriority(deps, of, signal)),
  setUrgency: ({ pagerIncidentId, urgency }, timeoutMs) => {
    const data = changing({ urgency });
    return write(deps, { method: 'PUT', path: pathOf(pagerIncidentId), data }, timeoutMs);
  },
  setStatus: ({ pagerIncidentId, status }, timeoutMs) => {
    const data = changing({ status });
    return write(deps, { method: 'PUT', path: pathOf(pagerIncidentId), data }, timeoutMs);
  },
  escalate: (of, timeoutMs) => within(timeoutMs, (signal) => escalate(deps, of, signal)),
  enableSubscription: (id, timeoutMs) => {
    const path = `/webhook_subscriptions/${encodeURIComponent(id)}/enable`;
    return write(deps, { method: 'POST', path }, timeoutMs);
  },
});

/** PagerDuty shows half a character as none, and cuts nothing itself. */
const fit = (text: string): string => text.toWellFormed().slice(0, maxNoteLength).toWellFormed();

/** The wrapper around each target is what the published example sends. */
async function requestResponder(
  deps: RestDeps,
  of: Parameters<PagerRest['requestResponder']>[0],
  signal: AbortSignal,
): Answer<void> {
  const requester = await actingUser(deps, signal);
  if (!requester.ok) return requester;
  const target = { id: of.userId, type: 'user_reference' };
  const data = {
    requester_id: requester.value,
    message: fit(of.message),
    responder_request_targets: [{ responder_request_target: target }],
  };
  const path = pathOf(of.pagerIncidentId, '/responder_requests');
  const asked = await callRest(deps, { method: 'POST', path, data }, signal);
  return asked.ok ? ok(undefined) : asked;
}

async function setPriority(
  deps: RestDeps,
  { pagerIncidentId, priority }: Parameters<PagerRest['setPriority']>[0],
  signal: AbortSignal,
): Answer<void> {
  const listed = await callRest(deps, { method: 'GET', path: '/priorities' }, signal);
  if (!listed.ok) return listed;
  const { priorities } = membersOf(listed.value);
  const known = readAll(Array.isArray(priorities) ? priorities : [], readReference);
  const wanted = known.find(({ name }) => name === priority);
  if (wanted === undefined) {
    const names = known.map(({ name }) => name).join(', ');
    const message = `PagerDuty has no priority ${JSON.stringify(priority)}; it has ${names || 'none'}.`;
    return err({ kind: 'rejected', message });
  }
  const data = changing({ priority: { id: wanted.id, type: 'priority_reference' } });
  const path = pathOf(pagerIncidentId);
  const written = await callRest(deps, { method: 'PUT', path, data }, signal);
  return written.ok ? ok(undefined) : written;
}
