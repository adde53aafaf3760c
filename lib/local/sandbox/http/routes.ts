import { createRouter } from '../../runtime/http/router.ts';
import { bodyFields, type Call } from '../slack/call.ts';
import { json, problem, type Reply } from '../slack/reply.ts';
import type { Faults } from './faults.ts';
import { readFaults } from './read-faults.ts';

/** One call of a provider's API, which faults can strike by its name. */
export interface ApiRoute {
  readonly routeKey: string;
  readonly operation: string;
  /** Parameters are percent-decoded. */
  readonly run: (call: Call, parameters: Readonly<Record<string, string>>) => Reply;
}

/** What people and tests do, which no fault strikes. */
export type PeopleRoute = Omit<ApiRoute, 'operation'>;

export interface Routes {
  readonly faults: Faults;
  readonly api: readonly ApiRoute[];
  readonly people: readonly PeopleRoute[];
}

/** Serves the API through the faults, the people's side beside it, and `/faults`. */
export function serveRoutes({ faults, api, people }: Routes): (call: Call) => Promise<Reply> {
  const setFaults = (call: Call): Reply => {
    const read = readFaults(bodyFields(call));
    if (typeof read === 'string') return problem(400, read);
    faults.set(read);
    return json(200, { faults: faults.list() });
  };
  const own: readonly PeopleRoute[] = [
    { routeKey: 'GET /faults', run: () => json(200, { faults: faults.list() }) },
    { routeKey: 'PUT /faults', run: setFaults },
    { routeKey: 'POST /faults', run: setFaults },
  ];
  const route = createRouter([...api, ...people, ...own]);
  return async (call) => {
    const match = route(call.method, call.path);
    const parameters = decoded(match?.pathParameters ?? {});
    if (match === undefined || parameters === null) {
      return problem(404, `The sandbox does not serve ${call.method} ${call.path}.`);
    }
    const run = (): Reply => match.route.run(call, parameters);
    return isApi(match.route) ? faults.strike(match.route.operation, run) : run();
  };
}

const isApi = (route: ApiRoute | PeopleRoute): route is ApiRoute => 'operation' in route;

/** Null when a part is no valid percent encoding. */
function decoded(
  parameters: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | null {
  try {
    return Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
  } catch {
    return null;
  }
}
