import { receiveChanges, type ChangesReceived } from '../../lib/app/changes/receive-changes.ts';
import { changeKindOf } from '../../lib/codec/changes/decode.ts';
import { decodeHttpEvent, headerOf, type HttpApiEvent } from '../../lib/codec/http-event.ts';
import {
  jsonResponse,
  unauthorizedResponse,
  type HttpResponse,
} from '../../lib/codec/http-response.ts';
import { wireChanges } from '../../lib/wire/changes.ts';

const app = wireChanges();

/** Takes one message of a change feed: 202 once it is durable, else 503, or 401. */
export async function handler(event: HttpApiEvent): Promise<HttpResponse> {
  const request = decodeHttpEvent(event);
  const kind = changeKindOf(request.path);
  if (kind === null) return jsonResponse(404, { error: 'not_found' });
  const { bodyBytes: body, requestId } = request;
  const header = (name: string): string | undefined => headerOf(request, name);
  return answer(await receiveChanges(app, { kind, header, body, requestId }), requestId);
}

function answer(received: ChangesReceived, requestId: string): HttpResponse {
  switch (received.kind) {
    case 'unauthorized':
      return unauthorizedResponse();
    case 'busy':
      app.log.error('A change was not taken.', { requestId, why: received.failure });
      return jsonResponse(503, { error: 'busy', requestId }, { 'retry-after': '5' });
    case 'taken': {
      const { kind, incidentIds, reason } = received.outcome;
      const { isRepeat } = received;
      return jsonResponse(202, { repeat: isRepeat, outcome: kind, incidents: incidentIds, reason });
    }
  }
}
