import { createHash } from 'node:crypto';
import type { HtmlPage } from '../codec/http-response.ts';
import type { Action } from '../domain/action/action.ts';
import type { Halt, Lease } from '../domain/action/rows.ts';
import { requestTitle } from '../domain/action/summary.ts';
import type { TargetPolicy, TargetPlace } from '../domain/policy/action-policy.ts';
import { verbsFor } from '../domain/policy/target-verbs.ts';
import type { RunbookScore } from '../domain/runbook/score.ts';
import type { EpochMs } from '../domain/shared/time.ts';
import type { Access } from './access.ts';
import { actionState, approvalWords, originWords } from './action-words.ts';
import { ago, timeOf } from './countdown.ts';
import { html, type Html } from './html.ts';
import { consolePage } from './page.ts';

/** How one target stands. */
export interface ShownTarget {
  readonly target: TargetPolicy;
  readonly actionId: string | null;
  readonly lock: Lease['lock'];
  readonly lastAction: Action | null;
}

/** What the page of actions shows. */
export interface ActionsPage {
  readonly access: Access;
  readonly halt: Halt;
  readonly open: readonly Action[];
  readonly ended: readonly Action[];
  /** There are more than were read. */
  readonly hasMore: boolean;
  readonly targets: readonly ShownTarget[];
  readonly scores: readonly RunbookScore[];
  /** What follows a command so that it reaches us; empty where it does by itself. */
  readonly where: string;
  readonly nowMs: EpochMs;
}

const endedShown = 20;

/** Names what the page shows: it changes with any of it, and not with time. */
export function actionsPageTag({ halt, open, ended, targets, scores }: ActionsPage): string {
  const named = (action: Action): string => `${action.id}:${action.version}`;
  const shown = [
    halt.version,
    open.map(named),
    ended.map(named),
    targets.map(({ target, actionId, lock }) => [target, actionId, lock]),
    scores,
  ];
  return createHash('sha256').update(JSON.stringify(shown)).digest('base64url');
}

/** All that is done, may be done and must not be done to targets of a tenant. */
export function renderActionsPage(page: ActionsPage): HtmlPage {
  const { access, halt, open, ended } = page;
  return consolePage({
    title: `${halt.isOn ? 'HALTED · ' : ''}Actions · Tocsin`,
    tenant: access.tenant,
    home: access.home === null ? null : access.home({}),
    tag: actionsPageTag(page),
    nowMs: page.nowMs,
    content: html`<nav class="tabs" aria-label="Incidents">
        ${access.home === null ? null : html`<a id="back" href="${access.home({})}">Incidents</a>`}
        <span class="dim">This page only reads.</span>
      </nav>
      <h1>Actions</h1>
      ${haltPart(page)}
      <section class="part" aria-label="Open actions">
        <h2>Open (${open.length})</h2>
        ${open.length === 0 ? html`<p>Nothing is planned, proposed or under way.</p>` : null}
        <ol class="cards">
          ${open.map((action) => card(action, page))}
        </ol>
      </section>
      ${targetsPart(page)}
      <section class="part" aria-label="Ended actions">
        <h2>Ended, newest first</h2>
        ${ended.length === 0 ? html`<p>No action has ended yet.</p>` : null}
        <ol class="cards">
          ${ended.slice(0, endedShown).map((action) => card(action, page))}
        </ol>
        ${
          page.hasMore || ended.length > endedShown
            ? html`<p class="part dim">More: <code>npx tocsin actions --all</code></p>`
            : null
        }
      </section>
      ${scorePart(page)}`,
  });
}

function haltPart({ halt, where }: ActionsPage): Html {
  const { isOn, by, reason, atMs, version } = halt;
  const lift = `npx tocsin halt --off --reason "..."${where}`;
  const stop = `npx tocsin halt --reason "..."${where}`;
  if (isOn) {
    return html`<section aria-label="Kill switch">
      <p class="halted" role="alert">
        Halted: nothing starts and no further step is sent. By <bdi>${by}</bdi>, ${timeOf(atMs)}:
        <bdi>${reason}</bdi>
      </p>
      <p class="part">To let actions go on: <code class="copy">${lift}</code></p>
    </section>`;
  }
  return html`<section aria-label="Kill switch">
    <p><span class="good">Not halted.</span> To stop all: <code class="copy">${stop}</code></p>
    ${
      version === 0
        ? null
        : html`<p class="dim small">
            Lifted by <bdi>${by}</bdi>, ${timeOf(atMs)}: <bdi>${reason}</bdi>
          </p>`
    }
  </section>`;
}

function card(action: Action, { access, nowMs }: ActionsPage): Html {
  const { id, incidentId, plan, request, outcome, waitingFor, comparison } = action;
  const approvals = approvalWords(action);
  return html`<li class="card">
    <p class="row">
      ${actionState(action.state)}
      ${approvals === null ? null : html`<bdi class="dim">${approvals}</bdi>`}
    </p>
    <h2>
      <a id="a-${id}" href="${access.incident(incidentId, {})}"
        ><bdi>${plan?.title ?? requestTitle(request)}</bdi></a
      >
    </h2>
    ${outcome === '' ? null : html`<p><bdi>${outcome}</bdi></p>`}
    ${waitingFor === '' ? null : html`<p>Waits: <bdi>${waitingFor}</bdi></p>`}
    ${comparison === null ? null : html`<p>Compared: <bdi>${comparison.says}</bdi></p>`}
    <p class="dim small">
      ${id} · <bdi>${originWords(action)}</bdi> · ${ago('asked', action.createdAtMs, nowMs)} ·
      incident ${incidentId}
    </p>
  </li>`;
}

function targetsPart({ targets, where, nowMs }: ActionsPage): Html {
  if (targets.length === 0) {
    return html`<section class="part" aria-label="Targets">
      <h2>Targets</h2>
      <p>The policy names none: nothing can be acted on.</p>
    </section>`;
  }
  return html`<section class="part" aria-label="Targets">
    <h2>Targets</h2>
    <ul class="lines">
      ${targets.map((shown) => targetItem(shown, nowMs))}
    </ul>
    <p class="dim small">
      Keep actions off one:
      <code class="copy">${`npx tocsin lock <target> --for 2h --reason "..."${where}`}</code>
    </p>
  </section>`;
}

function targetItem({ target, actionId, lock, lastAction }: ShownTarget, nowMs: EpochMs): Html {
  return html`<li>
    <strong><bdi>${target.id}</bdi></strong> <bdi>${placeWords(target.on)}</bdi> <br /><span
      class="dim small"
    >
      <bdi>${target.service ?? 'several services'}</bdi> · <bdi>${target.team}</bdi> ·
      ${verbsFor(target).join(', ')}
    </span>
    ${actionId === null ? null : html`<br /><span class="state">In use by action ${actionId}</span>`}
    ${lock === null ? null : lockWords(lock)}
    ${
      lastAction === null
        ? null
        : html`<br /><span class="small">Last: </span>${actionState(lastAction.state)}
            <span class="dim small">${ago('asked', lastAction.createdAtMs, nowMs)}</span>`
    }
  </li>`;
}

function lockWords({ by, reason, untilMs }: NonNullable<Lease['lock']>): Html {
  const until = untilMs === null ? html`until it is unlocked` : html`until ${timeOf(untilMs)}`;
  return html`<br /><span class="state late">Locked</span> by <bdi>${by}</bdi>:
    <bdi>${reason}</bdi>, ${until}`;
}

function placeWords(on: TargetPlace): string {
  switch (on.kind) {
    case 'workload':
      return `${on.workload} ${on.namespace}/${on.name} in ${on.cluster}`;
    case 'service':
      return `Service ${on.namespace}/${on.name} in ${on.cluster}, ${on.sides.join(' or ')}`;
    case 'http-route':
      return `HTTPRoute ${on.namespace}/${on.name} in ${on.cluster}`;
    case 'argocd':
      return `Application ${on.application} of ${on.server}`;
  }
}

function scorePart({ scores }: ActionsPage): Html | null {
  if (scores.length === 0) return null;
  return html`<section class="part" aria-label="Runbooks">
    <h2>Runbooks: how often people did the same</h2>
    <ul class="lines">
      ${scores.map(scoreItem)}
    </ul>
  </section>`;
}

const scoreItem = (score: RunbookScore): Html =>
  html`<li>
    <bdi>${score.title}</bdi>
    <br /><span class="dim small">${score.runbookId} · ${score.mode}</span>
    <br />${shadowWords(score)} ${doneWords(score)}
  </li>`;

function shadowWords(score: RunbookScore): Html {
  const { precisionPct, same, different, nothingDone, waiting } = score;
  const open = waiting === 0 ? null : html` ${waiting} of open incidents.`;
  if (precisionPct === null) return html`<span class="dim">No shadow compared yet.</span>${open}`;
  return html`<strong>${precisionPct} %</strong> as people did: ${same} the same, ${different}
    different, ${nothingDone} where nothing was done.${open}`;
}

function doneWords({ verified, failed, unverified, notDone }: RunbookScore): Html | null {
  if (verified + failed + unverified + notDone === 0) return null;
  return html`<br />Actions: ${verified} verified, ${failed} failed, ${unverified} unverified,
    ${notDone} not done.`;
}
