import { PRIORITIES, type DirectoryPerson } from './directory.ts';
import { DEFAULT_POLICY } from './incident.ts';
import { json, type Reply } from './reply.ts';
import { NOT_FOUND, type RestCall, type RestRoute } from './rest-call.ts';
import { invalidInput, page } from './rest-list.ts';
import {
  restContacts,
  restOnCalls,
  restService,
  restSubscription,
  restUser,
} from './account-view.ts';
import { stableId } from './sandbox-ids.ts';

/** What REST tells of the account: who there is, who is on call, what leads where. */
export const ACCOUNT_ROUTES: readonly RestRoute[] = [
  { routeKey: 'GET /users', run: listUsers },
  { routeKey: 'GET /users/me', run: (call) => showUser(call, call.directory.onCall) },
  {
    routeKey: 'GET /users/{id}',
    run: (call) => showUser(call, call.directory.findPerson(call.parameters['id'] ?? '')),
  },
  { routeKey: 'GET /priorities', run: listPriorities },
  { routeKey: 'GET /services', run: listServices },
  { routeKey: 'GET /services/{id}', run: showService },
  { routeKey: 'GET /escalation_policies', run: listPolicies },
  { routeKey: 'GET /oncalls', run: listOnCalls },
  { routeKey: 'GET /schedules/{id}/users', run: listScheduleUsers },
  { routeKey: 'GET /webhook_subscriptions', run: listSubscriptions },
  { routeKey: 'POST /webhook_subscriptions/{id}/enable', run: enableSubscription },
];

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

function showUser({ call, view }: RestCall, person: DirectoryPerson | undefined): Reply {
  if (person === undefined) return NOT_FOUND;
  const hasContacts = includes(call, 'contact_methods');
  const contacts = hasContacts ? restContacts(person) : {};
  return json(200, { user: { ...restUser(person, view.references), ...contacts } });
}

const includes = ({ query }: RestCall['call'], what: string): boolean =>
  query.getAll('include[]').includes(what);

function listPriorities({ view }: RestCall): Reply {
  const priorities = PRIORITIES.map((name, order) => ({
    ...view.references.priority(name),
    type: 'priority',
    name,
    order,
  }));
  return json(200, { priorities });
}

function listServices({ call, directory, view }: RestCall): Reply {
  const hasIntegrations = includes(call, 'integrations');
  return page('services', directory.services, {
    query: call.query,
    show: (service) => restService(service, { references: view.references, hasIntegrations }),
  });
}

function showService({ call, directory, view, parameters }: RestCall): Reply {
  const service = directory.services.find(({ id }) => id === parameters['id']);
  if (service === undefined) return NOT_FOUND;
  const hasIntegrations = includes(call, 'integrations');
  const { references } = view;
  return json(200, { service: restService(service, { references, hasIntegrations }) });
}

function listPolicies({ call, directory, view }: RestCall): Reply {
  const levels = [...new Set(directory.shifts.map(({ level }) => level))].sort((a, b) => a - b);
  return page('escalation_policies', [DEFAULT_POLICY], {
    query: call.query,
    show: (name) => ({
      ...view.references.policy(name),
      type: 'escalation_policy',
      name,
      escalation_rules: levels.map((level) => ({
        id: stableId('P', `rule ${level}`),
        escalation_delay_in_minutes: 15,
        targets: [view.references.schedule(level)],
      })),
    }),
  });
}

function listOnCalls({ call, directory, timekeeper, view }: RestCall): Reply {
  const instant = (name: string): number => {
    const text = call.query.get(name);
    return text === null ? timekeeper.nowMs() : Date.parse(text);
  };
  const sinceMs = instant('since');
  const untilMs = call.query.has('until') ? instant('until') : sinceMs;
  if (Number.isNaN(sinceMs + untilMs)) return invalidInput(['Since and until must be instants.']);
  const { references } = view;
  const wanted = call.query.getAll('escalation_policy_ids[]');
  const isWanted = wanted.length === 0 || wanted.includes(references.policy(DEFAULT_POLICY).id);
  const shown = isWanted ? restOnCalls(directory, { references, sinceMs, untilMs }) : [];
  return page('oncalls', shown, { query: call.query, show: (one) => one });
}

function listScheduleUsers({ directory, parameters, view }: RestCall): Reply {
  const levels = new Set(directory.shifts.map(({ level }) => level));
  const level = [...levels].find((one) => view.references.schedule(one).id === parameters['id']);
  if (level === undefined) return NOT_FOUND;
  const emails = directory.shifts.filter((one) => one.level === level).map(({ email }) => email);
  const people = [...new Set(emails)].flatMap((email) => directory.findPerson(email) ?? []);
  return json(200, { users: people.map((person) => restUser(person, view.references)) });
}

function listSubscriptions({ account, call }: RestCall): Reply {
  const { query } = call;
  return page('webhook_subscriptions', account.webhooks.status(), {
    query,
    show: restSubscription,
  });
}

function enableSubscription({ account, parameters }: RestCall): Reply {
  if (!account.webhooks.enable(parameters['id'] ?? '')) return NOT_FOUND;
  const status = account.webhooks.status().find(({ id }) => id === parameters['id']);
  return status === undefined
    ? NOT_FOUND
    : json(200, { webhook_subscription: restSubscription(status) });
}
