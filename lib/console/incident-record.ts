import type { Commit } from '../domain/incident/event.ts';
import { openedByHand } from '../domain/incident/declared.ts';
import type { Incident } from '../domain/incident/state.ts';
import { alertsOf, type AlertLine } from '../domain/timeline/alerts-of.ts';
import { pagesOf, type PageLine } from '../domain/timeline/pages-of.ts';
import { timelineOf, type TimelineEntry } from '../domain/timeline/timeline.ts';
import { timeOf } from './countdown.ts';
import { html, type Html } from './html.ts';
import { alertWords } from './incident-words.ts';

const alertsShown = 20;
const entriesShown = 200;

export function alertsPart(incident: Incident, commits: readonly Commit[]): Html {
  const origin = openedByHand(incident);
  if (origin !== null) {
    return html`<section class="part" aria-label="Alerts">
      <h2>Alerts</h2>
      <p>None: <bdi>${origin}</bdi>.</p>
    </section>`;
  }
  const alerts = alertsOf(commits);
  const left = incident.totals.episodes - Math.min(alerts.length, alertsShown);
  return html`<section class="part" aria-label="Alerts">
    <h2>Alerts: ${alertWords(incident)}</h2>
    <ul class="lines">
      ${alerts.slice(0, alertsShown).map(alertItem)}
    </ul>
    ${left > 0 ? html`<p class="dim">${left} more are in the log.</p>` : null}
  </section>`;
}

const alertItem = ({ name, summary, status, startsAtMs }: AlertLine): Html =>
  html`<li>
    <strong>${status === 'firing' ? 'Firing' : 'Resolved'}</strong> <bdi>${name}</bdi>
    ${summary === '' || summary === name ? null : html`<br /><bdi>${summary}</bdi>`}
    <br /><span class="dim small">since ${timeOf(startsAtMs)}</span>
  </li>`;

const channels: Readonly<Record<PageLine['channel'], string>> = {
  pagerduty: 'PagerDuty',
  fallback: 'Second channel',
  rest: 'PagerDuty',
};

const actions: Readonly<Record<PageLine['action'], string>> = {
  trigger: 'page',
  acknowledge: 'acknowledgement',
  resolve: 'resolve',
  note: 'note',
  'status-update': 'status update',
  responders: 'request for one more responder',
  priority: 'priority',
  urgency: 'higher urgency',
  escalate: 'escalation',
  retrigger: 'call to page anew',
};

export const pageStateWords: Readonly<Record<PageLine['state'], string>> = {
  waiting: 'on its way',
  retrying: 'not taken, tried again',
  held: 'waits for a summary',
  accepted: 'accepted',
  superseded: 'not sent',
  'given up': 'never taken, given up',
};

export function pagesPart(commits: readonly Commit[]): Html {
  const pages = pagesOf(commits).toReversed();
  return html`<section class="part" aria-label="Pages">
    <h2>Pages, newest first</h2>
    ${pages.length === 0 ? html`<p>Nobody was paged.</p>` : null}
    <ol class="lines">
      ${pages.slice(0, entriesShown).map(pageItem)}
    </ol>
  </section>`;
}

const pageItem = ({ channel, action, text, state, sinceMs, reason }: PageLine): Html =>
  html`<li>
    ${timeOf(sinceMs)}
    <strong>${channels[channel]} ${actions[action]}: ${pageStateWords[state]}</strong> <br /><bdi
      >${text}</bdi
    >
    ${why(reason)}
  </li>`;

export function timelinePart(commits: readonly Commit[]): Html {
  const entries = timelineOf(commits).toReversed();
  const left = entries.length - entriesShown;
  return html`<section class="part" aria-label="Timeline">
    <h2>Timeline, newest first</h2>
    <ol class="lines">
      ${entries.slice(0, entriesShown).map(timelineItem)}
    </ol>
    ${left > 0 ? html`<p class="dim">${left} earlier ones are in the post-mortem.</p>` : null}
  </section>`;
}

const timelineItem = ({ atMs, text, reason }: TimelineEntry): Html =>
  html`<li>${timeOf(atMs)} <bdi>${text}</bdi> ${why(reason)}</li>`;

/** The reason below what it explains; nothing where there is none. */
export const why = (reason: string | null): Html | null =>
  reason === null ? null : html`<br /><span class="dim">Why: <bdi>${reason}</bdi></span>`;
