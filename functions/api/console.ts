import {
  readIncident,
  readLog,
  readOpenIncidents,
  readPostmortem,
} from '../../lib/app/read-incidents.ts';
import { headerOf, type HttpRequest } from '../../lib/codec/http-event.ts';
import {
  htmlResponse,
  textResponse,
  type HtmlPage,
  type HttpResponse,
} from '../../lib/codec/http-response.ts';
import { openAccess, type Access } from '../../lib/console/access.ts';
import { frontPageTag, renderFrontPage, type FrontPage } from '../../lib/console/front-page.ts';
import { incidentPageTag, renderIncidentPage } from '../../lib/console/incident-page.ts';
import { postmortemMarkdown } from '../../lib/domain/postmortem/markdown.ts';
import { ok } from '../../lib/domain/shared/result.ts';
import type { ApiDeps } from '../../lib/wire/api.ts';
import type { Call } from './asking.ts';
import { accessTo, consoleFailure } from './console-access.ts';

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
export async function answerIncidentPage(
  app: ApiDeps,
  { request, incidentId }: Call,
): Promise<HttpResponse> {
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
  if (isShown(request, tag)) return notModified(tag);
  const log = await readLog(app, ref);
  if (!log.ok) return consoleFailure(app, request, log.error);
  const page = {
    access: access.value,
    incident: incident.value,
    commits: log.value,
    commandUrl: app.isConsoleOpen ? null : app.consoleUrl,
    nowMs: app.clock.now(),
  };
  return fresh(request, tag, () => renderIncidentPage(page));
}

/** The page, or 304 to a reader who shows just this: a phone then loads nothing. */
const fresh = (request: HttpRequest, tag: string, render: () => HtmlPage): HttpResponse =>
  isShown(request, tag) ? notModified(tag) : htmlResponse(200, render(), { etag: `"${tag}"` });

const isShown = (request: HttpRequest, tag: string): boolean =>
  headerOf(request, 'if-none-match') === `"${tag}"`;

const notModified = (tag: string): HttpResponse => textResponse(304, '', { etag: `"${tag}"` });
