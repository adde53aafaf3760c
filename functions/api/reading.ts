import { readIncident, readLog, readPostmortem } from '../../lib/app/read-incidents.ts';
import { badRequest, problemResponse } from '../../lib/codec/api-error.ts';
import { incidentJson } from '../../lib/codec/api-incident.ts';
import { readDocumentRequest, readListRequest, readTenant } from '../../lib/codec/api-request.ts';
import { jsonResponse, textResponse, type HttpResponse } from '../../lib/codec/http-response.ts';
import { postmortemMarkdown } from '../../lib/domain/postmortem/markdown.ts';
import { postmortemJson } from '../../lib/domain/postmortem/postmortem.ts';
import { redactAll } from '../../lib/domain/shared/redact.ts';
import { ok } from '../../lib/domain/shared/result.ts';
import { timelineJson, timelineOf } from '../../lib/domain/timeline/timeline.ts';
import type { ApiDeps } from '../../lib/wire/api.ts';
import { failureResponse, whoAsks, type Call } from './asking.ts';

export async function answerList(app: ApiDeps, call: Call): Promise<HttpResponse> {
  const { request } = call;
  const list = readListRequest(request);
  const asked = whoAsks(app, call, list.ok ? ok(list.value.tenant) : list);
  if (!asked.ok) return asked.error;
  if (!list.ok) return problemResponse(list.error, request.requestId);
  const { status, limit, after } = list.value;
  const { tenant } = asked.value.ref;
  const listed = await app.store.listIncidents({ tenant, status, limit, after });
  if (!listed.ok) {
    return listed.error.kind === 'rejected' && after !== null
      ? problemResponse(badRequest('after is no `next` that a list has given.'), request.requestId)
      : failureResponse(app, request, listed.error);
  }
  const nowMs = app.clock.now();
  const incidents = listed.value.incidents.map((incident) => incidentJson(incident, nowMs));
  const console = await app.links.home(tenant, status);
  return jsonResponse(200, { tenant, status, incidents, next: listed.value.next, console });
}

export async function answerIncident(app: ApiDeps, call: Call): Promise<HttpResponse> {
  const { request } = call;
  const asked = whoAsks(app, call, readTenant(request));
  if (!asked.ok) return asked.error;
  const { ref } = asked.value;
  const incident = await readIncident(app, ref);
  if (!incident.ok) return failureResponse(app, request, incident.error);
  const console = await app.links.incident(ref.tenant, ref.incidentId);
  return jsonResponse(200, { incident: incidentJson(incident.value, app.clock.now()), console });
}

export async function answerTimeline(app: ApiDeps, call: Call): Promise<HttpResponse> {
  const { request } = call;
  const asked = whoAsks(app, call, readTenant(request));
  if (!asked.ok) return asked.error;
  const { tenant, incidentId } = asked.value.ref;
  const log = await readLog(app, asked.value.ref);
  if (!log.ok) return failureResponse(app, request, log.error);
  const entries = redactAll(timelineJson(timelineOf(log.value)));
  return jsonResponse(200, { incident: incidentId, tenant, entries });
}

export async function answerPostmortem(app: ApiDeps, call: Call): Promise<HttpResponse> {
  const { request } = call;
  const document = readDocumentRequest(request);
  const asked = whoAsks(app, call, document.ok ? ok(document.value.tenant) : document);
  if (!asked.ok) return asked.error;
  const postmortem = await readPostmortem(app, asked.value.ref);
  if (!postmortem.ok) return failureResponse(app, request, postmortem.error);
  return document.ok && document.value.format === 'json'
    ? jsonResponse(200, postmortemJson(postmortem.value))
    : textResponse(200, postmortemMarkdown(postmortem.value), {
        'content-type': 'text/markdown; charset=utf-8',
      });
}
