import { steer, type Verb } from '../../lib/app/steer.ts';
import { problemResponse } from '../../lib/codec/api-error.ts';
import { incidentJson } from '../../lib/codec/api-incident.ts';
import { readNote, readTenant } from '../../lib/codec/api-request.ts';
import { jsonResponse, type HttpResponse } from '../../lib/codec/http-response.ts';
import type { ApiDeps } from '../../lib/wire/api.ts';
import { failureResponse, whoAsks, type Call } from './asking.ts';

/**
 * Carries out a command in the name of whom IAM verified; the body holds no more than a note.
 * Repeated, it is answered 200 with `changed: false`.
 */
export async function answerCommand(app: ApiDeps, call: Call, verb: Verb): Promise<HttpResponse> {
  const { request } = call;
  const { requestId } = request;
  const asked = whoAsks(app, call, readTenant(request));
  if (!asked.ok) return asked.error;
  const note = readNote(request.bodyBytes);
  if (!note.ok) return problemResponse(note.error, requestId);
  const { ref, person: by } = asked.value;
  const steered = await steer(app, { ...ref, verb, by, note: note.value, requestId });
  if (!steered.ok) return failureResponse(app, request, steered.error);
  const { refusal } = steered.value;
  if (refusal !== null && refusal.kind !== 'already') {
    return problemResponse({ kind: 'refused', message: refusal.message }, requestId);
  }
  return jsonResponse(200, {
    changed: refusal === null,
    ...(refusal === null ? {} : { message: refusal.message }),
    incident: incidentJson(steered.value.incident, app.clock.now()),
    console: await app.links.incident(ref.tenant, ref.incidentId),
  });
}
