import { createRouter } from '../../runtime/http/router.ts';
import { headerOf, type Call } from './call.ts';
import { restError, type Reply } from './reply.ts';
import { ACCOUNT_ROUTES } from './rest-account.ts';
import { NOT_FOUND, type RestApiDeps } from './rest-call.ts';
import { INCIDENT_ROUTES } from './rest-incidents.ts';
import type { WindowVerdict } from './sliding-window.ts';

/** The part of REST API v2 that an incident responder uses. */
export function createRestApi(deps: RestApiDeps): (call: Call) => Promise<Reply> {
  const route = createRouter([...INCIDENT_ROUTES, ...ACCOUNT_ROUTES]);
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
