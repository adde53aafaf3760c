import type { Timekeeper } from '../../shared/timekeeper.ts';
import type { Announcement, Fact, SettledFact, SubscriptionFact } from './fact.ts';
import type { SandboxIncident } from './incident.ts';
import type { SandboxIds } from './sandbox-ids.ts';
import type { DeliverySettings, WebhookTarget } from './settings.ts';
import { subscriptionIdOf, WebhookDispatcher, type Settlement } from './webhook-dispatcher.ts';
import { isAnnounced, webhookBody, type WebhookSource, type WebhookView } from './webhook-event.ts';
import type { Delivery } from './webhook-lane.ts';
import type { WebhookPost } from './webhook-post.ts';

export interface WebhooksDeps {
  readonly timekeeper: Timekeeper;
  readonly ids: SandboxIds;
  readonly view: WebhookView;
  readonly settings: DeliverySettings;
  readonly post: WebhookPost;
  /** Keeps a fact about deliveries. Losing one costs a repeated delivery, so nobody waits for it. */
  readonly record: (fact: SettledFact | SubscriptionFact) => void;
}

/** A subscription as people see it. */
export interface SubscriptionStatus {
  readonly id: string;
  readonly url: string;
  readonly disabledUntilMs: number | null;
  readonly pending: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly lastReason: string | null;
}

interface Tally {
  readonly delivered: number;
  readonly dropped: number;
  readonly lastReason: string | null;
}

const NO_TALLY: Tally = { delivered: 0, dropped: 0, lastReason: null };

/** A delivery that the ledger has owing, while it is being replayed. */
interface Owed {
  readonly source: WebhookSource;
  readonly subscription: string;
}

/** The webhook subscriptions: who is told what, and what is still owed after a restart. */
export class Webhooks {
  readonly #deps: WebhooksDeps;
  readonly #dispatcher: WebhookDispatcher;
  readonly #disabledUntilMs = new Map<string, number>();
  readonly #tallies = new Map<string, Tally>();
  readonly #owed = new Map<string, Owed>();
  #targets: readonly WebhookTarget[] = [];

  constructor(deps: WebhooksDeps) {
    this.#deps = deps;
    this.#dispatcher = new WebhookDispatcher({
      ...deps,
      onSettled: (settlement) => this.#settled(settlement),
      onDisabled: (subscription) => {
        this.#setDisabled(subscription, deps.timekeeper.nowMs() + deps.settings.disableMs);
      },
    });
  }

  /** Replaces all subscriptions; a secret that is being rotated is changed in this way too. */
  setTargets(targets: readonly WebhookTarget[]): void {
    this.#targets = targets;
    this.#dispatcher.setTargets(targets);
  }

  /** The deliveries that an event of this type owes now; `undefined`: nobody wants it. */
  announcement(eventType: string | undefined): Announcement | undefined {
    if (eventType === undefined || this.#targets.length === 0) return undefined;
    return this.#announcementTo((target) => target.events?.includes(eventType) ?? true);
  }

  /** A ping reaches every enabled subscription, whatever it filters. */
  pingAnnouncement(): Announcement | undefined {
    return this.#announcementTo(() => true);
  }

  /** Sends what an announced fact owes; the fact is on the ledger. */
  send(source: WebhookSource): void {
    const body = webhookBody(source, this.#deps.view);
    for (const { subscription, webhookId } of source.fact.announcement?.deliveries ?? []) {
      this.#dispatcher.enqueue(deliveryOf(source, { subscription, webhookId, body }));
    }
  }

  /** Takes in a fact of the ledger at start. */
  replay(fact: Fact, incident: SandboxIncident | undefined): void {
    if (isAnnounced(fact)) {
      for (const { subscription, webhookId } of fact.announcement?.deliveries ?? []) {
        this.#owed.set(webhookId, { source: { fact, incident }, subscription });
      }
    } else if (fact.kind === 'settled') {
      this.#owed.delete(fact.webhookId);
      this.#count(fact.subscription, fact);
    } else if (fact.kind === 'subscription') {
      this.#disabledUntilMs.set(fact.subscription, fact.disabledUntilMs ?? 0);
    }
  }

  /** Sends what the replay left owing, in its old order. */
  resume(): void {
    for (const [webhookId, { source, subscription }] of this.#owed) {
      const body = webhookBody(source, this.#deps.view);
      this.#dispatcher.enqueue(deliveryOf(source, { subscription, webhookId, body }));
    }
    this.#owed.clear();
  }

  /** Switches a subscription off for as long as three dropped deliveries would. */
  disable(subscription: string): boolean {
    const isKnown = this.#targets.some((target) => subscriptionIdOf(target) === subscription);
    const { timekeeper, settings } = this.#deps;
    if (isKnown) this.#setDisabled(subscription, timekeeper.nowMs() + settings.disableMs);
    return isKnown;
  }

  /** Ends the 24 h of a subscription that was switched off; false: there is none with this id. */
  enable(subscription: string): boolean {
    const isKnown = this.#targets.some((target) => subscriptionIdOf(target) === subscription);
    if (isKnown) this.#setDisabled(subscription, null);
    return isKnown;
  }

  status(): readonly SubscriptionStatus[] {
    const pending = new Map(Object.entries(this.#dispatcher.pending()));
    return this.#targets.map((target) => {
      const id = subscriptionIdOf(target);
      return {
        id,
        url: target.url,
        disabledUntilMs: this.#isEnabled(id) ? null : (this.#disabledUntilMs.get(id) ?? null),
        pending: pending.get(id) ?? 0,
        ...(this.#tallies.get(id) ?? NO_TALLY),
      };
    });
  }

  /** Forgets deliveries and switches every subscription on; the subscriptions stay. */
  clear(): void {
    this.#dispatcher.clear();
    this.#disabledUntilMs.clear();
    this.#tallies.clear();
  }

  #announcementTo(wants: (target: WebhookTarget) => boolean): Announcement | undefined {
    const deliveries = this.#targets
      .filter((target) => wants(target) && this.#isEnabled(subscriptionIdOf(target)))
      .map((target) => ({
        subscription: subscriptionIdOf(target),
        webhookId: this.#deps.ids.uuid(),
      }));
    if (deliveries.length === 0) return undefined;
    return { eventId: this.#deps.ids.webhookEvent(), deliveries };
  }

  #isEnabled(subscription: string): boolean {
    return (this.#disabledUntilMs.get(subscription) ?? 0) <= this.#deps.timekeeper.nowMs();
  }

  #setDisabled(subscription: string, disabledUntilMs: number | null): void {
    this.#disabledUntilMs.set(subscription, disabledUntilMs ?? 0);
    const atMs = this.#deps.timekeeper.nowMs();
    this.#deps.record({ kind: 'subscription', atMs, subscription, disabledUntilMs });
  }

  #settled({ delivery, outcome, reason }: Settlement): void {
    const { subscription, webhookId } = delivery;
    const atMs = this.#deps.timekeeper.nowMs();
    this.#count(subscription, { outcome, reason });
    this.#deps.record({ kind: 'settled', atMs, subscription, webhookId, outcome, reason });
  }

  #count(subscription: string, { outcome, reason }: Pick<SettledFact, 'outcome' | 'reason'>): void {
    const tally = this.#tallies.get(subscription) ?? NO_TALLY;
    this.#tallies.set(subscription, {
      delivered: tally.delivered + (outcome === 'delivered' ? 1 : 0),
      dropped: tally.dropped + (outcome === 'dropped' ? 1 : 0),
      lastReason: reason,
    });
  }
}

function deliveryOf(
  { fact, incident }: WebhookSource,
  to: Pick<Delivery, 'subscription' | 'webhookId' | 'body'>,
): Delivery {
  const madeAtMs = fact.kind === 'event' ? fact.arrivedAtMs : fact.atMs;
  return { ...to, madeAtMs, resource: incident?.id ?? 'pagey' };
}
