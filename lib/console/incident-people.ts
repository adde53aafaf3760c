import { progressSteps, roleNames, type Progress } from '../domain/incident/coordination.ts';
import { roleTitles } from '../domain/incident/decide-roles.ts';
import type { Commit } from '../domain/incident/event.ts';
import { describePrincipal } from '../domain/incident/principal.ts';
import type { Incident } from '../domain/incident/state.ts';
import { callsOf, type CallLine } from '../domain/timeline/calls-of.ts';
import type { EpochMs } from '../domain/shared/time.ts';
import { due, timeOf } from './countdown.ts';
import { html, type Html } from './html.ts';
import { pageStateWords, why } from './incident-record.ts';

const stepWords: Readonly<Record<Progress, string>> = {
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
};

/** How far the people are, as they said it last; nothing before anybody has. */
export function progressPart({ progress }: Incident, commits: readonly Commit[]): Html | null {
  if (progress === null) return null;
  return html`<section class="part" aria-label="Progress">
    <h2>Progress</h2>
    <ol class="steps">
      ${progressSteps.map((step) =>
        step === progress
          ? html`<li aria-current="step">${stepWords[step]}</li>`
          : html`<li>${stepWords[step]}</li>`,
      )}
    </ol>
    ${lastSaid(commits)}
  </section>`;
}

function lastSaid(commits: readonly Commit[]): Html | null {
  const said = commits
    .flatMap(({ atMs, events }) => events.map((event) => ({ atMs, event })))
    .findLast(({ event }) => event.type === 'progress.changed');
  if (said?.event.type !== 'progress.changed') return null;
  const { by, text } = said.event;
  return html`${text === '' ? null : html`<p><bdi>${text}</bdi></p>`}
    <p class="dim small"><bdi>${describePrincipal(by)}</bdi>, ${timeOf(said.atMs)}</p>`;
}

/** Who does what; nothing while nobody has a role. */
export function rolesPart({ roles }: Incident): Html | null {
  if (roles.length === 0) return null;
  const held = roleNames.flatMap((role) => {
    const names = roles.filter((each) => each.role === role).map(({ person }) => person.name);
    const title = `${capitalised(roleTitles[role])}${names.length > 1 ? 's' : ''}`;
    return names.length === 0 ? [] : [{ title, names }];
  });
  return html`<section class="part" aria-label="Roles">
    <h2>Roles</h2>
    <dl class="facts">
      ${held.map(
        ({ title, names }) =>
          html`<dt>${title}</dt>
            <dd><bdi>${names.join(', ')}</bdi></dd>`,
      )}
    </dl>
  </section>`;
}

const capitalised = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;

/** What stakeholders were told last, and when they hear again; nothing where nobody waits for it. */
export function updatePart({ latestUpdate, updateDueAtMs }: Incident, nowMs: EpochMs): Html | null {
  if (latestUpdate === null && updateDueAtMs === null) return null;
  return html`<section class="part" aria-label="Latest update">
    <h2>Latest update</h2>
    ${latestUpdate === null ? html`<p>Stakeholders have been told nothing yet.</p>` : told(latestUpdate)}
    ${updateDueAtMs === null ? null : html`<p>${due('The next one', updateDueAtMs, nowMs)}</p>`}
  </section>`;
}

function told(update: NonNullable<Incident['latestUpdate']>): Html {
  const { issue, impact, actions, estimate, by, atMs } = update;
  const parts = [
    ['Issue', issue],
    ['Impact', impact],
    ['Actions', actions],
    ['Estimate', estimate],
  ] as const;
  return html`<dl class="facts">
      ${parts
        .filter(([, text]) => text.trim() !== '')
        .map(
          ([name, text]) =>
            html`<dt>${name}</dt>
              <dd><bdi>${text}</bdi></dd>`,
        )}
    </dl>
    <p class="dim small"><bdi>${describePrincipal(by)}</bdi>, ${timeOf(atMs)}</p>`;
}

/** Whom people have called beside the page of the incident itself; nothing where they called nobody. */
export function callsPart(commits: readonly Commit[]): Html | null {
  const calls = callsOf(commits).toReversed();
  if (calls.length === 0) return null;
  return html`<section class="part" aria-label="Called for help">
    <h2>Called for help, newest first</h2>
    <ol class="lines">
      ${calls.map(callItem)}
    </ol>
  </section>`;
}

const callItem = ({ whom, by, text, atMs, page }: CallLine): Html =>
  html`<li>
    ${timeOf(atMs)} <strong><bdi>${whom ?? 'The next level of PagerDuty'}</bdi></strong
    >${page === null ? null : html`: ${pageStateWords[page.state]}`}
    <br />${text === '' ? null : html`<bdi>${text}</bdi><br />`}
    <span class="dim small">by <bdi>${describePrincipal(by)}</bdi></span>
    ${why(page?.reason ?? null)}
  </li>`;
