import type { Action } from '../domain/action/action.ts';
import { shortHash } from '../domain/action/action-id.ts';
import { planText } from '../domain/action/plan-text.ts';
import { isEnded, requestTitle } from '../domain/action/summary.ts';
import type { ActionEvent } from '../domain/action/event.ts';
import type { Commit } from '../domain/incident/event.ts';
import type { Checklist, Incident } from '../domain/incident/state.ts';
import type { EpochMs } from '../domain/shared/time.ts';
import { describers } from '../domain/timeline/describe.ts';
import type { Description } from '../domain/timeline/description.ts';
import { actionState, approvalWords, originWords, sampleWords } from './action-words.ts';
import { ago, ticking, timeOf } from './countdown.ts';
import { externalLink, html, type Html } from './html.ts';
import { why } from './incident-record.ts';

/** What the part about actions shows. */
export interface ActionsOfIncident {
  readonly incident: Incident;
  /** In the order in which they were asked for. */
  readonly actions: readonly Action[];
  readonly commits: readonly Commit[];
  /** What follows a command so that it reaches us; empty where it does by itself. */
  readonly where: string;
  readonly nowMs: EpochMs;
}

/** Every action with its plan, approvals, steps, samples and verdict; nothing where there is none. */
export function actionsPart(of: ActionsOfIncident): Html | null {
  const actions = of.actions.toReversed();
  if (actions.length === 0) return null;
  return html`<section class="part" aria-label="Actions">
    <h2>Actions, newest first</h2>
    <ol class="cards">
      ${actions.map((action) => actionCard(action, of))}
    </ol>
  </section>`;
}

function actionCard(action: Action, of: ActionsOfIncident): Html {
  const { plan, request, outcome, waitingFor, lastSample } = action;
  const approvals = approvalWords(action);
  return html`<li class="card">
    <p class="row">
      ${actionState(action.state)}
      ${approvals === null ? null : html`<bdi class="dim">${approvals}</bdi>`}
    </p>
    <h3><bdi>${plan?.title ?? requestTitle(request)}</bdi></h3>
    <p class="dim small">
      ${action.id} · <bdi>${originWords(action)}</bdi> ·
      ${ago('asked', action.createdAtMs, of.nowMs)}
    </p>
    ${request.reason === '' ? null : html`<p>Reason: <bdi>${request.reason}</bdi></p>`}
    ${outcome === '' ? null : html`<p><bdi>${outcome}</bdi></p>`}
    ${waitingFor === '' ? null : html`<p>Waits: <bdi>${waitingFor}</bdi></p>`} ${compared(action)}
    ${approving(action, of)} ${planPart(action)}
    ${
      lastSample === null
        ? null
        : html`<p>Signals at ${timeOf(lastSample.atMs)} ${sampleWords(lastSample)}</p>`
    }
    ${storyPart(action, of.commits)}
  </li>`;
}

const compared = ({ comparison }: Action): Html | null =>
  comparison === null ? null : html`<p>Compared: <bdi>${comparison.says}</bdi></p>`;

/** The console only reads: it says which command does what. */
function approving({ id, state, expiresAtMs }: Action, of: ActionsOfIncident): Html | null {
  if (state !== 'proposed' && state !== 'approved' && state !== 'planning') return null;
  const command = (verb: string): Html =>
    html`<dt>${verb === 'approve' ? 'Approve' : 'Deny'}</dt>
      <dd><code class="copy">${`npx tocsin ${verb} ${id}${of.where}`}</code></dd>`;
  return html`${expiresAtMs === null ? null : html`<p class="clock">${expiring(expiresAtMs, of.nowMs)}</p>`}
    <dl class="facts">${state === 'proposed' ? command('approve') : null} ${command('deny')}</dl>`;
}

const expiring = (atMs: EpochMs, nowMs: EpochMs): Html =>
  ticking(
    atMs,
    { ahead: 'Ends unless it starts within {}', past: 'Its time was over {} ago' },
    nowMs,
  );

/** What an approver must read is open; later it is there for who unfolds it. */
function planPart(action: Action): Html | null {
  const { plan, planHash, id, state } = action;
  if (plan === null) return null;
  const { parts } = planText(plan, planHash);
  const facts = html`<dl class="facts">
    ${parts.map(
      ({ name, lines }) =>
        html`<dt>${name}</dt>
          <dd>${lines.map((line) => html`<bdi class="line">${line}</bdi>`)}</dd>`,
    )}
  </dl>`;
  return state === 'proposed'
    ? html`<h4>Plan ${shortHash(planHash)}</h4>
        ${facts}`
    : html`<details id="plan-${id}">
        <summary>Plan ${shortHash(planHash)}</summary>
        ${facts}
      </details>`;
}

const linesShown = 100;

/** Its part of the log: approvals, steps, every sample that differed, the verdict. */
function storyPart({ id, state }: Action, commits: readonly Commit[]): Html {
  const lines = commits.flatMap(({ atMs, events }) =>
    events.flatMap((event) =>
      'actionId' in event && event.actionId === id ? [{ atMs, ...toldOf(event) }] : [],
    ),
  );
  const items = lines
    .slice(-linesShown)
    .map(
      ({ atMs, text, reason }) => html`<li>${timeOf(atMs)} <bdi>${text}</bdi> ${why(reason)}</li>`,
    );
  const story = html`<ol class="lines small">
    ${items}
  </ol>`;
  const shownOpen = !isEnded(state) && state !== 'proposed' && state !== 'planning';
  return shownOpen
    ? story
    : html`<details id="story-${id}">
        <summary>All that happened (${lines.length})</summary>
        ${story}
      </details>`;
}

function toldOf(event: ActionEvent): Description {
  // The table has an entry for every type; the compiler cannot tie the entry to this event.
  const describe = describers[event.type] as (of: ActionEvent) => Description;
  return describe(event);
}

/** What was changed near the beginning, the likeliest first; nothing where nothing was. */
export function changesPart({ changes }: Incident, nowMs: EpochMs): Html | null {
  if (changes.length === 0) return null;
  return html`<section class="part" aria-label="Changes near it">
    <h2>Changes near it, the likeliest cause first</h2>
    <ol class="lines">
      ${changes.map((change) => changeItem(change, nowMs))}
    </ol>
  </section>`;
}

function changeItem(change: Incident['changes'][number], nowMs: EpochMs): Html {
  const { title, url, author, service, changedAtMs, reason, likelihoodPct } = change;
  const link = url === null ? null : externalLink(url);
  return html`<li>
    <strong>${likelihoodPct} %</strong> <bdi>${title}</bdi>
    ${
      link === null
        ? null
        : html`<a href="${link.url}" target="_blank" rel="noopener noreferrer">${link.host}</a>`
    }
    <br /><span class="dim small">
      <bdi>${service}</bdi> · ${author === null ? 'author unknown' : html`<bdi>${author}</bdi>`} ·
      ${ago('changed', changedAtMs, nowMs)}
    </span>
    ${why(reason)}
  </li>`;
}

/** What people do by hand, with what is done; nothing where there is no such runbook. */
export function checklistsPart({ checklists }: Incident): Html | null {
  if (checklists.length === 0) return null;
  return html`<section class="part" aria-label="Checklists">
    <h2>Checklists: steps for people</h2>
    <div class="cards">${checklists.map(checklistCard)}</div>
    <p class="dim small">They are ticked in Slack, with <code>/incident steps</code>.</p>
  </section>`;
}

function checklistCard({ title, willNot, steps }: Checklist): Html {
  const done = steps.filter((step) => step.done !== null).length;
  return html`<div class="card">
    <h3><bdi>${title}</bdi>: ${done} of ${steps.length} done</h3>
    ${willNot === '' ? null : html`<p class="dim"><bdi>${willNot}</bdi></p>`}
    <ol class="lines">
      ${steps.map(
        ({ text, done: tick }, index) =>
          html`<li>
            ${tick === null ? html`<strong>To do</strong>` : html`<span class="good">Done</span>`}
            ${index + 1}. <bdi>${text}</bdi>
            ${
              tick === null
                ? null
                : html`<br /><span class="dim small"
                      ><bdi>${tick.by}</bdi>, ${timeOf(tick.atMs)}</span
                    >`
            }
          </li>`,
      )}
    </ol>
  </div>`;
}
