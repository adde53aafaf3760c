import { err, ok } from '../../lib/domain/shared/result.ts';
import { toIso, type EpochMs } from '../../lib/domain/shared/time.ts';
import type { PageContent } from '../../lib/domain/paging/compose.ts';
import type { PortFailure } from '../../lib/ports/failure.ts';
import type { Pager, PagerDirectory, PagerIncident } from '../../lib/ports/pager.ts';
import type { Clock } from '../../lib/ports/system.ts';

/** One event that was sent, and what PagerDuty said. */
export interface Attempt {
  readonly atMs: EpochMs;
  readonly page: PageContent;
  /** Null: it was taken. */
  readonly failure: PortFailure | null;
}

interface Held {
  readonly id: string;
  readonly dedupKey: string;
  readonly status: PagerIncident['status'];
}

/** What a person does in PagerDuty, as its webhook tells. */
export interface Deed {
  readonly type: string;
  readonly dedupKey: string;
  /** What `incident_key` shows: null where PagerDuty leaves it out. */
  readonly shownKey?: string | null;
  readonly eventId?: string;
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
  readonly #clock: Clock;
  readonly #incidents = new Map<string, Held>();
  #events = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
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
      const held = [...this.#incidents.values()].find((incident) => incident.id === id);
      if (this.restFailure !== null) return Promise.resolve(err(this.restFailure));
      if (held === undefined) {
        return Promise.resolve(err({ kind: 'not_found', message: `There is no ${id}.` }));
      }
      const { status, dedupKey } = held;
      const found = { pagerIncidentId: id, status, url: addressOf(id), dedupKeys: [dedupKey] };
      return Promise.resolve(ok(found));
    },
  };

  /** How the newest incident under a key stands; null when nobody was ever paged for it. */
  statusOf(dedupKey: string): Held['status'] | null {
    return this.#incidents.get(dedupKey)?.status ?? null;
  }

  /** Somebody acts now: the incident changes, and this is the body of the webhook about it. */
  does({ type, dedupKey, shownKey = dedupKey, eventId, data = {} }: Deed): string {
    const before = this.#incidents.get(dedupKey) ?? { id: 'PD0', dedupKey, status: 'triggered' };
    const held = { ...before, status: statusAfter[type] ?? before.status };
    this.#incidents.set(dedupKey, held);
    this.#events += 1;
    return JSON.stringify({
      event: {
        id: eventId ?? `event-${this.#events}`,
        event_type: type,
        resource_type: 'incident',
        occurred_at: toIso(this.#clock.now()),
        agent: { id: 'PADA001', summary: 'Ada in PagerDuty', type: 'user_reference' },
        data: type === 'incident.annotated' ? noteOn(held) : { ...shown(held, shownKey), ...data },
      },
    });
  }

  #take({ dedupKey, action }: PageContent): void {
    const held = this.#incidents.get(dedupKey);
    const status = statusAfter[action];
    if (held === undefined || held.status === 'resolved') {
      if (action !== 'trigger') return;
      const id = `PD${this.#incidents.size + 1}-${this.attempts.length}`;
      this.#incidents.set(dedupKey, { id, dedupKey, status: 'triggered' });
    } else if (action !== 'trigger' && status !== undefined) {
      this.#incidents.set(dedupKey, { ...held, status });
    }
  }
}

const addressOf = (id: string): string => `https://acme.pagerduty.com/incidents/${id}`;

const shown = ({ id, status }: Held, key: string | null): Readonly<Record<string, unknown>> => ({
  id,
  type: 'incident',
  html_url: addressOf(id),
  status,
  incident_key: key,
  title: 'CheckoutDown',
  assignees: [],
});

/** An event about a note only refers to its incident. */
const noteOn = ({ id }: Held): Readonly<Record<string, unknown>> => ({
  id: 'NOTE1',
  type: 'incident_note',
  content: 'the database is full',
  trimmed: false,
  incident: { id, type: 'incident_reference', summary: 'CheckoutDown', html_url: addressOf(id) },
});
