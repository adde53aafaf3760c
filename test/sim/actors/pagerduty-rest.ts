import type { PagerDutyAgent } from '../../../lib/domain/incident/pagerduty-event.ts';
import { err, ok, type Result } from '../../../lib/domain/shared/result.ts';
import { epochMs } from '../../../lib/domain/shared/time.ts';
import type { PortFailure } from '../../../lib/ports/failure.ts';
import type { PagerIncidentRecord, PagerRest } from '../../../lib/ports/pager.ts';
import { ours, type HeldIncident, type PagerDutyWorld } from './pagerduty.ts';

type Refused = Promise<{ readonly ok: false; readonly error: PortFailure }>;

const refused = (): Refused =>
  Promise.resolve(err({ kind: 'rejected', message: 'There is no token for the REST API.' }));

/** PagerDuty's REST API where nobody has put a token into the secret: pages must do without it. */
export const restWithoutToken: PagerRest = {
  isConfigured: () => Promise.resolve(ok(false)),
  actingUser: refused,
  findIncident: refused,
  findByDedupKey: refused,
  listOpen: refused,
  dedupKeys: refused,
  notes: refused,
  addNote: refused,
  publishStatusUpdate: refused,
  requestResponder: refused,
  responderMessages: refused,
  setPriority: refused,
  setUrgency: refused,
  setStatus: refused,
  escalate: refused,
  onCalls: refused,
  services: refused,
  user: refused,
  subscriptions: refused,
  enableSubscription: refused,
};

/** The user in whose name Tocsin writes there. */
export const actingUser: PagerDutyAgent = {
  id: 'PTOCSIN',
  name: 'Tocsin',
  type: 'user_reference',
};

/** Our webhook subscription, as PagerDuty keeps it. */
export interface Subscription {
  isOn: boolean;
  /** Whether it goes on when it is asked to. */
  readonly mayGoOn: () => boolean;
}

/** A request that changes something there. */
export interface RestWrite {
  readonly action: string;
  readonly incident: HeldIncident;
  readonly text: string;
}

interface Setting {
  readonly pager: PagerDutyWorld;
  readonly subscription: Subscription;
  readonly isDown: () => boolean;
  readonly onWrite: (write: RestWrite) => void;
}

const seconds = (atMs: number) => epochMs(Math.floor(atMs / 1000) * 1000);

const recordOf = (held: HeldIncident): PagerIncidentRecord => ({
  pagerIncidentId: held.id,
  status: held.status,
  title: held.title,
  url: `https://pager.example/incidents/${held.id}`,
  // PagerDuty shows it for none: the alerts of an incident hold it.
  dedupKey: null,
  service: ours,
  urgency: held.urgency,
  priority: held.priority,
  // Whole seconds, cut off.
  createdAtMs: seconds(held.createdAtMs),
  changedAtMs: seconds(held.changedAtMs),
  changedBy: held.changedBy,
});

type Answer<Value> = Promise<Result<Value, PortFailure>>;

/** PagerDuty's REST API with a token. What it writes comes back as a webhook, as a person's would. */
export class RestWorld {
  readonly rest: PagerRest;
  readonly #setting: Setting;

  constructor(setting: Setting) {
    this.#setting = setting;
    this.rest = { ...restWithoutToken, ...this.#reading(), ...this.#writing(), ...this.#account() };
  }

  #reading(): Partial<PagerRest> {
    const { incidents } = this.#setting.pager;
    return {
      findIncident: (id) => this.#about(id, recordOf),
      findByDedupKey: (key) =>
        this.#tell(() => {
          const known = incidents.filter(({ dedupKey }) => dedupKey === key);
          const newest = known.find(({ status }) => status !== 'resolved') ?? known.at(-1);
          return newest === undefined ? null : recordOf(newest);
        }),
      listOpen: () =>
        this.#tell(() => incidents.filter(({ status }) => status !== 'resolved').map(recordOf)),
      dedupKeys: (id) => this.#about(id, ({ dedupKey }) => (dedupKey === null ? [] : [dedupKey])),
      notes: (id) => this.#about(id, ({ notes }) => [...notes]),
      responderMessages: (id) => this.#about(id, ({ responderMessages }) => [...responderMessages]),
    };
  }

  #writing(): Partial<PagerRest> {
    const { pager } = this.#setting;
    return {
      addNote: ({ pagerIncidentId: id, text }) =>
        this.#write(id, ['note', text], (held) => pager.note(held, text, actingUser)),
      publishStatusUpdate: ({ pagerIncidentId: id, message }) =>
        this.#write(id, ['status-update', message], (held) =>
          pager.tell({ kind: 'status_update', message }, held, actingUser),
        ),
      requestResponder: ({ pagerIncidentId: id, message }) =>
        this.#write(id, ['responders', message], (held) => {
          held.responderMessages.push(message);
          pager.tell({ kind: 'responder_added', responder: 'Ada', message }, held, actingUser);
        }),
      setPriority: ({ pagerIncidentId: id, priority }) =>
        this.#write(id, ['priority', priority], (held) => {
          held.priority = priority;
          pager.tell({ kind: 'priority_updated' }, held, actingUser);
        }),
      setUrgency: ({ pagerIncidentId: id, urgency }) =>
        this.#write(id, ['urgency', urgency], (held) => {
          held.urgency = urgency;
        }),
      setStatus: ({ pagerIncidentId: id, status }) =>
        this.#write(id, ['status', status], (held) => {
          const back = held.status === 'resolved' ? 'reopened' : 'unacknowledged';
          pager.act(held, status === 'triggered' ? back : status, actingUser);
        }),
      escalate: async ({ pagerIncidentId: id }) => {
        const done = await this.#write(id, ['escalate', ''], (held) =>
          pager.act(held, 'escalated', actingUser),
        );
        return done.ok ? ok(2) : done;
      },
    };
  }

  #account(): Partial<PagerRest> {
    const { subscription } = this.#setting;
    return {
      isConfigured: () => Promise.resolve(ok(true)),
      actingUser: () => this.#tell(() => actingUser.id),
      onCalls: () => this.#tell(() => []),
      services: () =>
        this.#tell(() => ({
          services: [
            { ...ours, isEnabled: true, escalationPolicy: ours, routingKeys: ['first', 'second'] },
          ],
          routingKeys: ['first', 'second'],
          orchestrated: [],
        })),
      subscriptions: () =>
        this.#tell(() => [{ id: 'SUB', state: subscription.isOn ? 'on' : 'paused' }]),
      enableSubscription: () => {
        if (!subscription.mayGoOn()) return refused();
        return this.#tell(() => {
          subscription.isOn = true;
        });
      },
    };
  }

  #tell<Value>(value: () => Value): Answer<Value> {
    const isDown = this.#setting.isDown();
    return Promise.resolve(
      isDown ? err({ kind: 'unavailable', message: 'HTTP 503' }) : ok(value()),
    );
  }

  #about<Value>(id: string, value: (held: HeldIncident) => Value): Answer<Value> {
    const held = this.#setting.pager.incidents.find((incident) => incident.id === id);
    if (held !== undefined) return this.#tell(() => value(held));
    return Promise.resolve(err({ kind: 'not_found', message: `There is no ${id}.` }));
  }

  #write(
    id: string,
    [action, text]: readonly [action: string, text: string],
    change: (held: HeldIncident) => void,
  ): Answer<void> {
    return this.#about(id, (incident) => {
      this.#setting.onWrite({ action, incident, text });
      change(incident);
    });
  }
}
