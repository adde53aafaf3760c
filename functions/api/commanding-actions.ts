import { approveAction, denyAction } from '../../lib/app/actions/approve-action.ts';
import type { ActionActed, ActionFailure } from '../../lib/app/actions/commit-action.ts';
import { readAction } from '../../lib/app/actions/read-actions.ts';
import { requestAction } from '../../lib/app/actions/request-action.ts';
import { actionJson } from '../../lib/codec/api-action.ts';
import { readActionRequest, readApproval, readReason } from '../../lib/codec/api-action-request.ts';
import { jsonResponse, type HttpResponse } from '../../lib/codec/http-response.ts';
import type { Action } from '../../lib/domain/action/action.ts';
import type { Result } from '../../lib/domain/shared/result.ts';
import type { ApiDeps } from '../../lib/wire/api.ts';
import { actionFailure, whoActs, type Acting } from './acting.ts';
import type { Call } from './asking.ts';

/**
 * Writes down what a person wants done; its plan follows, and nothing is done before that is
 * approved. A repeat with the same `idempotency-key` finds the action that the first has made.
 */
export async function answerActionRequest(app: ApiDeps, call: Call): Promise<HttpResponse> {
  const wish = readActionRequest(call.request.bodyBytes);
  const acting = whoActs(app, call, { wish, responds: true });
  if (!acting.ok) return acting.error;
  const { tenant, person, by, causeId, wish: request } = acting.value;
  const asked = await requestAction(app, {
    tenant,
    incidentId: call.id,
    request,
    origin: { kind: 'person', by, personId: person.id },
    causeId,
  });
  if (!asked.ok) return actionFailure(app, call.request, asked.error);
  return actionAnswer(app, 202, asked.value);
}

/** Agrees to the plan that the body names by its hash. */
export async function answerApproval(app: ApiDeps, call: Call): Promise<HttpResponse> {
  const wish = readApproval(call.request.bodyBytes);
  const acting = whoActs(app, call, { wish, responds: false });
  if (!acting.ok) return acting.error;
  const { planHash } = acting.value.wish;
  const answer = { ...answerOf(acting.value, call), planHash };
  return given(app, call, { answer, result: await approveAction(app, answer) });
}

/** Says no: the action ends, and nothing is done. */
export async function answerDenial(app: ApiDeps, call: Call): Promise<HttpResponse> {
  const wish = readReason(call.request.bodyBytes);
  const acting = whoActs(app, call, { wish, responds: false });
  if (!acting.ok) return acting.error;
  const { reason } = acting.value.wish;
  const answer = { ...answerOf(acting.value, call), reason };
  return given(app, call, { answer, result: await denyAction(app, answer) });
}

const answerOf = ({ tenant, person, by, causeId }: Acting<unknown>, { id }: Call) => ({
  tenant,
  actionId: id,
  person,
  by,
  causeId,
});

interface Given {
  readonly answer: { readonly tenant: string; readonly actionId: string };
  readonly result: Result<ActionActed, ActionFailure>;
}

/** What was so already is answered like what was done, so that a repeat is harmless. */
async function given(app: ApiDeps, call: Call, { answer, result }: Given): Promise<HttpResponse> {
  if (result.ok) return actionAnswer(app, 200, result.value);
  const { error } = result;
  const isRepeat = error.kind === 'refused' && error.why === 'already';
  if (!isRepeat) return actionFailure(app, call.request, error);
  const action = await readAction(app, answer);
  return action.ok
    ? actionAnswer(app, 200, { action: action.value, events: [], message: error.message })
    : actionFailure(app, call.request, action.error);
}

async function actionAnswer(
  app: ApiDeps,
  status: 200 | 202,
  of: { readonly action: Action; readonly events: readonly unknown[]; readonly message?: string },
): Promise<HttpResponse> {
  const { action, events, message } = of;
  return jsonResponse(status, {
    changed: events.length > 0,
    ...(message === undefined ? {} : { message }),
    action: actionJson(action),
    console: await app.links.incident(action.tenant, action.incidentId),
  });
}
