import type { Commit, IncidentEvent } from '../../../lib/domain/incident/event.ts';
import type { Incident } from '../../../lib/domain/incident/state.ts';
import { actingUser, type RestWrite } from '../actors/pagerduty-rest.ts';
import type { HeldIncident, StatusChange } from '../actors/pagerduty.ts';
import type { Stage } from '../stage.ts';

const minuteMs = 60_000;
/** A run every four minutes, and the time that it takes. */
const reconciledMs = 5 * minuteMs + 20_000;

/** Watches both sides: what people do over there, what we write there, and whether they meet. */
export class PagerOracle {
  readonly #world: Stage;
  readonly #changes: StatusChange[] = [];
  readonly #writes: RestWrite[] = [];
  readonly #marks = new Set<string>();
  #asked = 0;
  #reconciled = 0;

  constructor(world: Stage) {
    this.#world = world;
  }

  /** Something over there is now so: five minutes later both sides say it. */
  onChanged(change: StatusChange): void {
    this.#changes.push(change);
    const { scheduler } = this.#world;
    const { changes } = change.incident;
    scheduler.at(change.atMs + reconciledMs, () => this.#judge(change, changes));
  }

  #judge({ incident: held, atMs, status }: StatusChange, changes: number): void {
    const { ledger, oracle, verdict } = this.#world;
    const own = this.ours(held);
    const notebook = oracle.notebooks.get(own?.id ?? '');
    if (own === null || notebook === undefined || held.changes !== changes) return;
    if (ledger.troublesIn(atMs - minuteMs, this.#world.scheduler.nowMs).size > 0) return;
    // A person's doing here is on its way there; an end was told too late to count.
    if (notebook.changedAtMs > this.#world.scheduler.nowMs - minuteMs) return;
    if (this.#isOvertaken(own)) return;
    if (notebook.openIntents.size > 0 || this.#newest(held) !== held) return;
    this.#world.count('both sides compared after a change in PagerDuty');
    verdict.check(
      own.state === held.status,
      'I38',
      () => `${held.id} is ${status} since ${atMs}, and ${own.id} is still ${own.state}`,
    );
  }

  /** Our incident that one over there carries. */
  ours(held: HeldIncident): Incident | null {
    const { store } = this.#world;
    return (
      store
        .incidents()
        .find(({ dedupKey, pagerIncidentId, sourceId }) =>
          held.dedupKey === null
            ? sourceId === '@pagerduty' && pagerIncidentId === held.id
            : dedupKey === held.dedupKey,
        ) ?? null
    );
  }

  /** One that a newer incident has followed is closed for good here, whatever becomes of it there. */
  #isOvertaken({ id }: Incident): boolean {
    const { threads } = this.#world.oracle;
    return [...threads.values()].every(({ current }) => current?.incidentId !== id);
  }

  #newest(held: HeldIncident): HeldIncident | undefined {
    if (held.dedupKey === null) return held;
    return this.#world.pager.incidents.findLast(({ dedupKey }) => dedupKey === held.dedupKey);
  }

  /** A request of ours that changes something: what is written, is written once. */
  onWrite(write: RestWrite): void {
    const { verdict } = this.#world;
    this.#writes.push(write);
    this.#world.count(`rest ${write.action}`);
    const [mark] = /\[Tocsin \S+ p\d+\]/.exec(write.text) ?? [];
    if (mark === undefined) return;
    verdict.check(!this.#marks.has(mark), 'I9', () => `${write.action} ${mark} is written twice`);
    this.#marks.add(mark);
  }

  /** A commit took effect. */
  onCommit({ incidentId, causeId, events }: Commit): void {
    const isFound = causeId.startsWith('reconciliation');
    if (isFound) this.#reconciled += 1;
    for (const event of events) {
      if (event.type === 'page.requested' && event.channel === 'rest') this.#asked += 1;
      this.#checkEcho(incidentId, event);
      if (isFound) this.#checkInstant(incidentId, event);
    }
    this.#checkBounds();
  }

  /** What we wrote there ourselves changes nothing here. */
  #checkEcho(incidentId: string, event: IncidentEvent): void {
    if (!echoes.has(event.type) || !('by' in event) || event.by.kind !== 'person') return;
    const isOurs = event.by.via === 'pagerduty' && event.by.id === actingUser.id;
    this.#world.verdict.check(
      !isOurs,
      'no echo',
      () => `${incidentId}: ${event.type} is our own doing over there`,
    );
  }

  /** I12: what was found counts from the instant at which it was done there, to the second. */
  #checkInstant(incidentId: string, event: IncidentEvent): void {
    if (event.type !== 'incident.acknowledged' && event.type !== 'incident.resolved') return;
    const { occurredAtMs, by } = event;
    if (by.kind !== 'person' || by.via !== 'pagerduty') return;
    const wasSo = this.#changes.some(
      ({ incident, atMs, status }) =>
        event.type === `incident.${status}` &&
        Math.abs(atMs - occurredAtMs) <= 1_000 &&
        this.ours(incident)?.id === incidentId,
    );
    this.#world.count(`${event.type} found by reconciliation`);
    this.#world.verdict.check(
      wasSo,
      'I12',
      () => `${incidentId}: ${event.type} at ${occurredAtMs}, when nobody did it over there`,
    );
  }

  /** I36: neither side keeps the other busy. */
  #checkBounds(): void {
    const { verdict, oracle } = this.#world;
    const commits = [...oracle.notebooks.values()].reduce((sum, one) => sum + one.moves, 0);
    const moves = this.#changes.length + commits + 10;
    verdict.check(
      this.#writes.length <= 3 * this.#asked + 10 && this.#reconciled <= 3 * moves,
      'I36',
      () =>
        `${this.#writes.length} writes for ${this.#asked} wishes, ` +
        `${this.#reconciled} repairs for ${moves} moves`,
    );
  }

  /** I38 at rest: what is open there is open here, whoever opened it; so is what was born there. */
  checkRest(): void {
    const { pager, verdict, scheduler } = this.#world;
    const isCompared = ({ status, dedupKey }: HeldIncident): boolean =>
      status !== 'resolved' || dedupKey === null;
    for (const held of pager.incidents.filter(isCompared)) {
      const own = this.ours(held);
      const isElsewhere = own === null ? held.status === 'resolved' : this.#isOvertaken(own);
      if (isElsewhere || held.changedAtMs > scheduler.nowMs - reconciledMs) continue;
      verdict.check(
        own?.state === held.status,
        'I38',
        () => `${held.id} is ${held.status}, and ours is ${own?.state ?? 'none'}`,
      );
    }
  }
}

const echoes: ReadonlySet<IncidentEvent['type']> = new Set([
  'incident.acknowledged',
  'incident.unacknowledged',
  'incident.resolved',
  'incident.reopened',
  'note.added',
]);
