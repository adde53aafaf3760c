import type { Timekeeper } from '../../shared/timekeeper.ts';
import type { Account } from './account.ts';
import { headerOf, type Call } from './call.ts';
import type { Directory, DirectoryPerson } from './directory.ts';
import type { Change } from './fact.ts';
import type { Faults } from './faults.ts';
import type { SandboxIncident } from './incident.ts';
import { json, restError, type Reply } from './reply.ts';
import { invalidInput } from './rest-list.ts';
import { restIncident, type RestView } from './rest-view.ts';
import type { SandboxIds } from './sandbox-ids.ts';
import type { SlidingWindow } from './sliding-window.ts';

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

/** An authenticated call, on its way through one route. */
export interface RestCall extends RestApiDeps {
  readonly call: Call;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface RestRoute {
  readonly routeKey: string;
  readonly run: (call: RestCall) => Reply | Promise<Reply>;
}

export const NOT_FOUND = restError(404, 2100, { message: 'Not Found' });

/** Runs for the incident that the path names. */
export function withIncident(
  { account, parameters }: RestCall,
  run: (incident: SandboxIncident) => Reply | Promise<Reply>,
): Reply | Promise<Reply> {
  const incident = account.book.incident(parameters['id'] ?? '');
  return incident === undefined ? NOT_FOUND : run(incident);
}

export const show = ({ view }: RestCall, incident: SandboxIncident): Reply =>
  json(200, { incident: restIncident(incident, view) });

export interface PersonsChange {
  readonly incident: SandboxIncident;
  readonly changes: readonly Change[];
  readonly person: DirectoryPerson;
}

/** Changes an incident in a person's name, and shows it. */
export async function change(
  rest: RestCall,
  { person, ...request }: PersonsChange,
): Promise<Reply> {
  const result = await rest.account.change({ ...request, by: person.id });
  if (result.ok) return show(rest, result.value);
  return restError(400, result.error.code, { message: result.error.message });
}

/** With an account's token the `From` header says in whose name something is written. */
export function requesterOf({ call, directory }: RestCall): DirectoryPerson | Reply {
  const from = headerOf(call, 'from');
  if (from === undefined) return invalidInput(['Requester: the From header is missing.']);
  const person = directory.people.find(({ email }) => email.toLowerCase() === from.toLowerCase());
  return person ?? restError(400, 1008, { message: 'Requester User Not Found' });
}
