import { err, ok, type Result } from '../../../domain/shared/result.ts';
import type { JsonObject } from '../../shared/json.ts';
import type { Timekeeper } from '../../shared/timekeeper.ts';
import { Book } from './book.ts';
import { decideEvent, refuseChange, type ChangeRefusal } from './decide.ts';
import type { Directory } from './directory.ts';
import type { ValidEvent } from './event-validation.ts';
import type { Change, CreatedFact, EventFact, Fact } from './fact.ts';
import type { SandboxIncident } from './incident.ts';
import { openLedger, type Ledger } from './ledger.ts';
import type { SandboxIds } from './sandbox-ids.ts';
import { eventTypeOfChange, eventTypeOfOutcome, isAnnounced } from './webhook-event.ts';
import { Webhooks, type WebhooksDeps } from './webhooks.ts';

/** A valid request to the Events API. */
export interface Arrival {
  readonly service: string;
  readonly arrivedAtMs: number;
  readonly bytes: number;
  readonly body: JsonObject;
}

export interface AccountDeps extends Omit<WebhooksDeps, 'record'> {
  readonly timekeeper: Timekeeper;
  readonly ids: SandboxIds;
  readonly directory: Directory;
  readonly ledgerPath: string | undefined;
}

/** A change of an incident in a person's name. */
export interface ChangeRequest {
  readonly incident: SandboxIncident;
  readonly changes: readonly Change[];
  /** Id of the person. */
  readonly by: string;
}

/** An incident to make; `key` is the `incident_key` that was given. */
export type IncidentWish = Pick<
  CreatedFact,
  'by' | 'service' | 'title' | 'urgency' | 'priority'
> & {
  readonly key?: string;
};

/** Larger content is kept as a mark only, so that a flood of full-size events fits the disk. */
const MAX_KEPT_CONTENT_BYTES = 32 << 10;

/**
 * What PagerDuty would keep for one account. Every method that changes something has it in the ledger
 * when its promise resolves, and tells the webhook subscribers only then.
 */
export class Account {
  readonly book = new Book();
  readonly webhooks: Webhooks;
  readonly #deps: AccountDeps;
  readonly #ledger: Ledger;

  /** Replays the ledger; webhooks that it has owing are sent once their subscription is known. */
  constructor(deps: AccountDeps) {
    this.#deps = deps;
    this.webhooks = new Webhooks({
      ...deps,
      // A mark that could not be written means that the delivery is made again after a restart.
      record: (fact) => void this.#ledger.append(fact).catch(() => undefined),
    });
    this.#ledger = openLedger(deps.ledgerPath, (fact) => {
      this.webhooks.replay(fact, this.book.apply(fact));
    });
    this.webhooks.resume();
  }

  /** Takes an event in; what it did, and under which key. */
  async acceptEvent(event: ValidEvent, arrival: Arrival): Promise<EventFact> {
    const { ids } = this.#deps;
    const { service, arrivedAtMs, bytes } = arrival;
    const dedupKey = event.dedupKey ?? ids.uuid().replaceAll('-', '');
    const open = this.book.openAlert(service, dedupKey);
    const outcome = decideEvent(event, open);
    const incidentId = outcome === 'opened' ? ids.incident() : open?.id;
    const announcement = this.webhooks.announcement(eventTypeOfOutcome(outcome));
    const fact: EventFact = {
      kind: 'event',
      sequence: this.book.nextSequence,
      arrivedAtMs,
      service,
      action: event.action,
      dedupKey,
      outcome,
      ...(incidentId !== undefined && { incidentId }),
      ...(outcome === 'opened' && { opened: this.#opening() }),
      ...(event.trigger !== undefined && { trigger: event.trigger }),
      bytes,
      content: keptContent(arrival),
      ...(announcement !== undefined && { announcement }),
    };
    await this.#record(fact);
    return fact;
  }

  async acceptChangeEvent(arrival: Arrival): Promise<void> {
    const { service, arrivedAtMs, bytes } = arrival;
    const sequence = this.book.nextSequence;
    const content = keptContent(arrival);
    await this.#record({
      kind: 'change_event',
      sequence,
      arrivedAtMs,
      service,
      bytes,
      content,
    });
  }

  /** Makes the changes one after the other, up to the first that is refused. */
  async change({
    incident,
    changes,
    by,
  }: ChangeRequest): Promise<Result<SandboxIncident, ChangeRefusal>> {
    let current = incident;
    for (const change of changes) {
      current = this.book.incident(incident.id) ?? current;
      const refusal = refuseChange(current, change);
      if (refusal !== undefined) return err(refusal);
      const announcement = this.webhooks.announcement(eventTypeOfChange(change));
      const after = await this.#record({
        kind: 'person',
        atMs: this.#deps.timekeeper.nowMs(),
        incidentId: incident.id,
        by,
        change,
        ...(announcement !== undefined && { announcement }),
      });
      current = after ?? current;
    }
    return ok(current);
  }

  /** Makes an incident without an event, in a person's name. */
  async create(wish: IncidentWish): Promise<SandboxIncident> {
    const { ids, directory, timekeeper } = this.#deps;
    const incidentId = ids.incident();
    const announcement = this.webhooks.announcement(eventTypeOfOutcome('opened'));
    const incident = await this.#record({
      kind: 'created',
      atMs: timekeeper.nowMs(),
      incidentId,
      number: this.book.nextNumber,
      assignee: directory.onCall.id,
      ...wish,
      key: wish.key ?? incidentId,
      ...(announcement !== undefined && { announcement }),
    });
    if (incident === undefined) throw new Error('The incident that was created is not there.');
    return incident;
  }

  /** Sends `pagey.ping`; the number of subscriptions it goes to. */
  async ping(): Promise<number> {
    const announcement = this.webhooks.pingAnnouncement();
    if (announcement === undefined) return 0;
    await this.#record({ kind: 'ping', atMs: this.#deps.timekeeper.nowMs(), announcement });
    return announcement.deliveries.length;
  }

  /** Empties the account and its ledger. */
  reset(): void {
    this.#ledger.clear();
    this.book.clear();
    this.webhooks.clear();
  }

  close(): void {
    this.webhooks.clear();
    this.#ledger.close();
  }

  async #record(fact: Fact): Promise<SandboxIncident | undefined> {
    const incident = this.book.apply(fact);
    await this.#ledger.append(fact);
    if (isAnnounced(fact)) this.webhooks.send({ fact, incident });
    return incident;
  }

  #opening(): NonNullable<EventFact['opened']> {
    const { ids, directory } = this.#deps;
    return { alertId: ids.alert(), number: this.book.nextNumber, assignee: directory.onCall.id };
  }
}

/** The event as it came, but for the credential in it. */
function keptContent({ body, bytes }: Arrival): JsonObject {
  if (bytes > MAX_KEPT_CONTENT_BYTES) return { too_large_to_keep: true, bytes };
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'routing_key'));
}
