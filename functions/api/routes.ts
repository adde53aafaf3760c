import { notFound, problemResponse } from '../../lib/codec/api-error.ts';
import type { HttpRequest } from '../../lib/codec/http-event.ts';
import { jsonResponse, type HttpResponse } from '../../lib/codec/http-response.ts';
import type { ApiDeps } from '../../lib/wire/api.ts';
import type { Call } from './asking.ts';
import { answerCommand } from './commands.ts';
import { answerCoverage } from './coverage.ts';
import { answerFrontPage, answerIncidentPage } from './console.ts';
import { answerIncident, answerList, answerPostmortem, answerTimeline } from './reading.ts';

type Answer = (app: ApiDeps, call: Call) => HttpResponse | Promise<HttpResponse>;

/** Every route of this function, as `lib/infra/routes.ts` has them. */
const routes: Readonly<Record<string, Answer>> = {
  'GET /healthz': ({ version }) => jsonResponse(200, { status: 'ok', version }),
  'GET /': answerFrontPage,
  'GET /incidents/{id}': answerIncidentPage,
  'GET /v1/incidents': answerList,
  'GET /v1/incidents/{id}': answerIncident,
  'GET /v1/incidents/{id}/timeline': answerTimeline,
  'GET /v1/incidents/{id}/postmortem': answerPostmortem,
  'GET /v1/coverage': answerCoverage,
  'POST /v1/incidents/{id}/acknowledge': (app, call) => answerCommand(app, call, 'acknowledge'),
  'POST /v1/incidents/{id}/resolve': (app, call) => answerCommand(app, call, 'resolve'),
};

/** The names of the routes, for who wants to know that the template has the same. */
export const routeKeys: readonly string[] = Object.keys(routes);

/** Ids are our own, and short: what looks otherwise is none, whatever it encodes. */
const incidentPath = /^(\/(?:v1\/)?incidents\/)([0-9a-z-]{1,64})((?:\/[a-z]+)?)$/;

/** Answers a request; 404 for what is no route, which the gateway has kept out before. */
export async function respond(app: ApiDeps, request: HttpRequest): Promise<HttpResponse> {
  const { key, incidentId } = routeOf(request);
  const answer = Object.hasOwn(routes, key) ? routes[key] : undefined;
  return answer === undefined
    ? problemResponse(notFound, request.requestId)
    : await answer(app, { request, incidentId });
}

function routeOf({ method, path }: HttpRequest): {
  readonly key: string;
  readonly incidentId: string;
} {
  const [, before = '', incidentId = '', after = ''] = incidentPath.exec(path) ?? [];
  // Only we write braces: a path with some of its own is no route.
  const route = incidentId === '' ? path.replaceAll('{', '%7B') : `${before}{id}${after}`;
  return { key: `${method} ${route}`, incidentId };
}
