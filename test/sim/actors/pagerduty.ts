import type { PageAction } from '../../../lib/domain/incident/page-event.ts';
import type {
  PagerDutyAgent,
  PagerDutyEvent,
} from '../../../lib/domain/incident/pagerduty-event.ts';
import type { PageContent } from '../../../lib/domain/paging/compose.ts';
import { err, ok, type Result } from '../../../lib/domain/shared/result.ts';
import type { PortFailure } from '../../../lib/ports/failure.ts';
import type { PagerIncident } from '../../../lib/ports/pager.ts';
import type { PagerRates } from '../engine/profile.ts';
import type { Random } from '../engine/random.ts';
import type { Scheduler } from '../engine/scheduler.ts';

/** How the pager does right now. */
export type PagerMode = 'well' | 'down' | 'slow' | 'rejecting';

export interface HeldIncident {
  readonly id: string;
  readonly dedupKey: string;
  readonly title: string;
  status: PagerIncident['status'];
}

/** What people do there, and what it tells of them. */
export type Deed =
  | 'acknowledged'
  | 'unacknowledged'
  | 'resolved'
  | 'reopened'
  | 'escalated'
  | 'annotated'
  | 'priority_updated'
  | 'responder_added';

const person: PagerDutyAgent = { id: 'PADA', name: 'Ada L.', type: 'user_reference' };
const service: PagerDutyAgent = { id: 'PSVC', name: 'Tocsin', type: 'service_reference' };

interface Setting {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly rates: PagerRates;
  readonly mode: () => PagerMode;
  readonly onAccepted: (page: PageContent) => void;
  readonly onThrottled: () => void;
  readonly onOpened: (incident: HeldIncident) => void;
  readonly onEvent: (event: PagerDutyEvent) => void;
}

/** PagerDuty as its documentation has it: one open incident a key, a rate, webhooks, people. */
export class PagerDutyWorld {
  get mode(): PagerMode {
    return this.#setting.mode();
  }

  readonly incidents: HeldIncident[] = [];
  readonly #setting: Setting;
  readonly #perMinute = new Map<string, number>();
  #events = 0;

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  /** Events v2. In `slow` mode it accepts at once and answers too late, or late. */
  send(page: PageContent): Promise<Result<void, PortFailure>> {
    const { scheduler, random } = this.#setting;
    const refused = this.#refusal(page);
    if (refused !== null) return Promise.resolve(err(refused));
    this.#accept(page);
    if (this.mode !== 'slow') return Promise.resolve(ok(undefined));
    return new Promise((resolve) => {
      scheduler.in(random.int(500, 9_000), () => resolve(ok(undefined)));
    });
  }

  #refusal({ routingKey }: PageContent): PortFailure | null {
    if (this.mode === 'down') return { kind: 'unavailable', message: 'HTTP 503' };
    if (this.mode === 'rejecting') return { kind: 'rejected', message: 'HTTP 400' };
    const { scheduler, rates } = this.#setting;
    const window = `${routingKey}/${Math.floor(scheduler.nowMs / 60_000)}`;
    const count = (this.#perMinute.get(window) ?? 0) + 1;
    this.#perMinute.set(window, count);
    if (count <= rates.perMinute) return null;
    this.#setting.onThrottled();
    return { kind: 'throttled', message: 'HTTP 429', retryAfterMs: 5_000 };
  }

  #accept(page: PageContent): void {
    this.#setting.onAccepted(page);
    const open = this.openFor(page.dedupKey);
    if (open !== null) {
      this.#change(open, page.action);
      return;
    }
    if (page.action !== 'trigger') return;
    const incident: HeldIncident = {
      id: `Q${this.incidents.length + 1}`,
      dedupKey: page.dedupKey,
      title: page.summary,
      status: 'triggered',
    };
    this.incidents.push(incident);
    this.#tell({ kind: 'other', eventType: 'incident.triggered' }, incident, service);
    this.#setting.onOpened(incident);
  }

  #change(incident: HeldIncident, action: PageAction): void {
    if (action === 'trigger') return;
    if (action === 'acknowledge' && incident.status === 'acknowledged') return;
    incident.status = action === 'resolve' ? 'resolved' : 'acknowledged';
    this.#tell({ kind: incident.status, mergedInto: null }, incident, service);
  }

  openFor(dedupKey: string): HeldIncident | null {
    return (
      this.incidents.find((held) => held.dedupKey === dedupKey && held.status !== 'resolved') ??
      null
    );
  }

  /** Somebody does something, where that is possible. */
  act(incident: HeldIncident, deed: Deed): void {
    switch (deed) {
      case 'acknowledged':
        if (incident.status !== 'triggered') return;
        incident.status = 'acknowledged';
        {
          this.#tell({ kind: 'acknowledged' }, incident, person);
          return;
        }
      case 'unacknowledged':
        if (incident.status !== 'acknowledged') return;
        incident.status = 'triggered';
        {
          this.#tell({ kind: 'unacknowledged' }, incident, null);
          return;
        }
      case 'resolved':
        if (incident.status === 'resolved') return;
        incident.status = 'resolved';
        {
          this.#tell({ kind: 'resolved', mergedInto: null }, incident, person);
          return;
        }
      case 'reopened':
        if (incident.status !== 'resolved' || this.openFor(incident.dedupKey) !== null) return;
        incident.status = 'triggered';
        {
          this.#tell({ kind: 'reopened' }, incident, person);
          return;
        }
      case 'escalated':
      case 'priority_updated': {
        this.#tell({ kind: deed }, incident, person);
        return;
      }
      case 'annotated': {
        this.#tell({ kind: deed, note: 'looking *now*', trimmed: false }, incident, person);
        return;
      }
      case 'responder_added': {
        this.#tell({ kind: 'other', eventType: deed }, incident, person);
        return;
      }
    }
  }

  #tell(
    what: Record<string, unknown> & { readonly kind: PagerDutyEvent['kind'] },
    incident: HeldIncident,
    agent: PagerDutyAgent | null,
  ): void {
    const { scheduler, onEvent } = this.#setting;
    this.#events += 1;
    onEvent({
      ...what,
      eventId: `E${this.#events}`,
      occurredAtMs: scheduler.nowMs,
      agent,
      pdIncident: {
        id: incident.id,
        incidentKey: incident.dedupKey,
        status: incident.status,
        title: incident.title,
        assignees: [],
        priority: null,
        urgency: 'high',
        htmlUrl: `https://pager.example/incidents/${incident.id}`,
      },
      // The kinds of `act` come with the fields that belong to them.
    } as PagerDutyEvent);
  }

  /** The REST API's view. */
  find(id: string): Promise<Result<PagerIncident, PortFailure>> {
    const held = this.incidents.find((incident) => incident.id === id);
    if (this.mode === 'down') {
      return Promise.resolve(err({ kind: 'unavailable', message: 'HTTP 503' }));
    }
    if (held === undefined) return Promise.resolve(err({ kind: 'not_found', message: 'HTTP 404' }));
    return Promise.resolve(
      ok({
        pagerIncidentId: held.id,
        status: held.status,
        url: `https://pager.example/incidents/${held.id}`,
        dedupKeys: [held.dedupKey],
      }),
    );
  }
}
