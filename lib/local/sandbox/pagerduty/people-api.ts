import { isJsonObject, type JsonObject } from '../../shared/json.ts';
import { createRouter } from '../../runtime/http/router.ts';
import type { Account } from './account.ts';
import { bodyJson, type Call } from './call.ts';
import type { Directory } from './directory.ts';
import type { Faults } from './faults.ts';
import type { SandboxIncident } from './incident.ts';
import { incidentOverview, requestOverview, subscriptionOverview } from './overview.ts';
import { readCreation, readPersonsAction } from './persons-action.ts';
import { readFaults } from './read-faults.ts';
import { json, type Reply } from './reply.ts';
import type { SandboxIds } from './sandbox-ids.ts';

export interface PeopleApiDeps {
  readonly account: Account;
  readonly directory: Directory;
  readonly faults: Faults;
  readonly ids: SandboxIds;
  /** Forgets what was counted for the rate limits. */
  readonly resetLimits: () => void;
}

interface PeopleCall extends PeopleApiDeps {
  readonly call: Call;
  readonly parameters: Readonly<Record<string, string>>;
}

interface PeopleRoute {
  readonly routeKey: string;
  readonly does: string;
  readonly run: (call: PeopleCall) => Reply | Promise<Reply>;
}

const DEFAULT_REQUESTS = 1000;

const ROUTES: readonly PeopleRoute[] = [
  { routeKey: 'GET /', does: 'lists these', run: index },
  { routeKey: 'DELETE /', does: 'empties the account, its ledger and the faults', run: reset },
  {
    routeKey: 'GET /incidents',
    does: 'shows the incidents; ?status= and ?dedup_key= choose',
    run: listIncidents,
  },
  {
    routeKey: 'POST /incidents',
    does: 'makes an incident by hand: {"service", "title", "urgency", "priority", "by"}',
    run: create,
  },
  { routeKey: 'GET /incidents/{id}', does: 'shows one incident', run: showIncident },
  {
    routeKey: 'POST /incidents/{id}/{action}',
    does: 'acknowledge, unacknowledge, resolve, reopen, reassign, delegate, escalate, annotate, priority',
    run: act,
  },
  {
    routeKey: 'GET /requests',
    does: 'shows the accepted events, oldest first; ?since= (instant), ?after= (sequence), ?limit=',
    run: listRequests,
  },
  { routeKey: 'POST /ping', does: 'sends pagey.ping to every webhook subscription', run: ping },
  { routeKey: 'GET /webhooks', does: 'shows the webhook subscriptions', run: listWebhooks },
  { routeKey: 'POST /webhooks/{id}/enable', does: 'enables a disabled one', run: enableWebhook },
  {
    routeKey: 'POST /webhooks/{id}/disable',
    does: 'disables one for a day, as three dropped deliveries do',
    run: disableWebhook,
  },
  { routeKey: 'GET /faults', does: 'shows the faults that are set', run: listFaults },
  { routeKey: 'PUT /faults', does: 'replaces the faults: {"faults": [...]}', run: setFaults },
];

/** What a person does in PagerDuty's web page, and what a test needs to see and to break. */
export function createPeopleApi(deps: PeopleApiDeps): (call: Call) => Promise<Reply> {
  const route = createRouter(ROUTES);
  return async (call) => {
    const match = route(call.method, call.path);
    if (match === undefined) {
      return failure(404, `The sandbox does not serve ${call.method} ${call.path}.`);
    }
    return await match.route.run({ ...deps, call, parameters: match.pathParameters });
  };
}

function failure(status: number, message: string): Reply {
  return json(status, { message });
}

function index(): Reply {
  return json(200, {
    sandbox: 'pagerduty',
    routes: Object.fromEntries(ROUTES.map(({ routeKey, does }) => [routeKey, does])),
  });
}

function reset({ account, faults, resetLimits }: PeopleCall): Reply {
  account.reset();
  faults.set([]);
  resetLimits();
  return json(200, { message: 'The sandbox is empty.' });
}

function listIncidents({ account, call, directory }: PeopleCall): Reply {
  const status = call.query.get('status');
  const key = call.query.get('dedup_key');
  const incidents = account.book
    .incidents()
    .filter((incident) => (status ?? incident.status) === incident.status)
    .filter(({ alert }) => (key ?? alert.key) === alert.key);
  return json(200, {
    incidents: incidents.map((incident) => incidentOverview(incident, { account, directory })),
  });
}

function showIncident(people: PeopleCall): Reply {
  const incident = incidentOf(people);
  return incident === undefined
    ? failure(404, 'There is no such incident.')
    : json(200, { incident: incidentOverview(incident, people) });
}

async function create(people: PeopleCall): Promise<Reply> {
  const read = readCreation(fieldsOf(people.call) ?? {}, people.directory);
  if ('error' in read) return failure(400, read.error);
  const incident = await people.account.create(read.wish);
  return json(201, { incident: incidentOverview(incident, people) });
}

async function act(people: PeopleCall): Promise<Reply> {
  const incident = incidentOf(people);
  if (incident === undefined) return failure(404, 'There is no such incident.');
  const fields = fieldsOf(people.call);
  if (fields === undefined) return failure(400, 'The body must be a JSON object, or empty.');
  const read = readPersonsAction(people.parameters['action'] ?? '', {
    fields,
    incident,
    directory: people.directory,
    newNoteId: people.ids.note,
  });
  if ('error' in read) return failure(400, read.error);
  const result = await people.account.change({ incident, ...read });
  return result.ok
    ? json(200, { incident: incidentOverview(result.value, people) })
    : failure(409, result.error.message);
}

function listRequests({ account, call }: PeopleCall): Reply {
  const sinceMs = instantOf(call.query.get('since'));
  const after = Number(call.query.get('after') ?? 0);
  const limit = Number(call.query.get('limit') ?? DEFAULT_REQUESTS);
  if (Number.isNaN(sinceMs + after + limit)) {
    return failure(400, "'since' is ISO 8601 or milliseconds; 'after' and 'limit' are numbers.");
  }
  const found = account.book
    .requests()
    .filter(({ arrivedAtMs, sequence }) => arrivedAtMs >= sinceMs && sequence > after);
  return json(200, {
    requests: found.slice(0, limit).map((record) => requestOverview(record, account)),
    more: found.length > limit,
  });
}

async function ping({ account }: PeopleCall): Promise<Reply> {
  return json(202, { subscriptions: await account.ping() });
}

function listWebhooks({ account }: PeopleCall): Reply {
  return json(200, { webhooks: account.webhooks.status().map(subscriptionOverview) });
}

function enableWebhook({ account, parameters }: PeopleCall): Reply {
  return account.webhooks.enable(parameters['id'] ?? '')
    ? json(200, { message: 'The subscription is enabled.' })
    : failure(404, 'There is no such subscription.');
}

function disableWebhook({ account, parameters }: PeopleCall): Reply {
  return account.webhooks.disable(parameters['id'] ?? '')
    ? json(200, { message: 'The subscription is disabled for a day.' })
    : failure(404, 'There is no such subscription.');
}

function listFaults({ faults }: PeopleCall): Reply {
  return json(200, { faults: faults.list() });
}

function setFaults({ call, faults }: PeopleCall): Reply {
  const read = readFaults(bodyJson(call));
  if (typeof read === 'string') return failure(400, read);
  faults.set(read);
  return json(200, { faults: faults.list() });
}

function incidentOf({ account, parameters }: PeopleCall): SandboxIncident | undefined {
  return account.book.incident(parameters['id'] ?? '');
}

function fieldsOf(call: Call): JsonObject | undefined {
  if (call.body.byteLength === 0) return {};
  const body = bodyJson(call);
  return isJsonObject(body) ? body : undefined;
}

/** Milliseconds or ISO 8601; NaN for anything else, and the beginning of time for nothing. */
function instantOf(text: string | null): number {
  if (text === null) return 0;
  return /^\d+$/.test(text) ? Number(text) : Date.parse(text);
}
