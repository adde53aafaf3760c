import type { Severity } from '../../../lib/domain/policy/policy.ts';
import type { IncidentWrite } from '../../../lib/ports/store.ts';
import type { Scheduler } from '../engine/scheduler.ts';
import { deadlineOf } from './naive-clocks.ts';
import type { Oracle } from './oracle.ts';

const primaryBoundMs = 60_000;
const secondBoundMs = 90_000;
const breachBoundMs = 75_000;
/** Time of the calls themselves, on top of a bound. */
const slackMs = 5_000;

/**
 * How fast things must be (I8, I11), judged wherever nothing but one dependency was out of order
 * for long enough.
 */
export class Bounds {
  readonly #oracle: Oracle;
  readonly #scheduler: Scheduler;

  constructor(oracle: Oracle, scheduler: Scheduler) {
    this.#oracle = oracle;
    this.#scheduler = scheduler;
  }

  /** Notes what a commit promises to happen soon. */
  onWritten({ incident, commit }: IncidentWrite): void {
    const isAsked = commit.events.some(
      (event) => event.type === 'page.requested' && event.purpose === 'open',
    );
    // In the place of a page that was still waiting: the bound runs since that one was asked for.
    const isRenewed = commit.events.some(
      (event) => event.type === 'page.superseded' && event.action === 'trigger',
    );
    if (isAsked && !isRenewed) this.#judgeLater(incident.id, this.#hasSecond(incident.severity));
    if (this.#isRaisedUnpaged({ incident, commit })) this.#judgeLater(incident.id, true);
    for (const event of commit.events) {
      if (event.type === 'sla.breached') this.#judgeBreach(incident.id, event.deadlineAtMs, commit);
    }
  }

  #hasSecond(severity: Severity): boolean {
    return this.#oracle.setting.policy.paging.fallbackSeverities.includes(severity);
  }

  /** A page that nobody has seen gets a second channel: its bound runs since the raise. */
  #isRaisedUnpaged({ incident, commit }: Pick<IncidentWrite, 'incident' | 'commit'>): boolean {
    const isOpen = incident.intents.some(({ purpose }) => purpose === 'open');
    return (
      isOpen &&
      commit.events.some(
        (event) =>
          event.type === 'severity.changed' &&
          this.#hasSecond(event.to) &&
          !this.#hasSecond(event.from),
      )
    );
  }

  #judgeLater(id: string, hasSecond: boolean): void {
    const { nowMs } = this.#scheduler;
    const resolveCount = this.#oracle.notebooks.get(id)?.resolveCount ?? 0;
    this.#scheduler.at(nowMs + secondBoundMs + slackMs, () =>
      this.#judgePage(id, nowMs, { hasSecond, resolveCount }),
    );
  }

  #judgePage(
    id: string,
    askedAtMs: number,
    { hasSecond, resolveCount }: { readonly hasSecond: boolean; readonly resolveCount: number },
  ): void {
    const { ledger, verdict, count } = this.#oracle.setting;
    const notebook = this.#oracle.notebooks.get(id);
    // What was over meanwhile needs no page; what came back since asked for another.
    if (notebook?.resolveCount !== resolveCount || notebook.isAdopted) return;
    const troubles = ledger.troublesIn(askedAtMs - slackMs, askedAtMs + secondBoundMs);
    const isPagerDown = troubles.has('pager');
    if (troubles.has('call') || troubles.has('clock') || troubles.size > 1) return;
    // Who lowers the severity takes the second channel back.
    if (isPagerDown && !(hasSecond && this.#hasSecond(notebook.severity))) return;
    count(isPagerDown ? 'page bound judged with the pager down' : 'page bound judged');
    if (notebook.summaries.size > 0) count('page bound judged of a held page');
    const boundMs = isPagerDown ? secondBoundMs : primaryBoundMs;
    verdict.check(
      this.isTold(id, askedAtMs, askedAtMs + boundMs + slackMs),
      'I8',
      () =>
        `the page of ${id} (${notebook.severity}), asked for at ${askedAtMs}, reached nobody ` +
        `within ${boundMs / 1000} s; troubles: ${[...troubles].join() || 'none'}`,
    );
  }

  /**
   * Whether anybody heard of an incident, by a page of its own or by the summary: one of the same
   * ten minutes that was told before says where to look (ADR 5).
   */
  isTold(id: string, fromMs: number, untilMs = Infinity): boolean {
    const notebook = this.#oracle.notebooks.get(id);
    const { ledger } = this.#oracle.setting;
    const isIn = (atMs: number): boolean => atMs >= fromMs && atMs <= untilMs;
    return (
      ledger.pager.some(
        ({ incidentId, action, atMs }) => incidentId === id && action === 'trigger' && isIn(atMs),
      ) ||
      ledger.fallback.some(({ incidentId, atMs }) => incidentId === id && isIn(atMs)) ||
      notebook?.state !== 'triggered' ||
      [...notebook.summaries].some((summary) => this.isTold(summary, 0, untilMs))
    );
  }

  #judgeBreach(id: string, deadlineAtMs: number, commit: IncidentWrite['commit']): void {
    const { ledger, verdict, count } = this.#oracle.setting;
    const isByRaise = commit.events.some(({ type }) => type === 'severity.changed');
    const isByReturn = commit.events.some(({ type }) => type === 'incident.reopened');
    if (isByRaise || isByReturn) return;
    const troubles = ledger.troublesIn(deadlineAtMs - slackMs, commit.atMs);
    if (troubles.has('call') || troubles.has('clock')) return;
    count('breach bound judged');
    verdict.check(
      commit.atMs - deadlineAtMs <= breachBoundMs,
      'I11',
      () => `the breach of ${id} at ${deadlineAtMs} was recorded at ${commit.atMs}`,
    );
  }

  /** What should have been recorded long ago. */
  judgeOverdue(): void {
    const { verdict } = this.#oracle.setting;
    const limitMs = this.#scheduler.nowMs - breachBoundMs;
    for (const { id, clocks, state } of this.#oracle.notebooks.values()) {
      if (state === 'resolved') continue;
      for (const clock of [clocks.response, clocks.resolution]) {
        verdict.check(
          clock.isBreached || deadlineOf(clock) > limitMs,
          'I11',
          () => `${clock.name} of ${id} was due at ${deadlineOf(clock)} and is not recorded`,
        );
      }
    }
  }
}
