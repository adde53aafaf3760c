import type { ActionEvent } from '../../../lib/domain/action/event.ts';
import type { Commit, IncidentEvent } from '../../../lib/domain/incident/event.ts';
import type { ActionNotes } from './action-notes.ts';
import type { ActionBook } from './action-book.ts';

const minuteMs = 60_000;

/** The newest word on an alert, and when the incident first heard of it. */
interface KnownAlert {
  readonly startsAtMs: number;
  readonly status: string;
  readonly atMs: number;
}

/** What an end has to be true of: that it was proven, or that somebody is called. */
export class EndRules {
  readonly #book: ActionBook;
  /** Of each incident, by fingerprint. */
  readonly #alerts = new Map<string, Map<string, KnownAlert>>();

  constructor(book: ActionBook) {
    this.#book = book;
  }

  /** I24: what the log says of its effect is so. */
  onEnded(
    notes: ActionNotes,
    event: Extract<ActionEvent, { readonly type: 'action.ended' }>,
    { atMs, commit }: { readonly atMs: number; readonly commit: Commit | null },
  ): void {
    const { verdict } = this.#book.setting;
    const { state, wasApplied } = event;
    notes.isOutstanding = false;
    verdict.check(
      wasApplied || notes.mutations.length === 0,
      'I24',
      () => `${notes.id} says that nothing was done, and ${notes.target} was changed`,
    );
    if (state === 'verified') this.#checkVerified(notes, atMs);
    if (state === 'failed' && notes.origin.kind === 'runbook') {
      this.#book.demoted.add(notes.origin.runbookId);
    }
    if (wasApplied && (state === 'failed' || state === 'unverified'))
      this.#checkCalled(notes, commit);
  }

  /** I21: somebody is called when it has not helped. */
  #checkCalled(notes: ActionNotes, commit: Commit | null): void {
    const { oracle, verdict, count } = this.#book.setting;
    const calls = new Set(['page.requested', 'escalation.requested', 'incident.reopened']);
    const isCalled = commit?.events.some(({ type }) => calls.has(type)) ?? false;
    const notebook = oracle.notebooks.get(notes.incidentId);
    // What came back since is an incident of its own: whoever has to be called is called for that.
    const isFollowed = [...oracle.notebooks.values()].some(
      ({ openedAtMs, correlationKey }) =>
        correlationKey === notebook?.correlationKey && openedAtMs > notebook.openedAtMs,
    );
    if (isCalled && notebook?.state === 'resolved') count('reopened since an action has failed');
    const isExcused = notebook?.state === 'resolved' && isFollowed;
    // Whoever is being called for it already is not called twice.
    const isUnderWay = (notebook?.openIntents.size ?? 0) > 0;
    verdict.check(
      isCalled || isExcused || isUnderWay,
      'I21',
      () =>
        `${notes.id} of ${notes.incidentId}, ${notebook?.state ?? ''}, has failed, and nobody is called`,
    );
  }

  #checkVerified(notes: ActionNotes, atMs: number): void {
    const { verdict } = this.#book.setting;
    const { samples = 0, soakMs = 0 } = notes.plan?.verification ?? {};
    const known = [...(this.#alerts.get(notes.incidentId) ?? [])];
    const spanMs = Math.max(soakMs, samples * minuteMs) + 30_000;
    const sinceMs = this.#book.setting.nowMs() - spanMs;
    const asked = known.filter(([, alert]) => alert.atMs < atMs - soakMs);
    const hasApi = this.#book.setting.policy.tenants[0]?.sources.some(
      ({ apiUrl }) => apiUrl !== null,
    );
    const missing = this.#book.signals.missing({
      name: notes.target,
      fingerprints: hasApi === true ? asked.map(([fingerprint]) => fingerprint) : null,
      sinceMs,
      samples,
    });
    verdict.check(missing.length === 0, 'verified', () => `${notes.id}: ${missing.join('; ')}`);
    verdict.check(known.length > 0, 'verified', () => `${notes.id}: there is no alert to end`);
    const isFiring = hasApi !== true && asked.some(([, { status }]) => status === 'firing');
    verdict.check(
      !isFiring,
      'verified',
      () => `${notes.id}: an alert was never told to have ended`,
    );
    verdict.check(notes.mutations.length > 0, 'verified', () => `${notes.id}: nothing was done`);
  }

  noteAlerts(
    incidentId: string,
    event: Extract<IncidentEvent, { readonly type: 'alerts.attached' }>,
  ): void {
    const known = this.#alerts.get(incidentId) ?? new Map<string, KnownAlert>();
    this.#alerts.set(incidentId, known);
    for (const { fingerprint, startsAtMs, status } of event.alerts) {
      const held = known.get(fingerprint);
      if (held !== undefined && held.startsAtMs > startsAtMs) continue;
      known.set(fingerprint, {
        startsAtMs,
        status,
        atMs: held?.atMs ?? this.#book.setting.nowMs(),
      });
    }
  }
}
