import { err, ok } from '../../lib/domain/shared/result.ts';
import { toIso, type EpochMs } from '../../lib/domain/shared/time.ts';
import type { PageContent } from '../../lib/domain/paging/compose.ts';
import type { PortFailure } from '../../lib/ports/failure.ts';
import type { Pager, PagerDirectory, PagerReference } from '../../lib/ports/pager.ts';
import type { Clock } from '../../lib/ports/system.ts';
import { FakePagerRest, type Held } from './fake-pager-rest.ts';

/** One event that was sent, and what PagerDuty said. */
export interface Attempt {
  readonly atMs: EpochMs;
  readonly page: PageContent;
  /** Null: it was taken. */
  readonly failure: PortFailure | null;
}

/** What a person does in PagerDuty, as its webhook tells. */
export interface Deed {
  readonly type: string;
  readonly dedupKey: string;
  /** What `incident_key` shows: null where PagerDuty leaves it out. */
  readonly shownKey?: string | null;
  readonly eventId?: string;
  /** Who acts; Ada when left out. */
  readonly by?: PagerReference;
  /** Fields of `data` beside those of every incident. */
  readonly data?: Readonly<Record<string, unknown>>;
}

const statusAfter: Readonly<Record<string, Held['status']>> = {
  trigger: 'triggered',
  acknowledge: 'acknowledged',
  resolve: 'resolved',
  'incident.acknowledged': 'acknowledged',
  'incident.unacknowledged': 'triggered',
  'incident.reopened': 'triggered',
  'incident.resolved': 'resolved',
};

/** PagerDuty as a scenario needs it: takes or refuses events, and has people who act. */
export class FakePagerDuty {
  /** What the Events API says to an event; null takes it. A timeout lasts as long as it may. */
  answer: (page: PageContent) => PortFailure | null = () => null;
  /** What the REST API says to everything; null: it works. */
  restFailure: PortFailure | null = null;
  readonly attempts: Attempt[] = [];
  readonly rest: FakePagerRest;
  readonly #clock: Clock;
  readonly #incidents = new Map<string, Held>();
  #events = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.rest = new FakePagerRest(clock, {
      held: () => this.held(),
      change: (id, change) => this.#change(id, change),
    });
  }

  readonly pager: Pager = {
    send: async (page, timeoutMs) => {
      const failure = this.answer(page);
      this.attempts.push({ atMs: this.#clock.now(), page: structuredClone(page), failure });
      if (failure?.kind === 'timeout') await this.#clock.sleep(timeoutMs);
      if (failure !== null) return err(failure);
      this.#take(page);
      return ok(undefined);
    },
  };

  readonly directory: PagerDirectory = {
    findIncident: (_tenant, id) => {
      const held = this.#incidents.get(id);
      if (this.restFailure !== null) return Promise.resolve(err(this.restFailure));
      if (held === undefined) {
        return Promise.resolve(err({ kind: 'not_found', message: `There is no ${id}.` }));
      }
      const { status, alertKey, url } = held;
      const dedupKeys = alertKey === null ? [] : [alertKey];
      return Promise.resolve(ok({ pagerIncidentId: id, status, url, dedupKeys }));
    },
  };

  /** Every incident, in the order in which they were opened. */
  held(): readonly Held[] {
    return [...this.#incidents.values()];
  }

  /** The newest incident under a key. */
  newest(dedupKey: string): Held | undefined {
    return this.held().findLast(({ alertKey }) => alertKey === dedupKey);
  }

  /** How the newest incident under a key stands; null when nobody was ever paged for it. */
  statusOf(dedupKey: string): Held['status'] | null {
    return this.newest(dedupKey)?.status ?? null;
  }

  /** PagerDuty loses every incident under a key. */
  forget(dedupKey: string): void {
    for (const { pagerIncidentId, alertKey } of this.held()) {
      if (alertKey === dedupKey) this.#incidents.delete(pagerIncidentId);
    }
  }

  /** The newest incident under a key stands so, as if it had never heard anything else. */
  set(dedupKey: string, status: Held['status']): void {
    const held = this.newest(dedupKey);
    if (held === undefined) throw new Error(`There is none under ${dedupKey}.`);
    this.#change(held.pagerIncidentId, { status, changedAtMs: held.createdAtMs });
  }

  /** Somebody makes an incident by hand; the body of the webhook about it. */
  makes(of: Partial<Held> = {}): { readonly held: Held; readonly webhook: string } {
    const held = this.#open({ alertKey: null, title: 'The shop is slow', ...of });
    return { held, webhook: this.#told(held, { type: 'incident.triggered', shownKey: null }) };
  }

  /** Somebody acts now: the incident changes, and this is the body of the webhook about it. */
  does({ type, dedupKey, ...deed }: Deed): string {
    const before =
      this.newest(dedupKey) ?? this.#open({ pagerIncidentId: 'PD0', alertKey: dedupKey });
    const held = this.#after(before, { type, ...deed });
    return this.#told(held, { type, shownKey: dedupKey, ...deed });
  }

  /** As `does`, for an incident by its id. */
  doesOn(pagerIncidentId: string, deed: Omit<Deed, 'dedupKey'>): string {
    const before = this.#incidents.get(pagerIncidentId);
    if (before === undefined) throw new Error(`There is no ${pagerIncidentId}.`);
    return this.#told(this.#after(before, deed), { shownKey: null, ...deed });
  }

  #after(before: Held, { type, by = ada }: Omit<Deed, 'dedupKey'>): Held {
    const status = statusAfter[type];
    if (status === undefined) return before;
    const changed = { status, changedAtMs: this.#clock.now(), changedBy: by };
    return this.#change(before.pagerIncidentId, changed);
  }

  #told(
    held: Held,
    { type, shownKey = null, eventId, by = ada, data = {} }: Omit<Deed, 'dedupKey'>,
  ): string {
    this.#events += 1;
    return JSON.stringify({
      event: {
        id: eventId ?? `event-${this.#events}`,
        event_type: type,
        resource_type: 'incident',
        occurred_at: toIso(this.#clock.now()),
        agent: { id: by.id, summary: by.name, type: 'user_reference' },
        data: partial.has(type)
          ? { ...partOf(held), ...data }
          : { ...shown(held, shownKey), ...data },
      },
    });
  }

  #change(id: string, change: Partial<Held>): Held {
    const before = this.#incidents.get(id);
    if (before === undefined) throw new Error(`There is no ${id}.`);
    const held = { ...before, ...change };
    this.#incidents.set(id, held);
    return held;
  }

  #open(of: Partial<Held> & Pick<Held, 'alertKey'>): Held {
    const nowMs = this.#clock.now();
    const id = of.pagerIncidentId ?? `PD${this.#incidents.size + 1}-${this.attempts.length}`;
    const held: Held = {
      pagerIncidentId: id,
      status: 'triggered',
      title: 'CheckoutDown',
      url: addressOf(id),
      dedupKey: null,
      service: { id: 'PSHOP', name: 'Shop' },
      urgency: 'high',
      priority: null,
      createdAtMs: nowMs,
      changedAtMs: nowMs,
      changedBy: null,
      notes: [],
      responders: [],
      updates: [],
      level: 1,
      assignedAtMs: nowMs,
      ...of,
    };
    this.#incidents.set(id, held);
    return held;
  }

  #take({ dedupKey, action }: PageContent): void {
    const held = this.newest(dedupKey);
    const status = statusAfter[action];
    if (held === undefined || held.status === 'resolved') {
      if (action === 'trigger') this.#open({ alertKey: dedupKey });
    } else if (action !== 'trigger' && status !== undefined) {
      const changed = { status, changedAtMs: this.#clock.now(), changedBy: service };
      this.#change(held.pagerIncidentId, changed);
    }
  }
}

const ada: PagerReference = { id: 'PADA001', name: 'Ada in PagerDuty' };
const service: PagerReference = { id: 'PSHOP', name: 'Shop' };

const addressOf = (id: string): string => `https://acme.pagerduty.com/incidents/${id}`;

const shown = (held: Held, key: string | null): Readonly<Record<string, unknown>> => ({
  id: held.pagerIncidentId,
  type: 'incident',
  html_url: held.url,
  status: held.status,
  incident_key: key,
  title: held.title,
  service: { id: held.service.id, summary: held.service.name },
  urgency: held.urgency,
  priority: held.priority === null ? null : { id: 'PPRIO', summary: held.priority },
  assignees: [],
});

/** Events that only refer to their incident. */
const partial: ReadonlySet<string> = new Set([
  'incident.annotated',
  'incident.status_update_published',
]);

const partOf = ({ pagerIncidentId: id, url }: Held): Readonly<Record<string, unknown>> => ({
  id: 'NOTE1',
  type: 'incident_note',
  content: 'the database is full',
  trimmed: false,
  incident: { id, type: 'incident_reference', summary: 'CheckoutDown', html_url: url },
});
