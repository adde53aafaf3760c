import type { Thread } from '../../../lib/domain/correlation/thread.ts';
import type { DueAt } from '../../../lib/domain/incident/due.ts';
import type { Incident } from '../../../lib/domain/incident/state.ts';
import type { PageContent } from '../../../lib/domain/paging/compose.ts';
import type { TenantPolicy } from '../../../lib/domain/policy/policy.ts';
import type { IncidentWrite, Receipt, Transaction } from '../../../lib/ports/store.ts';
import { foldFacts } from './facts.ts';
import type { Fact, Ledger } from './ledger.ts';
import { deadlineOf } from './naive-clocks.ts';
import { Notebook, sha256 } from './notebook.ts';
import { situationsIn } from './situations.ts';
import type { Verdict } from './verdict.ts';

/** An attempt that began before a change of mind may arrive this much after it. */
const inFlightMs = 10_000;
/** Two messages for one page within this are no retry. */
const claimMs = 20_000;

export interface OracleSetting {
  readonly nowMs: () => number;
  readonly policy: TenantPolicy;
  readonly ledger: Ledger;
  readonly verdict: Verdict;
  readonly count: (situation: string) => void;
}

export const rowName = ({ incidentId, dueAtMs, row }: DueAt): string =>
  `${incidentId} ${row.kind === 'timer' ? row.name : row.intentId} ${dueAtMs}`;

/** Watches every write and every effect, and checks what must hold after each step. */
export class Oracle {
  readonly notebooks = new Map<string, Notebook>();
  readonly threads = new Map<string, Thread>();
  readonly rows = new Map<string, DueAt>();
  readonly setting: OracleSetting;
  readonly #durable = new Set<string>();
  readonly #quarantined = new Set<string>();

  constructor(setting: OracleSetting) {
    this.setting = setting;
  }

  /** A transaction took effect. */
  onWritten({ incident, thread, delivery }: Omit<Transaction, 'token'>): void {
    if (delivery !== undefined) {
      this.#durable.add(delivery.bodyHash);
      if (delivery.outcome.kind === 'quarantined') this.#quarantined.add(delivery.bodyHash);
    }
    const write = { ...(incident && { incident }), ...(thread && { thread }) };
    for (const situation of situationsIn(write)) this.setting.count(situation);
    if (thread !== undefined) this.threads.set(thread.value.threadHash, thread.value);
    if (incident !== undefined) this.#onCommit(incident);
  }

  onReceipt({ bodyHash }: Receipt): void {
    this.#durable.add(bodyHash);
  }

  #onCommit({ incident, commit, dueAdded, dueRemoved }: IncidentWrite): void {
    const { policy, verdict, nowMs } = this.setting;
    const known = this.notebooks.get(incident.id);
    const notebook = known ?? new Notebook(commit, policy);
    this.notebooks.set(incident.id, notebook);
    notebook.take(commit, verdict);
    for (const row of dueRemoved) this.rows.delete(rowName(row));
    for (const row of dueAdded) this.rows.set(rowName(row), row);
    verdict.check(commit.atMs <= nowMs(), 'I11', () => `a commit from the future: ${commit.atMs}`);
    this.#checkOneOpen(notebook);
    this.#checkOutbox(notebook, incident);
    this.#checkWakeUps(notebook);
    this.#checkConfirmed(notebook, commit.events);
  }

  #checkOneOpen({ correlationKey }: Notebook): void {
    const open = [...this.notebooks.values()].filter(
      (other) => other.correlationKey === correlationKey && other.state !== 'resolved',
    );
    this.setting.verdict.check(
      open.length <= 1,
      'I4',
      () => `${correlationKey} has open incidents ${open.map(({ id }) => id).join(', ')}`,
    );
  }

  #checkOutbox({ openIntents }: Notebook, incident: Incident): void {
    const { verdict } = this.setting;
    const held = new Set(incident.intents.map(({ intentId }) => intentId));
    verdict.check(
      held.size === openIntents.size && [...openIntents.keys()].every((id) => held.has(id)),
      'I28',
      () =>
        `incident ${incident.id} holds pages ${[...held].join()}, its log ${[...openIntents.keys()].join()}`,
    );
    for (const { intentId, dueAtMs } of incident.intents) {
      const name = `${incident.id} ${intentId} ${dueAtMs}`;
      verdict.check(this.rows.has(name), 'I28', () => `there is no outbox row ${name}`);
    }
  }

  #checkWakeUps({ id, clocks, state }: Notebook): void {
    if (state === 'resolved') return;
    for (const clock of [clocks.response, clocks.resolution]) {
      const deadlineAtMs = deadlineOf(clock);
      if (clock.isBreached || deadlineAtMs === Infinity) continue;
      const isWoken = [...this.rows.values()].some(
        ({ incidentId, dueAtMs, row }) =>
          incidentId === id &&
          row.kind === 'timer' &&
          row.name === clock.name &&
          dueAtMs <= deadlineAtMs,
      );
      this.setting.verdict.check(isWoken, 'I11', () => `${clock.name} of ${id} has no wake-up`);
    }
  }

  /** What the log calls accepted was seen outside. */
  #checkConfirmed({ id, isAdopted }: Notebook, events: IncidentWrite['commit']['events']): void {
    const { ledger, verdict } = this.setting;
    // What was born in PagerDuty is spoken of through its REST API, and never paged.
    if (isAdopted) return;
    for (const event of events) {
      if (event.type !== 'page.accepted' || event.channel === 'rest') continue;
      const wasSeen =
        event.channel === 'fallback'
          ? ledger.fallback.some(({ incidentId }) => incidentId === id)
          : ledger.pager.some(
              ({ incidentId, action }) => incidentId === id && action === event.action,
            );
      verdict.check(
        wasSeen,
        'I28',
        () => `${id}: ${event.intentId} is confirmed and was never seen`,
      );
    }
  }

  /** A sender is about to be answered with 202. */
  onAccepted(body: Uint8Array, facts: readonly Fact[] | 'unreadable'): void {
    const { verdict, ledger } = this.setting;
    const bodyHash = sha256(body);
    verdict.check(
      this.#durable.has(bodyHash),
      'I1',
      () => `202 for ${bodyHash}, which is not stored`,
    );
    if (facts === 'unreadable') {
      verdict.check(
        this.#quarantined.has(bodyHash),
        'I2',
        () => `202 for the unreadable ${bodyHash}, which is not in quarantine`,
      );
      return;
    }
    ledger.accepted.push(...facts);
    for (const [name, { fact, hasFired, isOver }] of foldFacts(facts)) {
      const homes = this.homesOf(fact);
      const [home] = homes;
      verdict.check(
        homes.length === 1 && (!hasFired || (home?.ordinal ?? 0) > 0),
        'I2',
        () => `202 for alert ${name}, which has ${homes.length} homes`,
      );
      verdict.check(
        !isOver || home?.status === 'resolved',
        'I5',
        () => `202 for the end of ${name}, which still fires`,
      );
    }
  }

  /** Where an episode is kept, over all threads. */
  homesOf({ fingerprint, startsAtMs }: Pick<Fact, 'fingerprint' | 'startsAtMs'>): readonly {
    readonly thread: Thread;
    readonly ordinal: number;
    readonly status: string;
  }[] {
    return [...this.threads.values()].flatMap((thread) =>
      thread.episodes
        .filter(
          (episode) => episode.fingerprint === fingerprint && episode.startsAtMs === startsAtMs,
        )
        .map(({ ordinal, status }) => ({ thread, ordinal, status })),
    );
  }

  /** The pager takes an event. */
  onPaged(page: PageContent): void {
    const { verdict, ledger, nowMs } = this.setting;
    const id = page.consoleUrl.split('/').at(-1) ?? '';
    const notebook = this.notebooks.get(id);
    const policy = page.details['policy'];
    const named = typeof policy === 'string' ? policy : null;
    const { action, dedupKey } = page;
    ledger.pager.push({ atMs: nowMs(), action, dedupKey, incidentId: id, policy: named });
    verdict.check(notebook !== undefined, 'I10', () => `a page for ${id}, which does not exist`);
    if (notebook === undefined) return;
    verdict.check(named === null || named === '0123456789ab', 'I10', () => `policy ${named ?? ''}`);
    verdict.check(
      dedupKey === notebook.dedupKey,
      'I9',
      () => `${action} for ${id} under the key ${dedupKey}, not ${notebook.dedupKey}`,
    );
    const endedAtMs = notebook.resolvedAtMs;
    verdict.check(
      action !== 'trigger' || endedAtMs === null || nowMs() - endedAtMs <= inFlightMs,
      'I9',
      () => `a trigger for ${id}, which was resolved at ${endedAtMs ?? 0}`,
    );
    if (action === 'trigger' && endedAtMs !== null)
      this.setting.count('page accepted after resolve');
  }

  /** The second channel carries a message. */
  onFallback({ text }: { readonly text: string }): void {
    const { verdict, ledger, nowMs, count } = this.setting;
    const incidentId = /Incident (\S+), opened/.exec(text)?.[1] ?? '';
    const notebook = this.notebooks.get(incidentId);
    const failedAtMs = notebook?.secondFailedAtMs ?? 0;
    const asked = notebook?.secondTexts.filter((wanted) => text.includes(wanted)) ?? [];
    const same = ledger.fallback.filter(
      (entry) => entry.incidentId === incidentId && entry.text === text,
    );
    // The channel has no key: an attempt whose answer was lost says the same once more, and only so.
    const isExcused = ledger.troublesIn(same[0]?.atMs ?? nowMs(), nowMs()).has('call');
    const twins = isExcused
      ? same.filter(({ atMs }) => nowMs() - atMs < claimMs && atMs > failedAtMs)
      : same;
    verdict.check(
      twins.length === 0 || twins.length < asked.length,
      'I9',
      () => `${twins.length + 1} messages for ${asked.length} pages of ${incidentId}`,
    );
    const quietSinceMs = notebook?.quietSinceMs ?? Infinity;
    verdict.check(
      nowMs() - quietSinceMs <= inFlightMs || text.includes('SLA breached'),
      'I10',
      () =>
        `the second channel pages for ${incidentId}, ${notebook?.state ?? ''} since ${quietSinceMs}`,
    );
    ledger.fallback.push({ atMs: nowMs(), incidentId, text });
    count('second channel used');
  }
}
