import { err, ok, type Result } from '../../lib/domain/shared/result.ts';
import type { EpochMs } from '../../lib/domain/shared/time.ts';
import type { PortFailure } from '../../lib/ports/failure.ts';
import type {
  OnCall,
  PagerIncidentRecord,
  PagerNote,
  PagerReference,
  PagerRest,
  PagerServices,
  PagerSubscription,
  PagerUser,
} from '../../lib/ports/pager.ts';
import type { Clock } from '../../lib/ports/system.ts';

/** One incident over there. */
export interface Held extends PagerIncidentRecord {
  /** The key of its alert; null when a person made it. */
  readonly alertKey: string | null;
  readonly notes: readonly PagerNote[];
  readonly responders: readonly { readonly userId: string; readonly message: string }[];
  readonly updates: readonly string[];
  readonly level: number;
  readonly assignedAtMs: EpochMs;
}

/** The user in whose name Tocsin writes. */
export const actor: PagerReference = { id: 'PTOCSIN', name: 'Tocsin' };

/** What went through REST: the action and what it was about. */
export type RestCall = readonly [action: string, detail: string];

export interface Account {
  readonly held: () => readonly Held[];
  readonly change: (id: string, change: Partial<Held>) => void;
}

/** PagerDuty's REST API over the incidents of a scenario, and what else an account holds. */
export class FakePagerRest implements PagerRest {
  /** Null: it works. A `timeout` of a writing call is carried out nevertheless when `isLost`. */
  failure: PortFailure | null = null;
  isLost = false;
  hasToken = true;
  readonly calls: RestCall[] = [];
  turns: OnCall[] = [];
  directory: PagerServices = { services: [], routingKeys: [], orchestrated: [] };
  users: PagerUser[] = [];
  webhooks: PagerSubscription[] = [];
  readonly #clock: Clock;
  readonly #account: Account;

  constructor(clock: Clock, account: Account) {
    this.#clock = clock;
    this.#account = account;
  }

  isConfigured = () => Promise.resolve(ok(this.hasToken));
  actingUser = () => this.#tell(() => actor.id);
  findIncident = (id: string) => this.#about(id, (held) => held);
  findByDedupKey = (dedupKey: string) =>
    this.#tell(() => {
      const known = this.#account.held().filter(({ alertKey }) => alertKey === dedupKey);
      return known.find(({ status }) => status !== 'resolved') ?? known.at(-1) ?? null;
    });
  listOpen = (serviceIds: readonly string[]) =>
    this.#tell(() =>
      this.#account
        .held()
        .filter(({ status }) => status !== 'resolved')
        .filter(({ service }) => serviceIds.length === 0 || serviceIds.includes(service.id)),
    );
  dedupKeys = (id: string) =>
    this.#about(id, ({ alertKey }) => (alertKey === null ? [] : [alertKey]));
  notes = (id: string) => this.#about(id, (held) => held.notes);
  responderMessages = (id: string) =>
    this.#about(id, ({ responders }) => responders.map(({ message }) => message));
  addNote: PagerRest['addNote'] = ({ pagerIncidentId: id, text }) =>
    this.#write(id, ['note', text], ({ notes }) => ({
      notes: [...notes, { id: `N${notes.length + 1}`, by: actor, text, atMs: this.#clock.now() }],
    }));
  publishStatusUpdate: PagerRest['publishStatusUpdate'] = ({ pagerIncidentId: id, message }) =>
    this.#write(id, ['status-update', message], ({ updates }) => ({
      updates: [...updates, message],
    }));
  requestResponder: PagerRest['requestResponder'] = ({ pagerIncidentId: id, userId, message }) =>
    this.#write(id, ['responder', userId], ({ responders }) => ({
      responders: [...responders, { userId, message }],
    }));
  setPriority: PagerRest['setPriority'] = ({ pagerIncidentId: id, priority }) =>
    this.#write(id, ['priority', priority], () => ({ priority }));
  setUrgency: PagerRest['setUrgency'] = ({ pagerIncidentId: id, urgency }) =>
    this.#write(id, ['urgency', urgency], () => ({ urgency }));
  setStatus: PagerRest['setStatus'] = ({ pagerIncidentId: id, status }) =>
    this.#write(id, ['status', status], () => ({
      status,
      changedAtMs: this.#clock.now(),
      changedBy: actor,
    }));
  escalate: PagerRest['escalate'] = async ({ pagerIncidentId: id, askedAtMs }) => {
    const found = await this.findIncident(id);
    if (!found.ok) return found;
    const { level, assignedAtMs } = found.value;
    if (assignedAtMs > askedAtMs) return ok(level);
    const written = await this.#write(id, ['escalate', String(level + 1)], () => ({
      level: level + 1,
      assignedAtMs: this.#clock.now(),
    }));
    return written.ok ? ok(level + 1) : written;
  };
  onCalls: PagerRest['onCalls'] = (query) =>
    this.#tell(() =>
      this.turns.filter(
        ({ fromMs, untilMs, escalationPolicy }) =>
          (fromMs ?? -Infinity) < query.untilMs &&
          (untilMs ?? Infinity) > query.sinceMs &&
          (!('escalationPolicyId' in query) || escalationPolicy.id === query.escalationPolicyId),
      ),
    );
  services = () => this.#tell(() => this.directory);
  user = (id: string): Promise<Result<PagerUser, PortFailure>> => {
    const found = this.users.find((user) => user.id === id);
    return found === undefined ? Promise.resolve(err(missing(id))) : this.#tell(() => found);
  };
  subscriptions = () => this.#tell(() => this.webhooks);
  enableSubscription: PagerRest['enableSubscription'] = (id) =>
    this.#tell(() => {
      this.calls.push(['enable', id]);
      this.webhooks = this.webhooks.map((one) => (one.id === id ? { ...one, state: 'on' } : one));
    });

  #tell<Value>(value: () => Value): Promise<Result<Value, PortFailure>> {
    return Promise.resolve(this.failure === null ? ok(value()) : err(this.failure));
  }

  #about<Value>(id: string, value: (held: Held) => Value): Promise<Result<Value, PortFailure>> {
    const found = this.#account.held().find(({ pagerIncidentId }) => pagerIncidentId === id);
    return found === undefined ? Promise.resolve(err(missing(id))) : this.#tell(() => value(found));
  }

  #write(
    id: string,
    call: RestCall,
    change: (held: Held) => Partial<Held>,
  ): Promise<Result<void, PortFailure>> {
    const found = this.#account.held().find(({ pagerIncidentId }) => pagerIncidentId === id);
    if (found === undefined) return Promise.resolve(err(missing(id)));
    if (this.failure === null || this.isLost) {
      this.calls.push(call);
      this.#account.change(id, change(found));
    }
    return this.#tell(() => undefined);
  }
}

const missing = (id: string): PortFailure => ({ kind: 'not_found', message: `There is no ${id}.` });
