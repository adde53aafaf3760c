import { isJsonObject, ownValue, type JsonObject } from '../../shared/json.ts';
import type { IncidentWish } from './account.ts';
import { bodyJson } from './call.ts';
import type { Change } from './fact.ts';
import type { SandboxIncident } from './incident.ts';
import { weightOf } from './persons-action.ts';
import { json, restError, type Reply } from './reply.ts';
import {
  change,
  requesterOf,
  show,
  withIncident,
  type RestCall,
  type RestRoute,
} from './rest-call.ts';
import { incidentFilter, invalidInput, page } from './rest-list.ts';
import { readUpdate } from './rest-update.ts';
import { restAlert, restIncident, restNote } from './rest-view.ts';

type OfIncident = (call: RestCall, incident: SandboxIncident) => Reply | Promise<Reply>;

const of =
  (run: OfIncident): RestRoute['run'] =>
  (call) =>
    withIncident(call, (incident) => run(call, incident));

/** What REST does with incidents. */
export const INCIDENT_ROUTES: readonly RestRoute[] = [
  { routeKey: 'GET /incidents', run: listIncidents },
  { routeKey: 'POST /incidents', run: create },
  { routeKey: 'GET /incidents/{id}', run: of(show) },
  { routeKey: 'PUT /incidents/{id}', run: of(update) },
  { routeKey: 'GET /incidents/{id}/alerts', run: of(listAlerts) },
  { routeKey: 'GET /incidents/{id}/notes', run: of(listNotes) },
  { routeKey: 'POST /incidents/{id}/notes', run: of(addNote) },
  { routeKey: 'POST /incidents/{id}/status_updates', run: of(publishUpdate) },
  { routeKey: 'POST /incidents/{id}/responder_requests', run: of(requestResponders) },
];

/** Newest last, as PagerDuty lists incidents without `sort_by`. */
function listIncidents({ account, call, timekeeper, view }: RestCall): Reply {
  const filter = incidentFilter(call.query, timekeeper);
  if (typeof filter !== 'function') return invalidInput(filter);
  return page('incidents', account.book.incidents().filter(filter), {
    query: call.query,
    show: (incident) => restIncident(incident, view),
  });
}

async function update(rest: RestCall, incident: SandboxIncident): Promise<Reply> {
  const person = requesterOf(rest);
  if ('kind' in person) return person;
  const read = readUpdate(bodyJson(rest.call), incident, rest.directory);
  if ('errors' in read) return invalidInput(read.errors);
  return await change(rest, { incident, changes: read.changes, person });
}

async function addNote(rest: RestCall, incident: SandboxIncident): Promise<Reply> {
  const person = requesterOf(rest);
  if ('kind' in person) return person;
  const body = bodyJson(rest.call);
  const note = isJsonObject(body) ? ownValue(body, 'note') : undefined;
  const content = isJsonObject(note) ? ownValue(note, 'content') : undefined;
  if (typeof content !== 'string' || content === '') {
    return invalidInput(['Content cannot be blank.']);
  }
  const noteId = rest.ids.note();
  const changes: readonly Change[] = [{ type: 'annotated', noteId, content }];
  const reply = await change(rest, { incident, changes, person });
  const added = rest.account.book.incident(incident.id)?.notes.find(({ id }) => id === noteId);
  return added === undefined ? reply : json(201, { note: restNote(added, rest.view.references) });
}

async function create(rest: RestCall): Promise<Reply> {
  const person = requesterOf(rest);
  if ('kind' in person) return person;
  const wish = readCreation(rest);
  if ('errors' in wish) return invalidInput(wish.errors);
  const incident = await rest.account.create({ by: person.id, ...wish });
  return json(201, { incident: restIncident(incident, rest.view) });
}

/** PagerDuty refuses a second open incident with the same key on one service. */
function readCreation({
  account,
  call,
  directory,
}: RestCall): Omit<IncidentWish, 'by'> | { readonly errors: readonly string[] } {
  const wanted = memberOf(bodyJson(call), 'incident');
  const title = ownValue(wanted, 'title');
  const serviceId = ownValue(memberOf(wanted, 'service'), 'id');
  const service = directory.services.find(({ id }) => id === serviceId)?.name;
  if (typeof title !== 'string' || title === '') return { errors: ['Title cannot be blank.'] };
  if (service === undefined) return { errors: ['Service cannot be found.'] };
  const given = ownValue(wanted, 'incident_key');
  const key = typeof given === 'string' ? { key: given } : {};
  if (key.key !== undefined && account.book.openAlert(service, key.key) !== undefined) {
    return { errors: ['Open incident with matching dedup key already exists on this service'] };
  }
  return { service, title, ...weightOf(wanted), ...key };
}

async function publishUpdate(rest: RestCall, incident: SandboxIncident): Promise<Reply> {
  const person = requesterOf(rest);
  if ('kind' in person) return person;
  const body = bodyJson(rest.call);
  const message = isJsonObject(body) ? ownValue(body, 'message') : undefined;
  if (typeof message !== 'string' || message === '') {
    return invalidInput(['Message cannot be blank.']);
  }
  const updateId = rest.ids.note();
  const changes: readonly Change[] = [{ type: 'status_update_published', updateId, message }];
  const reply = await change(rest, { incident, changes, person });
  if (reply.kind !== 'json' || reply.status !== 200) return reply;
  return json(200, { status_update: { id: updateId, message, sender: { id: person.id } } });
}

/** Targets as the published example sends them, each in a wrapper of its own. */
async function requestResponders(rest: RestCall, incident: SandboxIncident): Promise<Reply> {
  const person = requesterOf(rest);
  if ('kind' in person) return person;
  const changes = respondersIn(rest);
  if (changes === undefined) return restError(404, 2100, { message: 'Not Found' });
  const reply = await change(rest, { incident, changes, person });
  if (reply.kind !== 'json' || reply.status !== 200) return reply;
  return json(200, { responder_request: { requester: { id: person.id } } });
}

/** The people who are asked; `undefined` when there is none, or somebody unknown. */
function respondersIn({ call, directory }: RestCall): readonly Change[] | undefined {
  const body = bodyJson(call);
  const asked = isJsonObject(body) ? body : {};
  const message = ownValue(asked, 'message');
  const targets = ownValue(asked, 'responder_request_targets');
  if (typeof message !== 'string' || !Array.isArray(targets)) return undefined;
  const changes = targets.flatMap((target: unknown): Change[] => {
    const id = ownValue(memberOf(target, 'responder_request_target'), 'id');
    const to = typeof id === 'string' ? directory.findPerson(id)?.id : undefined;
    return to === undefined ? [] : [{ type: 'responder.added', to, message }];
  });
  return changes.length === 0 || changes.length < targets.length ? undefined : changes;
}

const memberOf = (value: unknown, name: string): JsonObject => {
  const member = isJsonObject(value) ? ownValue(value, name) : undefined;
  return isJsonObject(member) ? member : {};
};

function listAlerts({ account, call, view }: RestCall, incident: SandboxIncident): Reply {
  const key = call.query.get('alert_key');
  const statuses = call.query.getAll('statuses[]');
  const { alert } = incident;
  const isWanted =
    (key === null || key === alert.key) &&
    (statuses.length === 0 || statuses.includes(alert.status));
  return page('alerts', isWanted && !incident.isManual ? [incident] : [], {
    query: call.query,
    show: (of) => restAlert(of, account.book.content(alert.latestSequence), view),
  });
}

function listNotes({ view }: RestCall, { notes }: SandboxIncident): Reply {
  return json(200, { notes: notes.map((note) => restNote(note, view.references)) });
}
