import { pendingClock } from '../domain/sla/pending-clock.ts';
import { deadlineOf, elapsedAt, type SlaClock } from '../domain/sla/clock.ts';
import type { Incident } from '../domain/incident/state.ts';
import type { ClockName } from '../domain/incident/sla-event.ts';
import { between, describeSpan, toIso, type EpochMs } from '../domain/shared/time.ts';
import { html, type Html } from './html.ts';

/** Sentences around a span `{}`: before an instant, and from it on. */
interface Wording {
  readonly ahead: string;
  readonly past: string;
}

/** A text that the script keeps true as time passes; `{}` stands for the span. */
export function ticking(atMs: EpochMs, { ahead, past }: Wording, nowMs: EpochMs): Html {
  const text = (atMs > nowMs ? ahead : past).replace(
    '{}',
    describeSpan(atMs > nowMs ? between(nowMs, atMs) : between(atMs, nowMs)),
  );
  return html`<span data-at="${atMs}" data-ahead="${ahead}" data-past="${past}">${text}</span>`;
}

/** How long ago something was. */
export const ago = (what: string, atMs: EpochMs, nowMs: EpochMs): Html =>
  ticking(atMs, { ahead: `${what} just now`, past: `${what} {} ago` }, nowMs);

/** When something is owed, or since when. */
export const due = (what: string, atMs: EpochMs, nowMs: EpochMs): Html =>
  ticking(atMs, { ahead: `${what} is due in {}`, past: `${what} was due {} ago` }, nowMs);

const wordings: Readonly<Record<ClockName, Wording>> = {
  response: { ahead: 'Respond within {}', past: 'Breached: response was due {} ago' },
  resolution: { ahead: 'Resolve within {}', past: 'Breached: resolution was due {} ago' },
};

/** What a running clock asks for, in words that turn by themselves when the deadline passes. */
export function countdown(clock: SlaClock, nowMs: EpochMs): Html {
  const atMs = deadlineOf(clock);
  const { ahead, past } = wordings[clock.name];
  const isLate = atMs <= nowMs;
  const span = describeSpan(isLate ? between(atMs, nowMs) : between(nowMs, atMs));
  return html`<span
    class="${isLate ? 'late' : ''}"
    data-late
    data-at="${atMs}"
    data-ahead="${ahead}"
    data-past="${past}"
    >${(isLate ? past : ahead).replace('{}', span)}</span
  >`;
}

/** The clocks to hurry for: the pending one, and the resolution deadline once response is late. */
export function urgentClocks(incident: Incident, nowMs: EpochMs): readonly SlaClock[] {
  const pending = pendingClock(incident);
  if (pending === null) return [];
  const isResponseLate = pending.name === 'response' && deadlineOf(pending) <= nowMs;
  return isResponseLate ? [pending, incident.resolution] : [pending];
}

/** One clock whole: how it stands, its deadline and how much of the target is used. */
export function clockCard(clock: SlaClock, nowMs: EpochMs): Html {
  const { name, targetMs, end } = clock;
  const endMs = deadlineOf(clock);
  const used = Math.min(targetMs, elapsedAt(clock, end?.atMs ?? nowMs));
  const bar =
    end === null
      ? html`<progress
          max="${targetMs}"
          value="${used}"
          data-end="${endMs}"
          aria-label="${barName(clock)}"
        ></progress>`
      : html`<progress
          max="${targetMs}"
          value="${used}"
          aria-label="${barName(clock)}"
        ></progress>`;
  return html`<div class="card">
    <h3>${name === 'response' ? 'Response' : 'Resolution'}${version(clock)}</h3>
    <p class="clock">${end === null ? countdown(clock, nowMs) : outcome(clock, end)}</p>
    ${bar}
    <p class="dim small">
      ${clock.severity} target ${describeSpan(targetMs)}, deadline ${timeOf(endMs)}
    </p>
  </div>`;
}

const barName = ({ name }: SlaClock): string => `Part of the ${name} target that is used`;
const version = ({ version: n }: SlaClock): string => (n === 1 ? '' : `, version ${n}`);

function outcome(clock: SlaClock, end: NonNullable<SlaClock['end']>): Html {
  const took = describeSpan(elapsedAt(clock, end.atMs));
  if (clock.isBreached)
    return html`<span class="late">Breached, then ${end.kind} after ${took}</span>`;
  if (end.kind === 'stopped') return html`Stopped after ${took}`;
  const withdrawn = clock.isBreachWithdrawn ? '; the breach was withdrawn, word came late' : '';
  return html`<span class="good">Met after ${took}${withdrawn}</span>`;
}

/** An instant for the eye, in UTC, with the whole of it for machines. */
export function timeOf(atMs: EpochMs): Html {
  const iso = toIso(atMs);
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC</time>`;
}
