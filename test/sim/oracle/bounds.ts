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
    const isOpening = commit.events.some(
      (event) => event.type === 'page.requested' && event.purpose === 'open',
    );
    const { nowMs } = this.#scheduler;
    if (isOpening) {
      const { fallbackSeverities } = this.#oracle.setting.policy.paging;
      const hasSecond = fallbackSeverities.includes(incident.severity);
      const resolveCount = this.#oracle.notebooks.get(incident.id)?.resolveCount ?? 0;
      this.#scheduler.at(nowMs + secondBoundMs + slackMs, () =>
        this.#judgePage(incident.id, nowMs, { hasSecond, resolveCount }),
      );
    }
    for (const event of commit.events) {
      if (event.type === 'sla.breached') this.#judgeBreach(incident.id, event.deadlineAtMs, commit);
    }
  }

  #judgePage(
    id: string,
    askedAtMs: number,
    { hasSecond, resolveCount }: { readonly hasSecond: boolean; readonly resolveCount: number },
  ): void {
    const { ledger, verdict, count } = this.#oracle.setting;
    const notebook = this.#oracle.notebooks.get(id);
    // What was over meanwhile needs no page; what came back since asked for another.
    if (notebook?.resolveCount !== resolveCount) return;
    const troubles = ledger.troublesIn(askedAtMs - slackMs, askedAtMs + secondBoundMs);
    const isPagerDown = troubles.has('pager');
    if (troubles.has('call') || troubles.has('clock') || troubles.size > 1) return;
    if (isPagerDown && !hasSecond) return;
    // From then on the page of the summary is the one that is timed.
    if (notebook.summaries.size > 0) return;
    count(isPagerDown ? 'page bound judged with the pager down' : 'page bound judged');
    const boundMs = isPagerDown ? secondBoundMs : primaryBoundMs;
    verdict.check(
      this.isTold(id, askedAtMs, askedAtMs + boundMs + slackMs),
      'I8',
      () =>
        `the page of ${id} (${notebook.severity}), asked for at ${askedAtMs}, reached nobody ` +
        `within ${boundMs / 1000} s; troubles: ${[...troubles].join() || 'none'}`,
    );
  }

  /** Whether anybody heard of an incident, by a page of its own or by the summary. */
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
