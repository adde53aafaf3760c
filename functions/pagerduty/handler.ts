import {
  quarantinePagerEvent,
  receivePagerEvent,
  type PagerEventReceived,
} from '../../lib/app/receive-pager-event.ts';
import { decodeHttpEvent, headerOf, type HttpApiEvent } from '../../lib/codec/http-event.ts';
import {
  jsonResponse,
  unauthorizedResponse,
  type HttpResponse,
} from '../../lib/codec/http-response.ts';
import { signingTenants } from '../../lib/codec/pagerduty-signature.ts';
import { decodePagerDutyEvent } from '../../lib/codec/pagerduty-webhook.ts';
import { wirePagerDuty } from '../../lib/wire/pagerduty.ts';

const app = wirePagerDuty();

/**
 * Takes one webhook of PagerDuty. Three 4xx in a row would switch the subscription off for a day,
 * so only a wrong signature gets one; trouble of ours is a 503, and PagerDuty comes again.
 */
export async function handler(event: HttpApiEvent): Promise<HttpResponse> {
  const { bodyBytes: body, requestId, ...request } = decodeHttpEvent(event);
  const secret = await app.secrets.pagerduty();
  if (!secret.ok) return busy(requestId, secret.error);
  const signature = headerOf(request, 'x-pagerduty-signature');
  const [tenant] = signingTenants(body, signature, secret.value.webhookSecrets);
  if (tenant === undefined) return unauthorizedResponse();
  const decoded = decodePagerDutyEvent(body);
  if (!decoded.ok) {
    const { reason } = decoded.error;
    return answer(await quarantinePagerEvent(app, { tenant, reason, body, requestId }), requestId);
  }
  return answer(await receivePagerEvent(app, { tenant, event: decoded.value, body }), requestId);
}

function answer(received: PagerEventReceived, requestId: string): HttpResponse {
  if (!received.ok) return busy(requestId, received.error);
  const { kind, incidentIds, reason } = received.value;
  return jsonResponse(202, { outcome: kind, incidents: incidentIds, reason });
}

function busy(requestId: string, why: unknown): HttpResponse {
  app.log.error('A webhook of PagerDuty was not taken.', { requestId, why });
  return jsonResponse(503, { error: 'busy', requestId }, { 'retry-after': '5' });
}
