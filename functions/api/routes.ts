import { notFound, problemResponse } from '../../lib/codec/api-error.ts';
import type { HttpRequest } from '../../lib/codec/http-event.ts';
import { jsonResponse, type HttpResponse } from '../../lib/codec/http-response.ts';
import type { ApiDeps } from '../../lib/wire/api.ts';
import type { Call } from './asking.ts';
import { answerCommand } from './commands.ts';
import { answerActionRequest, answerApproval, answerDenial } from './commanding-actions.ts';
import { answerActionsPage } from './console-actions.ts';
import { answerCoverage } from './coverage.ts';
import { answerFrontPage, answerIncidentPage } from './console.ts';
import { answerIncident, answerList, answerPostmortem, answerTimeline } from './reading.ts';
import {
  answerAction,
  answerActions,
  answerHalt,
  answerScore,
  answerTargets,
} from './reading-actions.ts';
import { answerLock, answerSwitch, answerTick, answerUnlock } from './switches.ts';

type Answer = (app: ApiDeps, call: Call) => HttpResponse | Promise<HttpResponse>;

/** Every route of this function, as `lib/infra/routes.ts` has them. */
const routes: Readonly<Record<string, Answer>> = {
  'GET /healthz': ({ version }) => jsonResponse(200, { status: 'ok', version }),
  'GET /': answerFrontPage,
  'GET /incidents/{id}': answerIncidentPage,
  'GET /actions': answerActionsPage,
  'GET /v1/incidents': answerList,
  'GET /v1/incidents/{id}': answerIncident,
  'GET /v1/incidents/{id}/timeline': answerTimeline,
  'GET /v1/incidents/{id}/postmortem': answerPostmortem,
  'GET /v1/coverage': answerCoverage,
  'GET /v1/actions': answerActions,
  'GET /v1/actions/score': answerScore,
  'GET /v1/actions/{id}': answerAction,
  'GET /v1/targets': answerTargets,
  'GET /v1/halt': answerHalt,
  'POST /v1/incidents/{id}/acknowledge': (app, call) => answerCommand(app, call, 'acknowledge'),
  'POST /v1/incidents/{id}/resolve': (app, call) => answerCommand(app, call, 'resolve'),
  'POST /v1/incidents/{id}/actions': answerActionRequest,
  'POST /v1/incidents/{id}/steps': answerTick,
  'POST /v1/actions/{id}/approve': answerApproval,
  'POST /v1/actions/{id}/deny': answerDenial,
  'POST /v1/targets/{id}/lock': answerLock,
  'POST /v1/targets/{id}/unlock': answerUnlock,
  'POST /v1/halt': answerSwitch,
};

/** The names of the routes, for who wants to know that the template has the same. */
export const routeKeys: readonly string[] = Object.keys(routes);

/** Ids are our own or the policy's, and short: what looks otherwise is none, whatever it encodes. */
const pathWithId = /^(\/(?:v1\/)?(?:incidents|actions|targets)\/)([0-9a-z-]{1,64})((?:\/[a-z]+)?)$/;

/** Answers a request; 404 for what is no route, which the gateway has kept out before. */
export async function respond(app: ApiDeps, request: HttpRequest): Promise<HttpResponse> {
  const { key, id } = routeOf(request);
  const answer = Object.hasOwn(routes, key) ? routes[key] : undefined;
  return answer === undefined
    ? problemResponse(notFound, request.requestId)
    : await answer(app, { request, id });
}

/** A path that is a route as it stands counts before one with an id in it, as at the gateway. */
function routeOf({ method, path }: HttpRequest): { readonly key: string; readonly id: string } {
  // Only we write braces: a path with some of its own is no route.
  const plain = `${method} ${path.replaceAll('{', '%7B')}`;
  const [, before = '', id = '', after = ''] = pathWithId.exec(path) ?? [];
  return id === '' || Object.hasOwn(routes, plain)
    ? { key: plain, id: '' }
    : { key: `${method} ${before}{id}${after}`, id };
}
