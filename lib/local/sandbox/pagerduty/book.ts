import type { JsonObject } from '../../shared/json.ts';
import { createBoundedContents, type BoundedContents } from './bounded-contents.ts';
import type { ChangeEventFact, EventFact, Fact, PersonFact, RequestFact } from './fact.ts';
import { afterChange, afterEvent, type SandboxIncident } from './incident.ts';
import { createdIncident, openIncident } from './open-incident.ts';

/** What is kept of a request; its content apart, since it may be let go. */
export type RequestRecord = Omit<EventFact, 'content'> | Omit<ChangeEventFact, 'content'>;

export interface BookLimits {
  readonly maxIncidents: number;
  readonly maxRequests: number;
  readonly maxContentBytes: number;
}

/** Enough for several storms of 10,000 alerts, within a few hundred megabytes. */
export const BOOK_LIMITS: BookLimits = {
  maxIncidents: 50_000,
  maxRequests: 100_000,
  maxContentBytes: 64 << 20,
};

/** How far to look for a resolved incident, so that a full book stays quick. */
const FORGET_SCAN_LENGTH = 1000;

/**
 * All that the sandbox holds: a fold over the facts of the ledger. Bounded: above the limits it
 * forgets the oldest, resolved incidents first; the file still has them.
 */
export class Book {
  readonly #limits: BookLimits;
  readonly #incidents = new Map<string, SandboxIncident>();
  /** Service and dedup key of each open alert, to the id of its incident. */
  readonly #openByKey = new Map<string, string>();
  readonly #requests = new Map<number, RequestRecord>();
  readonly #contents: BoundedContents;
  #sequence = 0;
  #number = 0;

  constructor(limits: BookLimits = BOOK_LIMITS) {
    this.#limits = limits;
    this.#contents = createBoundedContents(limits.maxContentBytes);
  }

  /** Takes a fact in; the incident as the fact left it, where it is about one. */
  apply(fact: Fact): SandboxIncident | undefined {
    switch (fact.kind) {
      case 'event':
        return this.#takeEvent(fact);
      case 'change_event':
        this.#takeRequest(fact);
        return undefined;
      case 'person':
        return this.#takeChange(fact);
      case 'created':
        this.#number = Math.max(this.#number, fact.number);
        return this.#store(createdIncident(fact));
      case 'ping':
      case 'settled':
      case 'subscription':
        return undefined;
    }
  }

  incident(id: string): SandboxIncident | undefined {
    return this.#incidents.get(id);
  }

  /** The incident whose alert with this key is open at this service. */
  openAlert(service: string, dedupKey: string): SandboxIncident | undefined {
    return this.#incidents.get(this.#openByKey.get(openKey(service, dedupKey)) ?? '');
  }

  /** In the order in which they were opened. */
  incidents(): readonly SandboxIncident[] {
    return [...this.#incidents.values()];
  }

  /** The latest accepted requests, oldest first. */
  requests(): readonly RequestRecord[] {
    return [...this.#requests.values()];
  }

  /** What the request with this sequence said, unless it was let go. */
  content(sequence: number): JsonObject | undefined {
    return this.#contents.get(sequence);
  }

  get nextSequence(): number {
    return this.#sequence + 1;
  }

  get nextNumber(): number {
    return this.#number + 1;
  }

  clear(): void {
    this.#incidents.clear();
    this.#openByKey.clear();
    this.#requests.clear();
    this.#contents.clear();
    this.#sequence = 0;
    this.#number = 0;
  }

  #takeRequest(fact: RequestFact): void {
    const { content, ...record } = fact;
    this.#requests.set(fact.sequence, record);
    this.#contents.put(fact.sequence, content, fact.bytes);
    this.#sequence = Math.max(this.#sequence, fact.sequence);
    const oldest = this.#requests.keys().next();
    if (this.#requests.size > this.#limits.maxRequests && oldest.done !== true) {
      this.#requests.delete(oldest.value);
    }
  }

  #takeEvent(fact: EventFact): SandboxIncident | undefined {
    this.#takeRequest(fact);
    this.#number = Math.max(this.#number, fact.opened?.number ?? 0);
    const known = this.#incidents.get(fact.incidentId ?? '');
    const after = known === undefined ? openIncident(fact) : afterEvent(known, fact);
    return after === undefined ? undefined : this.#store(after);
  }

  #takeChange(fact: PersonFact): SandboxIncident | undefined {
    const incident = this.#incidents.get(fact.incidentId);
    if (incident === undefined) return undefined;
    const after = afterChange(incident, fact);
    if (fact.change.type !== 'reopened') return this.#store(after);
    // A reopened incident takes its alert back, unless the key has opened another one since.
    const isFree = !this.#openByKey.has(openKey(after.service, after.alert.key));
    const alert = { ...after.alert, status: 'triggered' as const };
    return this.#store(isFree ? { ...after, alert } : after);
  }

  #store(incident: SandboxIncident): SandboxIncident {
    const key = openKey(incident.service, incident.alert.key);
    this.#incidents.set(incident.id, incident);
    if (incident.alert.status === 'triggered') this.#openByKey.set(key, incident.id);
    else if (this.#openByKey.get(key) === incident.id) this.#openByKey.delete(key);
    if (this.#incidents.size > this.#limits.maxIncidents) this.#forgetOldest();
    return incident;
  }

  #forgetOldest(): void {
    const candidates = this.#incidents.values().take(FORGET_SCAN_LENGTH).toArray();
    const goes = candidates.find(({ status }) => status === 'resolved') ?? candidates[0];
    if (goes === undefined) return;
    this.#incidents.delete(goes.id);
    const key = openKey(goes.service, goes.alert.key);
    if (this.#openByKey.get(key) === goes.id) this.#openByKey.delete(key);
  }
}

function openKey(service: string, dedupKey: string): string {
  return JSON.stringify([service, dedupKey]);
}
