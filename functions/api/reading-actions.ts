import { lastOn, latestActions } from '../../lib/app/actions/last-actions.ts';
import { listActions, readAction, readTargets } from '../../lib/app/actions/read-actions.ts';
import { scoreOf } from '../../lib/app/actions/score.ts';
import { readLog } from '../../lib/app/read-incidents.ts';
import {
  actionJson,
  haltJson,
  scoreJson,
  targetJson,
  wholeActionJson,
} from '../../lib/codec/api-action.ts';
import { badRequest, problemResponse } from '../../lib/codec/api-error.ts';
import { readActionList, readTenant } from '../../lib/codec/api-request.ts';
import { jsonResponse, type HttpResponse } from '../../lib/codec/http-response.ts';
import { ok } from '../../lib/domain/shared/result.ts';
import type { ApiDeps } from '../../lib/wire/api.ts';
import { actionFailure } from './acting.ts';
import { whoAsks, type Call } from './asking.ts';

/** Actions of a tenant: open ones, or those that ended. */
export async function answerActions(app: ApiDeps, call: Call): Promise<HttpResponse> {
  const { request } = call;
  const list = readActionList(request);
  const asked = whoAsks(app, call, list.ok ? ok(list.value.tenant) : list);
  if (!asked.ok) return asked.error;
  if (!list.ok) return problemResponse(list.error, request.requestId);
  const { status, limit, after } = list.value;
  const { tenant } = asked.value.ref;
  const listed = await listActions(app, { tenant, status, limit, after });
  if (!listed.ok) {
    return listed.error.kind === 'rejected' && after !== null
      ? problemResponse(badRequest('after is no `next` that a list has given.'), request.requestId)
      : actionFailure(app, request, listed.error);
  }
  const actions = listed.value.actions.map(actionJson);
  const console = await app.links.actions(tenant);
  return jsonResponse(200, { tenant, status, actions, next: listed.value.next, console });
}

/** One action whole. */
export async function answerAction(app: ApiDeps, call: Call): Promise<HttpResponse> {
  const { request, id: actionId } = call;
  const asked = whoAsks(app, call, readTenant(request));
  if (!asked.ok) return asked.error;
  const { tenant } = asked.value.ref;
  const action = await readAction(app, { tenant, actionId });
  if (!action.ok) return actionFailure(app, request, action.error);
  const { incidentId } = action.value;
  const log = await readLog(app, { tenant, incidentId });
  if (!log.ok) return actionFailure(app, request, log.error);
  const console = await app.links.incident(tenant, incidentId);
  return jsonResponse(200, { action: wholeActionJson(action.value, log.value), console });
}

/** How the runbooks have done beside people. */
export async function answerScore(app: ApiDeps, call: Call): Promise<HttpResponse> {
  const { request } = call;
  const asked = whoAsks(app, call, readTenant(request));
  if (!asked.ok) return asked.error;
  const { tenant } = asked.value.ref;
  const score = await scoreOf(app, tenant);
  if (!score.ok) return actionFailure(app, request, score.error);
  const { runbooks, actions, isCut } = score.value;
  return jsonResponse(200, { tenant, actions, isCut, runbooks: runbooks.map(scoreJson) });
}

/** What may be acted on and how it stands, and the kill switch. */
export async function answerTargets(app: ApiDeps, call: Call): Promise<HttpResponse> {
  const { request } = call;
  const asked = whoAsks(app, call, readTenant(request));
  if (!asked.ok) return asked.error;
  const { tenant } = asked.value.ref;
  const states = await readTargets(app, tenant);
  if (!states.ok) return actionFailure(app, request, states.error);
  const latest = await latestActions(app, tenant);
  if (!latest.ok) return actionFailure(app, request, latest.error);
  const targets = states.value.targets.map((state) =>
    targetJson({ ...state, lastAction: lastOn(latest.value, state.target.id) }),
  );
  const console = await app.links.actions(tenant);
  return jsonResponse(200, { tenant, halt: haltJson(states.value.halt), targets, console });
}

/** Whether everything is halted. */
export async function answerHalt(app: ApiDeps, call: Call): Promise<HttpResponse> {
  const { request } = call;
  const asked = whoAsks(app, call, readTenant(request));
  if (!asked.ok) return asked.error;
  const { tenant } = asked.value.ref;
  const halt = await app.actionRows.loadHalt(tenant);
  return halt.ok
    ? jsonResponse(200, { tenant, halt: haltJson(halt.value) })
    : actionFailure(app, request, halt.error);
}
