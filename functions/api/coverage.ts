import { proveCoverage } from '../../lib/app/coverage/prove-coverage.ts';
import { tenantOf } from '../../lib/app/deps.ts';
import { notFound, problemResponse } from '../../lib/codec/api-error.ts';
import { coverageJson } from '../../lib/codec/api-coverage.ts';
import { readTenant } from '../../lib/codec/api-request.ts';
import { jsonResponse, type HttpResponse } from '../../lib/codec/http-response.ts';
import type { ApiDeps } from '../../lib/wire/api.ts';
import { failureResponse, whoAsks, type Call } from './asking.ts';

/** Proves now, by asking PagerDuty and Slack, that every route of the tenant ends at a person. */
export async function answerCoverage(app: ApiDeps, call: Call): Promise<HttpResponse> {
  const { request } = call;
  const asked = whoAsks(app, call, readTenant(request));
  if (!asked.ok) return asked.error;
  const tenant = tenantOf(app.policy, asked.value.ref.tenant);
  if (tenant === null) return problemResponse(notFound, request.requestId);
  const proved = await proveCoverage(await app.proof(), tenant);
  if (!proved.ok) {
    // Nothing that PagerDuty does not have is a route of ours.
    const { message } = proved.error;
    return failureResponse(app, request, { kind: 'unavailable', message });
  }
  return jsonResponse(200, coverageJson(proved.value));
}
