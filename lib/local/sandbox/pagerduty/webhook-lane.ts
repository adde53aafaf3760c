import type { CancelTimer } from '../../shared/timekeeper.ts';

/** One event for one subscription. */
export interface Delivery {
  readonly webhookId: string;
  readonly subscription: string;
  /** Deliveries about the same resource wait for each other. */
  readonly resource: string;
  readonly madeAtMs: number;
  readonly body: Buffer;
}

/** The deliveries of one subscription about one resource, in order. */
export interface Lane {
  readonly key: string;
  readonly queue: Delivery[];
  /** Of the first delivery. */
  retries: number;
  state: 'idle' | 'ready' | 'sending' | 'waiting';
  cancelRetry: CancelTimer;
}

/** The lane that a delivery belongs to, made when it is the first in it. */
export function laneOf(lanes: Map<string, Lane>, { subscription, resource }: Delivery): Lane {
  const key = `${subscription} ${resource}`;
  const lane: Lane = lanes.get(key) ?? {
    key,
    queue: [],
    retries: 0,
    state: 'idle',
    cancelRetry: () => undefined,
  };
  lanes.set(key, lane);
  return lane;
}

/** Deliveries that wait or are on their way, by subscription. */
export function countBySubscription(lanes: Iterable<Lane>): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { queue } of lanes) {
    const subscription = queue[0]?.subscription;
    if (subscription === undefined) continue;
    counts.set(subscription, (counts.get(subscription) ?? 0) + queue.length);
  }
  return Object.fromEntries(counts);
}
