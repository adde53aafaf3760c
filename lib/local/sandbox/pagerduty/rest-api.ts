import { isJsonObject, ownValue } from '../../shared/json.ts';
import type { Timekeeper } from '../../shared/timekeeper.ts';
import { createRouter } from '../../runtime/http/router.ts';
import type { Account } from './account.ts';
import { bodyJson, headerOf, type Call } from './call.ts';
import type { Directory, DirectoryPerson } from './directory.ts';
import type { Change } from './fact.ts';
import type { Faults } from './faults.ts';
import type { SandboxIncident } from './incident.ts';
import { json, restError, type Reply } from './reply.ts';
import { incidentFilter, invalidInput, page } from './rest-list.ts';
import { readUpdate } from './rest-update.ts';
import { restAlert, restIncident, restNote, restUser, type RestView } from './rest-view.ts';
import type { SandboxIds } from './sandbox-ids.ts';
import type { SlidingWindow, WindowVerdict } from './sliding-window.ts';

export interface RestApiDeps {
  readonly account: Account;
  readonly directory: Directory;
  readonly faults: Faults;
  readonly ids: SandboxIds;
  readonly timekeeper: Timekeeper;
  readonly view: RestView;
  /** Absent: any token passes. */
  readonly tokens: readonly string[] | undefined;
  /** Absent: no rate limit. */
  readonly limit: { readonly window: SlidingWindow; readonly perMinute: number } | undefined;
}

interface RestCall extends RestApiDeps {
  readonly call: Call;
  readonly parameters: Readonly<Record<string, string>>;
}

interface RestRoute {
  readonly routeKey: string;
  readonly run: (call: RestCall) => Reply | Promise<Reply>;
}

const NOT_FOUND = restError(404, 2100, { message: 'Not Found' });

/** The part of REST API v2 that an incident responder uses. */
const ROUTES: readonly RestRoute[] = [
  { routeKey: 'GET /incidents', run: listIncidents },
  {
    routeKey: 'GET /incidents/{id}',
    run: (call) => withIncident(call, (incident) => show(call, incident)),
  },
  {
    routeKey: 'PUT /incidents/{id}',
    run: (call) => withIncident(call, (incident) => update(call, incident)),
  },
  {
    routeKey: 'GET /incidents/{id}/alerts',
    run: (call) => withIncident(call, (incident) => listAlerts(call, incident)),
  },
  {
    routeKey: 'GET /incidents/{id}/notes',
    run: (call) => withIncident(call, (incident) => listNotes(call, incident)),
  },
  {
    routeKey: 'POST /incidents/{id}/notes',
    run: (call) => withIncident(call, (incident) => addNote(call, incident)),
  },
  { routeKey: 'GET /users', run: listUsers },
  { routeKey: 'GET /users/me', run: ({ directory, ...call }) => showUser(call, directory.onCall) },
  {
    routeKey: 'GET /users/{id}',
    run: (call) => showUser(call, call.directory.findPerson(call.parameters['id'] ?? '')),
  },
];

export function createRestApi(deps: RestApiDeps): (call: Call) => Promise<Reply> {
  const route = createRouter(ROUTES);
  const answer = async (call: Call): Promise<Reply> => {
    const token = tokenOf(call);
    if (token === undefined || deps.tokens?.includes(token) === false) {
      return restError(401, 2006, { message: 'Authentication failed' });
    }
    const verdict = deps.limit?.window.take(token, call.arrivedAtMs);
    if (verdict?.allowed === false) {
      return withLimit(restError(429, 2020, { message: 'Rate Limit Exceeded' }), deps, verdict);
    }
    const match = route(call.method, call.path);
    const reply =
      match === undefined
        ? NOT_FOUND
        : await match.route.run({ ...deps, call, parameters: match.pathParameters });
    return withLimit(reply, deps, verdict);
  };
  return (call) => deps.faults.strike({ surface: 'rest', service: undefined }, () => answer(call));
}

/** `Token token=KEY`, or `Bearer TOKEN` of an OAuth client. */
function tokenOf(call: Call): string | undefined {
  const given = headerOf(call, 'authorization') ?? '';
  return /^(?:Token token=|Bearer )"?([^"\s]+)"?$/.exec(given)?.[1];
}

function withLimit(
  reply: Reply,
  { limit }: RestApiDeps,
  verdict: WindowVerdict | undefined,
): Reply {
  if (reply.kind !== 'json' || limit === undefined || verdict === undefined) return reply;
  const headers = {
    'ratelimit-limit': String(limit.perMinute),
    'ratelimit-remaining': String(verdict.remaining),
    'ratelimit-reset': String(Math.ceil(verdict.resetMs / 1000)),
  };
  return { ...reply, headers };
}

function withIncident(
  { account, parameters }: RestCall,
  run: (incident: SandboxIncident) => Reply | Promise<Reply>,
): Reply | Promise<Reply> {
  const incident = account.book.incident(parameters['id'] ?? '');
  return incident === undefined ? NOT_FOUND : run(incident);
}

/** Newest last, as PagerDuty lists incidents without `sort_by`. */
function listIncidents({ account, call, timekeeper, view }: RestCall): Reply {
  const filter = incidentFilter(call.query, timekeeper);
  if (typeof filter !== 'function') return invalidInput(filter);
  return page('incidents', account.book.incidents().filter(filter), {
    query: call.query,
    show: (incident) => restIncident(incident, view),
  });
}

function show({ view }: RestCall, incident: SandboxIncident): Reply {
  return json(200, { incident: restIncident(incident, view) });
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

interface PersonsChange {
  readonly incident: SandboxIncident;
  readonly changes: readonly Change[];
  readonly person: DirectoryPerson;
}

async function change(rest: RestCall, { person, ...request }: PersonsChange): Promise<Reply> {
  const result = await rest.account.change({ ...request, by: person.id });
  if (result.ok) return show(rest, result.value);
  return restError(400, result.error.code, { message: result.error.message });
}

/** With an account's token the `From` header says in whose name something is written. */
function requesterOf({ call, directory }: RestCall): DirectoryPerson | Reply {
  const from = headerOf(call, 'from');
  if (from === undefined) return invalidInput(['Requester: the From header is missing.']);
  const person = directory.people.find(({ email }) => email.toLowerCase() === from.toLowerCase());
  return person ?? restError(400, 1008, { message: 'Requester User Not Found' });
}

function listAlerts({ account, call, view }: RestCall, incident: SandboxIncident): Reply {
  const key = call.query.get('alert_key');
  const statuses = call.query.getAll('statuses[]');
  const { alert } = incident;
  const isWanted =
    (key === null || key === alert.key) &&
    (statuses.length === 0 || statuses.includes(alert.status));
  return page('alerts', isWanted ? [incident] : [], {
    query: call.query,
    show: (of) => restAlert(of, account.book.content(alert.latestSequence), view),
  });
}

function listNotes({ view }: RestCall, { notes }: SandboxIncident): Reply {
  return json(200, { notes: notes.map((note) => restNote(note, view.references)) });
}

function listUsers({ call, directory, view }: RestCall): Reply {
  const wanted = call.query.get('query')?.toLowerCase() ?? '';
  const found = directory.people.filter(({ name, email }) =>
    `${name}\n${email}`.toLowerCase().includes(wanted),
  );
  return page('users', found, {
    query: call.query,
    show: (person) => restUser(person, view.references),
  });
}

function showUser({ view }: Pick<RestCall, 'view'>, person: DirectoryPerson | undefined): Reply {
  return person === undefined ? NOT_FOUND : json(200, { user: restUser(person, view.references) });
}
