import { createHash } from 'node:crypto';
import type { HtmlPage } from '../codec/http-response.ts';
import type { Incident } from '../domain/incident/state.ts';
import type { EpochMs } from '../domain/shared/time.ts';
import type { Access } from './access.ts';
import { ago, countdown, urgentClocks } from './countdown.ts';
import { html, ownPath, type Html, type SafeUrl } from './html.ts';
import {
  alertWords,
  byUrgency,
  pageWords,
  placeWords,
  severityBadge,
  severityClass,
  stateWords,
  targetWords,
} from './incident-words.ts';
import { consolePage } from './page.ts';
import { howToRaise } from './sample-alert.ts';

/** What the front page lists. */
export interface FrontPage {
  readonly access: Access;
  readonly status: 'open' | 'closed';
  readonly incidents: readonly Incident[];
  /** There are more open ones than were read. */
  readonly hasMore: boolean;
  /** Where the next page of closed ones begins; null on the last. */
  readonly next: string | null;
  /** Other tenants that the reader may look at. */
  readonly otherTenants: readonly Access[];
  /** Where people talk about incidents on this machine; null where there is no such place. */
  readonly slackViewPath: string | null;
  readonly baseUrl: string;
  readonly nowMs: EpochMs;
}

/** More cards than this help nobody at once; the rest is counted. */
const shownAtMost = 100;

/** Names what the front page shows: it changes when an incident does, and not with time. */
export function frontPageTag({ status, incidents, next }: FrontPage): string {
  const shown = incidents.map(({ id, version }) => `${id}:${version}`);
  return createHash('sha256')
    .update(JSON.stringify([status, next, shown]))
    .digest('base64url');
}

/** All incidents of a tenant: open ones by urgency, closed ones by time. */
export function renderFrontPage(page: FrontPage): HtmlPage {
  const { access, status, incidents, nowMs } = page;
  const listed = status === 'open' ? incidents.toSorted(byUrgency) : incidents;
  return consolePage({
    title: `${headline(page)} · Tocsin`,
    tenant: access.tenant,
    home: home(access, {}),
    tag: frontPageTag(page),
    nowMs,
    content: html`${tabs(page)} ${listed.length === 0 ? nothing(page) : null}
      <ol class="cards">
        ${listed.slice(0, shownAtMost).map((incident) => card(incident, page))}
      </ol>
      ${rest(page)} ${tenants(page)}`,
  });
}

const home = ({ home: link }: Access, query: Readonly<Record<string, string>>): SafeUrl | null =>
  link === null ? null : link(query);

/** For the title bar, where it is seen among other tabs. */
function headline({ status, incidents, hasMore }: FrontPage): string {
  if (status === 'closed') return 'Closed incidents';
  if (incidents.length === 0) return 'Nothing open';
  const grave = incidents.filter(({ severity }) => severity === 'P0').length;
  const count = `${incidents.length}${hasMore ? '+' : ''} open`;
  return grave === 0 ? count : `${count}, ${grave} P0`;
}

function tabs({ access, status, incidents, hasMore, slackViewPath }: FrontPage): Html {
  const open = status === 'open' ? ` (${incidents.length}${hasMore ? '+' : ''})` : '';
  const tab = (name: FrontPage['status'], text: string): Html => {
    const link = home(access, name === 'open' ? {} : { status: name });
    if (link === null) return html`<span>${text}</span>`;
    return name === status
      ? html`<a id="tab-${name}" href="${link}" aria-current="page">${text}</a>`
      : html`<a id="tab-${name}" href="${link}">${text}</a>`;
  };
  return html`<nav class="tabs" aria-label="Incidents">
    ${tab('open', `Open${open}`)} ${tab('closed', 'Closed')}
    ${access.actions === null ? null : html`<a id="actions" href="${access.actions}">Actions</a>`}
    ${slackViewPath === null ? null : html`<a id="slack" href="${ownPath(slackViewPath)}">Slack</a>`}
  </nav>`;
}

function card(incident: Incident, { access, nowMs }: FrontPage): Html {
  const { id, severity, title, openedAtMs } = incident;
  return html`<li class="card ${severityClass(severity)}">
    <p class="row">
      ${severityBadge(severity)} <bdi class="state">${stateWords(incident)}</bdi> ${paged(incident)}
    </p>
    <h2>
      <a id="i-${id}" href="${access.incident(id, {})}"><bdi>${title}</bdi></a>
    </h2>
    <p class="dim"><bdi>${placeWords(incident)}</bdi></p>
    ${urgentClocks(incident, nowMs).map((clock) => html`<p class="clock">${countdown(clock, nowMs)}</p>`)}
    ${kept(incident)}
    <p class="dim small">
      ${id} · ${ending(incident, nowMs) ?? ago('opened', openedAtMs, nowMs)} ·
      ${alertWords(incident)}
    </p>
  </li>`;
}

function kept(incident: Incident): Html | null {
  const words = targetWords(incident);
  if (words === null) return null;
  const isKept = !incident.response.isBreached && !incident.resolution.isBreached;
  return html`<p class="${isKept ? 'good' : 'late'}">${words}</p>`;
}

function paged(incident: Incident): Html | null {
  const words = pageWords(incident);
  if (words === null) return null;
  return incident.trigger === 'failed'
    ? html`<span class="late state">${words}</span>`
    : html`<span class="dim">${words}</span>`;
}

const ending = (incident: Incident, nowMs: EpochMs): Html | null =>
  incident.state === 'resolved' ? ago('resolved', incident.resolvedAtMs, nowMs) : null;

function nothing({ status, baseUrl }: FrontPage): Html {
  if (status === 'closed') return html`<p>No incident has been closed yet.</p>`;
  return html`<h1>No open incident</h1>
    <p>New ones appear here by themselves.</p>
    ${howToRaise(baseUrl)}`;
}

function rest({ access, status, incidents, hasMore, next }: FrontPage): Html | null {
  const older = next === null ? null : home(access, { status, after: next });
  if (older !== null) return html`<p class="part"><a id="older" href="${older}">Older ones</a></p>`;
  const left = incidents.length - shownAtMost;
  if (left <= 0) return null;
  const more = hasMore ? `, and older ones beyond the newest ${incidents.length}` : '';
  return html`<p class="part">
    ${left} less urgent ones are not shown${more}. <code>tocsin incidents</code> lists them all.
  </p>`;
}

function tenants({ otherTenants }: FrontPage): Html | null {
  const links = otherTenants.flatMap((access) => {
    const link = home(access, {});
    return link === null ? [] : [html`<a href="${link}"><bdi>${access.tenant}</bdi></a> `];
  });
  return links.length === 0 ? null : html`<p class="part dim">Other tenants: ${links}</p>`;
}
