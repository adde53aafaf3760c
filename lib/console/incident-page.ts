import type { HtmlPage } from '../codec/http-response.ts';
import type { Action } from '../domain/action/action.ts';
import type { Commit } from '../domain/incident/event.ts';
import type { Incident } from '../domain/incident/state.ts';
import type { EpochMs } from '../domain/shared/time.ts';
import type { Access } from './access.ts';
import { ago, clockCard, timeOf } from './countdown.ts';
import { externalLink, html, shown, type Html } from './html.ts';
import { actionsPart, changesPart, checklistsPart } from './incident-actions.ts';
import { callsPart, progressPart, rolesPart, updatePart } from './incident-people.ts';
import { alertsPart, pagesPart, timelinePart } from './incident-record.ts';
import {
  pageWords,
  placeWords,
  severityBadge,
  severityClass,
  stateWords,
} from './incident-words.ts';
import { consolePage } from './page.ts';

/** What the page of one incident shows. */
export interface IncidentPage {
  readonly access: Access;
  readonly incident: Incident;
  readonly commits: readonly Commit[];
  /** The actions that the incident names, with their plans. */
  readonly actions: readonly Action[];
  /** Where the command line reaches us; null where it finds us by itself. */
  readonly commandUrl: string | null;
  readonly nowMs: EpochMs;
}

/** Names what the page of an incident shows: every event of it is a new version. */
export const incidentPageTag = ({ id, version }: Incident): string => `${id}:${version}`;

/** One incident: how it stands, what to do, why, and all that happened. */
export function renderIncidentPage(page: IncidentPage): HtmlPage {
  const { access, incident, commits, nowMs } = page;
  return consolePage({
    title: `${incident.severity} ${incident.title} · ${stateWords(incident)}`,
    tenant: access.tenant,
    home: access.home === null ? null : access.home({}),
    tag: incidentPageTag(incident),
    nowMs,
    content: html`<div class="${severityClass(incident.severity)}">
      ${wayBack(access)} ${heading(incident, nowMs)}
      <section class="part" aria-label="Service levels">
        <h2>Service levels</h2>
        <div class="pair">
          ${clockCard(incident.response, nowMs)} ${clockCard(incident.resolution, nowMs)}
        </div>
      </section>
      ${actionsPart({ ...page, where: whereOf(page) })} ${changesPart(incident, nowMs)}
      ${checklistsPart(incident)} ${linksPart(page)} ${progressPart(incident, commits)}
      ${rolesPart(incident)} ${updatePart(incident, nowMs)} ${callsPart(commits)}
      ${steeringPart(page)} ${whyPart(incident, commits)} ${alertsPart(incident, commits)}
      ${pagesPart(commits)} ${timelinePart(commits)} ${foot(page)}
    </div>`,
  });
}

const wayBack = ({ home }: Access): Html | null =>
  home === null
    ? null
    : html`<nav class="tabs" aria-label="Incidents">
        <a id="back" href="${home({})}">All incidents</a>
      </nav>`;

function heading(incident: Incident, nowMs: EpochMs): Html {
  const { severity, title, summary, openedAtMs } = incident;
  const words = pageWords(incident);
  return html`<p class="row">
      ${severityBadge(severity)} <bdi class="state">${stateWords(incident)}</bdi>
      ${words === null ? null : html`<span class="dim">${words}</span>`}
    </p>
    <h1><bdi>${title}</bdi></h1>
    ${summary === '' || summary === title ? null : html`<p><bdi>${summary}</bdi></p>`}
    <p class="dim"><bdi>${placeWords(incident)}</bdi> · ${ago('opened', openedAtMs, nowMs)}</p>
    ${settling(incident)}`;
}

function settling(incident: Incident): Html | null {
  if (incident.state === 'resolved' || incident.settleAtMs === null) return null;
  return html`<p>
    No alert fires any more. Unless one does, this resolves by itself at
    ${timeOf(incident.settleAtMs)}.
  </p>`;
}

/** Where to go on. What is no web address is shown as text, so that it can still be read. */
function linksPart({ access, incident }: IncidentPage): Html {
  const { links, pagerUrl, id, addedLinks, postmortem } = incident;
  const named: readonly (readonly [string, string | null | undefined])[] = [
    ['Runbook', links.runbook],
    ['Dashboard', links.dashboard],
    ['PagerDuty', pagerUrl],
    ['Alert at its source', links.source],
  ];
  const written = postmortem?.url ?? '';
  return html`<section class="part" aria-label="Links">
    <h2>Links</h2>
    <p class="links">
      ${named.map(([name, address]) => link(name, address ?? ''))}
      ${addedLinks.map(({ title, url }) => link(title === '' ? 'Link' : title, url))}
      ${link('Post-mortem as written', written)}
      <a href="${access.incident(id, { view: 'postmortem' })}">Post-mortem</a>
    </p>
  </section>`;
}

function link(name: string, address: string): Html {
  if (address === '') return html``;
  const external = externalLink(address);
  if (external === null)
    return html`<span><bdi>${name}</bdi>: <bdi>${shown(address)}</bdi></span> `;
  return html`<a href="${external.url}" target="_blank" rel="noopener noreferrer"
    ><bdi>${name}</bdi> <span class="dim small">${external.host}</span></a
  > `;
}

/** What follows a command so that it reaches us. */
const whereOf = ({ commandUrl }: IncidentPage): string =>
  commandUrl === null ? '' : ` --url ${commandUrl}`;

function steeringPart(page: IncidentPage): Html | null {
  const { state, id } = page.incident;
  if (state === 'resolved') return null;
  const where = whereOf(page);
  const command = (verb: string, what: string): Html =>
    html`<dt>${what}</dt>
      <dd><code class="copy">${`npx tocsin ${verb} ${id}${where}`}</code></dd>`;
  return html`<section class="part" aria-label="Act">
    <h2>Act</h2>
    <p class="dim small">This page only reads. Act in PagerDuty, or in a terminal:</p>
    <dl class="facts">
      ${state === 'triggered' ? command('ack', 'Acknowledge') : null}
      ${command('resolve', 'Resolve')}
      <dt>Ask for an action</dt>
      <dd>
        <code class="copy"
          >${`npx tocsin plan rollback <target> --incident ${id} --reason "..."${where}`}</code
        >
      </dd>
    </dl>
  </section>`;
}

function whyPart(incident: Incident, commits: readonly Commit[]): Html {
  const { severity, severityReason, services, policyVersion, sourceId } = incident;
  const [opened] = commits.flatMap(({ events }) => events);
  const grouping = opened?.type === 'incident.opened' ? opened.grouping : null;
  return html`<section class="part" aria-label="Why">
    <h2>Why</h2>
    <dl class="facts">
      <dt>${severity} because</dt>
      <dd>
        <bdi>${severityReason.text}</bdi> <span class="dim">(rule ${severityReason.rule})</span>
      </dd>
      ${
        grouping === null
          ? null
          : html`<dt>One incident because</dt>
              <dd><bdi>${grouping.text}</bdi> <span class="dim">(rule ${grouping.rule})</span></dd>`
      }
      <dt>Services</dt>
      <dd><bdi>${services.join(', ') || 'unknown'}</bdi></dd>
      <dt>Source</dt>
      <dd><bdi>${sourceId}</bdi></dd>
      <dt>Policy version</dt>
      <dd>${policyVersion}</dd>
    </dl>
  </section>`;
}

function foot({ access, incident }: IncidentPage): Html {
  const until =
    access.untilMs === null
      ? null
      : html` This link ends on ${timeOf(access.untilMs)}; who has it can read this page.`;
  return html`<footer>Incident ${incident.id}. All times are UTC.${until}</footer>`;
}
