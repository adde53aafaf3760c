import { createGate } from '../../lib/app/concurrency.ts';
import { pageInline } from '../../lib/app/page-inline.ts';
import { receiveAlerts, type Received } from '../../lib/app/receive-alerts.ts';
import { decodeHttpEvent, headerOf, type HttpApiEvent } from '../../lib/codec/http-event.ts';
import {
  jsonResponse,
  unauthorizedResponse,
  type HttpResponse,
} from '../../lib/codec/http-response.ts';
import { wireIngest } from '../../lib/wire/ingest.ts';

const app = wireIngest();

/**
 * In Lambda an environment takes one delivery at a time. On one machine one thread takes them all,
 * and here those that were committed, whose pages are on their way, come before those that wait.
 */
const decisions = createGate(4);

/** Takes one delivery of an alert source: 202 once all of it is durable, else 503, or 401. */
export async function handler(event: HttpApiEvent): Promise<HttpResponse> {
  app.foresee();
  const request = decodeHttpEvent(event);
  const received = await decisions(() =>
    receiveAlerts(app, {
      sourceKind: request.path.endsWith('/cloud-monitoring') ? 'cloud-monitoring' : 'alertmanager',
      authorization: headerOf(request, 'authorization'),
      rawQueryString: request.rawQueryString,
      body: request.bodyBytes,
      requestId: request.requestId,
    }),
  );
  return answer(received, request.requestId);
}

async function answer(received: Received, requestId: string): Promise<HttpResponse> {
  switch (received.kind) {
    case 'unauthorized':
      return unauthorizedResponse();
    case 'busy':
      app.log.error('A delivery was not taken.', { requestId, why: received.failure });
      return jsonResponse(503, { error: 'busy', requestId }, { 'retry-after': '5' });
    case 'taken': {
      const { taken } = received;
      await pageInline(
        app,
        taken.placed.flatMap(({ incident }) => incident ?? []),
      );
      return jsonResponse(202, {
        delivery: taken.deliveryId,
        repeat: taken.isRepeat,
        outcome: taken.outcome.kind,
        incidents: taken.outcome.incidentIds,
        ...(taken.outcome.reason === '' ? {} : { reason: taken.outcome.reason }),
      });
    }
  }
}
