import type { PageAction } from '../../../lib/domain/incident/page-event.ts';
import type {
  PagerDutyAgent,
  PagerDutyEvent,
} from '../../../lib/domain/incident/pagerduty-event.ts';
import type { PageContent } from '../../../lib/domain/paging/compose.ts';
import { err, ok, type Result } from '../../../lib/domain/shared/result.ts';
import type { PortFailure } from '../../../lib/ports/failure.ts';
import type { EpochMs } from '../../../lib/domain/shared/time.ts';
import type { PagerIncident, PagerNote, PagerReference } from '../../../lib/ports/pager.ts';
import type { PagerRates } from '../engine/profile.ts';
import type { Random } from '../engine/random.ts';
import type { Scheduler } from '../engine/scheduler.ts';

/** How the pager does right now. */
export type PagerMode = 'well' | 'down' | 'slow' | 'rejecting';

export interface HeldIncident {
  readonly id: string;
  /** Null for one that a person made there. */
  readonly dedupKey: string | null;
  readonly title: string;
  readonly createdAtMs: EpochMs;
  status: PagerIncident['status'];
  changedAtMs: EpochMs;
  changedBy: PagerDutyAgent | null;
  /** How often it changed its status. */
  changes: number;
  priority: string | null;
  urgency: 'high' | 'low';
  readonly notes: PagerNote[];
  readonly responderMessages: string[];
}

/** One change of status, as everybody over there sees it. */
export interface StatusChange {
  readonly incident: HeldIncident;
  readonly status: PagerIncident['status'];
  readonly atMs: EpochMs;
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

/** The service that every incident of the account is of. */
export const ours: PagerReference = { id: 'PSHOP', name: 'Shop' };

interface Setting {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly rates: PagerRates;
  readonly mode: () => PagerMode;
  readonly onAccepted: (page: PageContent) => void;
  readonly onThrottled: () => void;
  readonly onOpened: (incident: HeldIncident) => void;
  readonly onEvent: (event: PagerDutyEvent) => void;
  readonly onChanged: (change: StatusChange) => void;
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
    const incident = this.#open(page.dedupKey, page.summary);
    this.tell({ kind: 'other', eventType: 'incident.triggered' }, incident, service);
    this.#setting.onOpened(incident);
  }

  /** Somebody makes an incident by hand. */
  makes(title: string): void {
    const incident = this.#open(null, title);
    this.tell({ kind: 'triggered' }, incident, person);
    this.#setting.onOpened(incident);
  }

  #open(dedupKey: string | null, title: string): HeldIncident {
    const { nowMs } = this.#setting.scheduler;
    const incident: HeldIncident = {
      id: `Q${this.incidents.length + 1}`,
      dedupKey,
      title,
      createdAtMs: nowMs,
      status: 'triggered',
      changedAtMs: nowMs,
      changedBy: null,
      changes: 0,
      priority: null,
      urgency: 'high',
      notes: [],
      responderMessages: [],
    };
    this.incidents.push(incident);
    return incident;
  }

  #set(incident: HeldIncident, status: HeldIncident['status'], by: PagerDutyAgent | null): void {
    const atMs = this.#setting.scheduler.nowMs;
    incident.status = status;
    incident.changedAtMs = atMs;
    incident.changedBy = by;
    incident.changes += 1;
    this.#setting.onChanged({ incident, status, atMs });
  }

  #change(incident: HeldIncident, action: PageAction): void {
    if (action === 'trigger') return;
    if (action === 'acknowledge' && incident.status === 'acknowledged') return;
    const status = action === 'resolve' ? 'resolved' : 'acknowledged';
    this.#set(incident, status, null);
    this.tell({ kind: status, mergedInto: null }, incident, service);
  }

  /** Somebody writes a note. */
  note(incident: HeldIncident, text: string, by: PagerDutyAgent): void {
    const id = `N${this.#events}`;
    incident.notes.push({ id, by, text, atMs: this.#setting.scheduler.nowMs });
    this.tell({ kind: 'annotated', noteId: id, note: text, trimmed: false }, incident, by);
  }

  #hasTwin({ dedupKey }: HeldIncident): boolean {
    return dedupKey !== null && this.openFor(dedupKey) !== null;
  }

  openFor(dedupKey: string): HeldIncident | null {
    return (
      this.incidents.find((held) => held.dedupKey === dedupKey && held.status !== 'resolved') ??
      null
    );
  }

  /** Somebody does something, where that is possible. */
  act(incident: HeldIncident, deed: Deed, by: PagerDutyAgent = person): void {
    switch (deed) {
      case 'acknowledged':
        if (incident.status !== 'triggered') return;
        this.#set(incident, 'acknowledged', by);
        this.tell({ kind: 'acknowledged' }, incident, by);
        return;
      case 'unacknowledged': {
        if (incident.status !== 'acknowledged') return;
        // Of a person's nobody knows here: it is a time that ran out.
        const agent = by === person ? null : by;
        this.#set(incident, 'triggered', agent);
        this.tell({ kind: 'unacknowledged' }, incident, agent);
        return;
      }
      case 'resolved':
        if (incident.status === 'resolved') return;
        this.#set(incident, 'resolved', by);
        this.tell({ kind: 'resolved', mergedInto: null }, incident, by);
        return;
      case 'reopened':
        if (incident.status !== 'resolved' || this.#hasTwin(incident)) return;
        this.#set(incident, 'triggered', by);
        this.tell({ kind: 'reopened' }, incident, by);
        return;
      case 'escalated':
      case 'priority_updated': {
        this.tell({ kind: deed }, incident, person);
        return;
      }
      case 'annotated': {
        this.note(incident, 'looking *now*', by);
        return;
      }
      case 'responder_added': {
        this.tell({ kind: 'other', eventType: deed }, incident, person);
        return;
      }
    }
  }

  /** A webhook leaves, for whoever has subscribed. */
  tell(
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
        service: ours,
        priority: incident.priority === null ? null : { id: 'PPRIO', name: incident.priority },
        urgency: incident.urgency,
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
        dedupKeys: held.dedupKey === null ? [] : [held.dedupKey],
      }),
    );
  }
}
