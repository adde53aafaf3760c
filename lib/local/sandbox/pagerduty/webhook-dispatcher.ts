import type { Timekeeper } from '../../shared/timekeeper.ts';
import { stableId } from './sandbox-ids.ts';
import type { DeliverySettings, WebhookTarget } from './settings.ts';
import { signatureHeader } from './signature.ts';
import { countBySubscription, laneOf, type Delivery, type Lane } from './webhook-lane.ts';
import type { WebhookAnswer, WebhookPost } from './webhook-post.ts';

/** How a delivery ended; it will not be tried again. */
export interface Settlement {
  readonly delivery: Delivery;
  readonly outcome: 'delivered' | 'dropped';
  readonly reason: string;
}

export interface DispatcherDeps {
  readonly timekeeper: Timekeeper;
  readonly settings: DeliverySettings;
  readonly post: WebhookPost;
  readonly onSettled: (settlement: Settlement) => void;
  /** Three deliveries in a row were dropped. */
  readonly onDisabled: (subscription: string) => void;
}

/** The id of a subscription, given or made from its URL. */
export function subscriptionIdOf(target: WebhookTarget): string {
  return target.id ?? stableId('P', target.url);
}

/** PagerDuty: three dropped deliveries in a row disable a subscription. */
const DROPS_TO_DISABLE = 3;

/** Memory is bounded: beyond this a new delivery is dropped. */
const MAX_PENDING = 20_000;

const MAX_CONCURRENT = 32;

/**
 * Sends deliveries as PagerDuty does: one at a time and in order for each subscription and resource,
 * again after a timeout, 5xx, 429 or no connection, never again after any other answer but 2xx.
 */
export class WebhookDispatcher {
  readonly #deps: DispatcherDeps;
  readonly #lanes = new Map<string, Lane>();
  readonly #ready: Lane[] = [];
  readonly #dropsInRow = new Map<string, number>();
  #targets = new Map<string, WebhookTarget>();
  #pending = 0;
  #sending = 0;
  #isPumping = false;

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
  }

  enqueue(delivery: Delivery): void {
    if (this.#pending >= MAX_PENDING) {
      const reason = `more than ${MAX_PENDING} deliveries wait`;
      this.#deps.onSettled({ delivery, outcome: 'dropped', reason });
      return;
    }
    this.#pending += 1;
    const lane = laneOf(this.#lanes, delivery);
    lane.queue.push(delivery);
    if (lane.state === 'idle') this.#makeReady(lane);
  }

  /** Deliveries of a subscription that is not among them wait until it is. */
  setTargets(targets: readonly WebhookTarget[]): void {
    this.#targets = new Map(targets.map((target) => [subscriptionIdOf(target), target]));
    for (const lane of [...this.#lanes.values()]) {
      if (lane.state === 'idle') this.#makeReady(lane);
    }
  }

  /** Deliveries that are not settled, by subscription. */
  pending(): Readonly<Record<string, number>> {
    return countBySubscription(this.#lanes.values());
  }

  /** Forgets every delivery; the answer to one that is on its way no longer counts. */
  clear(): void {
    for (const lane of this.#lanes.values()) lane.cancelRetry();
    this.#lanes.clear();
    this.#ready.length = 0;
    this.#dropsInRow.clear();
    this.#pending = 0;
  }

  #makeReady(lane: Lane): void {
    lane.state = 'ready';
    this.#ready.push(lane);
    this.#pump();
  }

  /** Starts what may start. Called again from within, it leaves the work to the running call. */
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (this.#sending < MAX_CONCURRENT) {
      const lane = this.#ready.shift();
      if (lane === undefined) break;
      this.#start(lane);
    }
    this.#isPumping = false;
  }

  #start(lane: Lane): void {
    const { timekeeper, settings } = this.#deps;
    lane.state = 'idle';
    const [delivery] = lane.queue;
    if (delivery === undefined) {
      this.#lanes.delete(lane.key);
      return;
    }
    if (timekeeper.nowMs() - delivery.madeAtMs > settings.giveUpAfterMs) {
      this.#settle(lane, 'dropped', 'it was not delivered in time');
      this.#makeReady(lane);
      return;
    }
    const target = this.#targets.get(delivery.subscription);
    if (target !== undefined) void this.#send(lane, delivery, target);
  }

  async #send(lane: Lane, delivery: Delivery, target: WebhookTarget): Promise<void> {
    lane.state = 'sending';
    this.#sending += 1;
    const answer = await this.#deps.post({
      url: target.url,
      headers: headersOf(delivery, target),
      body: delivery.body,
      timeoutMs: this.#deps.settings.timeoutMs,
    });
    this.#sending -= 1;
    if (this.#lanes.get(lane.key) === lane) this.#conclude(lane, delivery.subscription, answer);
    this.#pump();
  }

  #conclude(lane: Lane, subscription: string, answer: WebhookAnswer): void {
    const verdict = verdictOn(answer);
    if (verdict === 'retry') {
      this.#retryLater(lane);
      return;
    }
    lane.state = 'idle';
    this.#settle(lane, verdict, answer.kind === 'answered' ? `status ${answer.status}` : '');
    const inRow = verdict === 'dropped' ? (this.#dropsInRow.get(subscription) ?? 0) + 1 : 0;
    this.#dropsInRow.set(subscription, inRow);
    if (inRow >= DROPS_TO_DISABLE) this.#disable(subscription);
    this.#makeReady(lane);
  }

  #retryLater(lane: Lane): void {
    const { retryDelayMs, maxRetryDelayMs } = this.#deps.settings;
    const delayMs = Math.min(retryDelayMs * 2 ** lane.retries, maxRetryDelayMs);
    lane.retries += 1;
    lane.state = 'waiting';
    lane.cancelRetry = this.#deps.timekeeper.after(delayMs, () => this.#makeReady(lane));
  }

  /** Ends the first delivery of the lane. */
  #settle(lane: Lane, outcome: Settlement['outcome'], reason: string): void {
    const delivery = lane.queue.shift();
    if (delivery === undefined) return;
    lane.retries = 0;
    this.#pending -= 1;
    this.#deps.onSettled({ delivery, outcome, reason });
  }

  /** Clears what waits for the subscription; what is on its way settles by its own answer. */
  #disable(subscription: string): void {
    this.#dropsInRow.delete(subscription);
    for (const lane of this.#lanes.values()) {
      if (lane.queue[0]?.subscription !== subscription) continue;
      const onItsWay = lane.state === 'sending' ? lane.queue.splice(0, 1) : [];
      while (lane.queue.length > 0) this.#settle(lane, 'dropped', 'the subscription is disabled');
      lane.queue.push(...onItsWay);
    }
    this.#deps.onDisabled(subscription);
  }
}

function headersOf(delivery: Delivery, target: WebhookTarget): Readonly<Record<string, string>> {
  return {
    accept: 'application/json',
    'content-type': 'application/json',
    'user-agent': 'PagerDuty-Webhook/V3.0',
    'x-pagerduty-signature': signatureHeader(delivery.body, target.secrets),
    'x-webhook-id': delivery.webhookId,
    'x-webhook-subscription': delivery.subscription,
  };
}

function verdictOn(answer: WebhookAnswer): 'delivered' | 'dropped' | 'retry' {
  if (answer.kind === 'failed') return 'retry';
  if (answer.status >= 200 && answer.status < 300) return 'delivered';
  return answer.status >= 500 || answer.status === 429 ? 'retry' : 'dropped';
}
