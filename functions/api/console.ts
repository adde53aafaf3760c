import { actionsOf } from '../../lib/app/actions/actions-of.ts';
import {
  readIncident,
  readLog,
  readOpenIncidents,
  readPostmortem,
} from '../../lib/app/read-incidents.ts';
import type { HttpRequest } from '../../lib/codec/http-event.ts';
import { textResponse, type HttpResponse } from '../../lib/codec/http-response.ts';
import { openAccess, type Access } from '../../lib/console/access.ts';
import { frontPageTag, renderFrontPage, type FrontPage } from '../../lib/console/front-page.ts';
import {
  incidentPageTag,
  renderIncidentPage,
  type IncidentPage,
} from '../../lib/console/incident-page.ts';
import { postmortemMarkdown } from '../../lib/domain/postmortem/markdown.ts';
import { ok } from '../../lib/domain/shared/result.ts';
import type { ApiDeps } from '../../lib/wire/api.ts';
import type { Call } from './asking.ts';
import { accessTo, consoleFailure } from './console-access.ts';
import { fresh, isShown, notModified } from './fresh.ts';

const closedShown = 50;

/** The front page of the console: `status=closed` for what is over. */
export async function answerFrontPage(app: ApiDeps, { request }: Call): Promise<HttpResponse> {
  const access = await accessTo(app, request);
  if (!access.ok) return access.error;
  const query = new URLSearchParams(request.rawQueryString);
  const isClosed = query.get('status') === 'closed';
  const listed = isClosed
    ? await readClosed(app, access.value.tenant, query.get('after'))
    : await readOpen(app, access.value.tenant);
  if (!listed.ok) return consoleFailure(app, request, listed.error);
  const page: FrontPage = {
    ...listed.value,
    status: isClosed ? 'closed' : 'open',
    access: access.value,
    otherTenants: otherTenants(app, access.value),
    slackViewPath: app.slackViewPath,
    baseUrl: app.consoleUrl,
    nowMs: app.clock.now(),
  };
  return fresh(request, frontPageTag(page), () => renderFrontPage(page));
}

type Listed = Pick<FrontPage, 'incidents' | 'hasMore' | 'next'>;

async function readOpen(app: ApiDeps, tenant: string) {
  const open = await readOpenIncidents(app, tenant);
  return open.ok ? ok<Listed>({ ...open.value, next: null }) : open;
}

async function readClosed(app: ApiDeps, tenant: string, after: string | null) {
  const query = { tenant, status: 'closed', limit: closedShown, after } as const;
  const closed = await app.store.listIncidents(query);
  return closed.ok ? ok<Listed>({ ...closed.value, hasMore: false }) : closed;
}

/** On one machine its owner may look at every tenant; a link names one. */
const otherTenants = ({ policy }: ApiDeps, { tenant, untilMs }: Access): readonly Access[] =>
  untilMs === null
    ? policy.tenants.filter(({ id }) => id !== tenant).map(({ id }) => openAccess(id))
    : [];

/** The page of one incident; with `view=postmortem` its post-mortem as text. */
export async function answerIncidentPage(app: ApiDeps, call: Call): Promise<HttpResponse> {
  const { request, id: incidentId } = call;
  const access = await accessTo(app, request);
  if (!access.ok) return access.error;
  const ref = { tenant: access.value.tenant, incidentId };
  if (new URLSearchParams(request.rawQueryString).get('view') === 'postmortem') {
    const postmortem = await readPostmortem(app, ref);
    return postmortem.ok
      ? textResponse(200, postmortemMarkdown(postmortem.value))
      : consoleFailure(app, request, postmortem.error);
  }
  const incident = await readIncident(app, ref);
  if (!incident.ok) return consoleFailure(app, request, incident.error);
  const tag = incidentPageTag(incident.value);
  return isShown(request, tag)
    ? notModified(tag)
    : wholeIncident(app, request, { access: access.value, incident: incident.value });
}

/** The page from the incident's log and the rows of its actions. */
async function wholeIncident(
  app: ApiDeps,
  request: HttpRequest,
  { access, incident }: Pick<IncidentPage, 'access' | 'incident'>,
): Promise<HttpResponse> {
  const { tenant, id: incidentId } = incident;
  const log = await readLog(app, { tenant, incidentId });
  if (!log.ok) return consoleFailure(app, request, log.error);
  const actions = await actionsOf(app, incident);
  if (!actions.ok) return consoleFailure(app, request, actions.error);
  const page: IncidentPage = {
    access,
    incident,
    commits: log.value,
    actions: actions.value,
    commandUrl: app.isConsoleOpen ? null : app.consoleUrl,
    nowMs: app.clock.now(),
  };
  return fresh(request, incidentPageTag(incident), () => renderIncidentPage(page));
}
