import {
  actingPerson,
  whyMayNotRespond,
  type ActingPerson,
} from '../../lib/app/actions/acting-person.ts';
import type { ActionFailure } from '../../lib/app/actions/commit-action.ts';
import { tenantOf } from '../../lib/app/deps.ts';
import { nothingSuch, problemResponse, unavailable } from '../../lib/codec/api-error.ts';
import { readRequestKey } from '../../lib/codec/api-action-request.ts';
import type { Read } from '../../lib/codec/api-body.ts';
import { readTenant } from '../../lib/codec/api-request.ts';
import type { HttpRequest } from '../../lib/codec/http-event.ts';
import type { HttpResponse } from '../../lib/codec/http-response.ts';
import { err, ok, type Result } from '../../lib/domain/shared/result.ts';
import type { ApiDeps } from '../../lib/wire/api.ts';
import { isNowhere, whoAsks, type Call } from './asking.ts';

/** A request that wants to change something about actions, its person known to the policy. */
export interface Acting<Wish> extends ActingPerson {
  readonly tenant: string;
  /** Equal for repeats of one request. */
  readonly causeId: string;
  readonly wish: Wish;
}

/**
 * Who asks, by the policy, and for what. `responds` false leaves the question of rights to the
 * domain, which has more to say about approvals. Who is verified and not in the policy is told
 * which line would put them there.
 */
export function whoActs<Wish>(
  app: ApiDeps,
  call: Call,
  of: { readonly wish: Read<Wish>; readonly responds: boolean },
): Result<Acting<Wish>, HttpResponse> {
  const { request } = call;
  const asked = whoAsks(app, call, readTenant(request));
  if (!asked.ok) return asked;
  const { tenant } = asked.value.ref;
  const policy = tenantOf(app.policy, tenant);
  if (policy === null) return err(problemResponse(nothingSuch, request.requestId));
  const known = actingPerson(policy, asked.value.person, { isOneMachine: app.isConsoleOpen });
  if (!known.ok) return err(forbidden(app, call, known.error));
  const why = of.responds ? whyMayNotRespond(known.value.person) : null;
  if (why !== null) return err(forbidden(app, call, why));
  const key = readRequestKey(request);
  if (!key.ok) return err(problemResponse(key.error, request.requestId));
  if (!of.wish.ok) return err(problemResponse(of.wish.error, request.requestId));
  return ok({
    ...known.value,
    tenant,
    causeId: `request ${key.value}`,
    wish: of.wish.value,
  });
}

export function forbidden(app: ApiDeps, { request }: Call, message: string): HttpResponse {
  const { path, principal: who, requestId } = request;
  app.log.warn('A request about actions was refused.', {
    path,
    who,
    why: message,
    policyVersion: app.policy.version,
    requestId,
  });
  return problemResponse({ kind: 'forbidden', message }, requestId);
}

/** The answer to a failure: a refusal with its sentence, and else as for everything. */
export function actionFailure(
  app: ApiDeps,
  { path, requestId }: HttpRequest,
  failure: ActionFailure,
): HttpResponse {
  if (failure.kind === 'refused') {
    return problemResponse({ kind: 'refused', message: failure.message }, requestId);
  }
  if (isNowhere(failure)) return problemResponse(nothingSuch, requestId);
  app.log.error('A request about actions was not answered.', { path, requestId, why: failure });
  return problemResponse(unavailable, requestId);
}
