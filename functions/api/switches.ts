import { act } from '../../lib/app/act.ts';
import { whyMayNotLift } from '../../lib/app/actions/acting-person.ts';
import { haltActions, resumeActions } from '../../lib/app/actions/halt.ts';
import { lockTarget, unlockTarget } from '../../lib/app/actions/locks.ts';
import { haltJson, lockJson } from '../../lib/codec/api-action.ts';
import {
  readHaltRequest,
  readLock,
  readReason,
  readTick,
} from '../../lib/codec/api-action-request.ts';
import { problemResponse } from '../../lib/codec/api-error.ts';
import { checklistJson } from '../../lib/codec/api-incident-work.ts';
import { jsonResponse, type HttpResponse } from '../../lib/codec/http-response.ts';
import { after } from '../../lib/domain/shared/time.ts';
import type { ApiDeps } from '../../lib/wire/api.ts';
import { actionFailure, forbidden, whoActs } from './acting.ts';
import { failureResponse, type Call } from './asking.ts';

/** Keeps actions from starting on a target. A lock that is there is replaced. */
export async function answerLock(app: ApiDeps, call: Call): Promise<HttpResponse> {
  const acting = whoActs(app, call, { wish: readLock(call.request.bodyBytes), responds: true });
  if (!acting.ok) return acting.error;
  const { tenant, by, wish } = acting.value;
  const untilMs = wish.forMs === null ? null : after(app.clock.now(), wish.forMs);
  const locked = await lockTarget(app, {
    tenant,
    targetId: call.id,
    by,
    reason: wish.reason,
    untilMs,
  });
  if (!locked.ok) return actionFailure(app, call.request, locked.error);
  const { lock } = locked.value;
  return jsonResponse(200, { target: call.id, lock: lock === null ? null : lockJson(lock) });
}

/** Lets actions start on a target again; one that is not locked is answered as such. */
export async function answerUnlock(app: ApiDeps, call: Call): Promise<HttpResponse> {
  const acting = whoActs(app, call, { wish: readReason(call.request.bodyBytes), responds: true });
  if (!acting.ok) return acting.error;
  const { tenant, by, wish } = acting.value;
  const request = { tenant, targetId: call.id, by, reason: wish.reason };
  const unlocked = await unlockTarget(app, request);
  if (unlocked.ok) return jsonResponse(200, { target: call.id, changed: true, lock: null });
  const { error } = unlocked;
  return error.kind === 'refused' && error.why === 'already'
    ? jsonResponse(200, { target: call.id, changed: false, lock: null, message: error.message })
    : actionFailure(app, call.request, error);
}

/** Throws the kill switch of a tenant. Repeating it changes nothing. */
export async function answerSwitch(app: ApiDeps, call: Call): Promise<HttpResponse> {
  const wish = readHaltRequest(call.request.bodyBytes);
  const acting = whoActs(app, call, { wish, responds: true });
  if (!acting.ok) return acting.error;
  const { tenant, by, person } = acting.value;
  const { on, reason } = acting.value.wish;
  const why = on ? null : whyMayNotLift(person);
  if (why !== null) return forbidden(app, call, why);
  const thrown = await (on ? haltActions : resumeActions)(app, { tenant, by, reason });
  return thrown.ok
    ? jsonResponse(200, { tenant, halt: haltJson(thrown.value) })
    : actionFailure(app, call.request, thrown.error);
}

/** Ticks a step of a checklist, or takes the tick back. */
export async function answerTick(app: ApiDeps, call: Call): Promise<HttpResponse> {
  const { request, id: incidentId } = call;
  const acting = whoActs(app, call, { wish: readTick(request.bodyBytes), responds: true });
  if (!acting.ok) return acting.error;
  const { tenant, by, causeId, wish } = acting.value;
  const command = { kind: 'tick-step', ...wish, by } as const;
  const ticked = await act(app, { tenant, incidentId, command, causeId });
  if (!ticked.ok) return failureResponse(app, request, ticked.error);
  const { incident, refusal } = ticked.value;
  app.log.info('A person ticked a step.', {
    tenant,
    incident: incidentId,
    who: by.id,
    ...wish,
    outcome: refusal === null ? 'done' : refusal.kind,
    requestId: request.requestId,
  });
  if (refusal !== null && refusal.kind !== 'already') {
    return problemResponse({ kind: 'refused', message: refusal.message }, request.requestId);
  }
  const checklist = incident.checklists.find(({ runbookId }) => runbookId === wish.runbookId);
  return jsonResponse(200, {
    changed: refusal === null,
    ...(refusal === null ? {} : { message: refusal.message }),
    checklist: checklist === undefined ? null : checklistJson(checklist),
    console: await app.links.incident(tenant, incidentId),
  });
}
