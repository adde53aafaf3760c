import { setTimeout as wait } from 'node:timers/promises';
import type { Delivery, Episode } from './episodes.ts';

/** What one delivery was answered, when it was taken. */
export interface Taken {
  readonly deliveryId: string;
  readonly isRepeat: boolean;
}

/** Posts episodes as Alertmanager would: again and again until each delivery is taken. */
export interface AlertStream {
  readonly add: (episodes: readonly Episode[]) => void;
  /** Resolves when everything that was added has been taken. */
  readonly drained: () => Promise<void>;
  readonly taken: readonly Taken[];
  /** Answers that make Alertmanager drop an alert; there must be none. */
  readonly refusals: readonly string[];
  /** Tries that got no answer, or a 5xx. */
  readonly retries: () => number;
  readonly stop: () => void;
}

const LANES = 8;
const RETRY_AFTER_MS = 50;
const IDLE_MS = 10;
const ANSWER_WITHIN_MS = 10_000;

export function startAlertStream(url: string, token: string): AlertStream {
  const queue: Episode[] = [];
  const taken: Taken[] = [];
  const refusals: string[] = [];
  let retries = 0;
  let busy = 0;
  let isStopped = false;

  const deliver = async ({ body }: Delivery): Promise<void> => {
    while (!isStopped) {
      const answer = await tryOnce(url, token, body);
      if (answer.kind === 'taken') return void taken.push(answer.taken);
      if (answer.kind === 'refused') return void refusals.push(answer.why);
      retries += 1;
      await wait(RETRY_AFTER_MS);
    }
  };
  const lane = async (): Promise<void> => {
    while (!isStopped) {
      const episode = queue.shift();
      if (episode === undefined) {
        await wait(IDLE_MS);
        continue;
      }
      busy += 1;
      for (const one of episode.deliveries) {
        await Promise.all([deliver(one), ...(one.isDoubled ? [deliver(one)] : [])]);
      }
      busy -= 1;
    }
  };
  for (let n = 0; n < LANES; n += 1) void lane();
  return {
    add: (episodes) => void queue.push(...episodes),
    drained: async () => {
      while (queue.length > 0 || busy > 0) await wait(IDLE_MS);
    },
    taken,
    refusals,
    retries: () => retries,
    stop: () => void (isStopped = true),
  };
}

type Answer =
  | { readonly kind: 'taken'; readonly taken: Taken }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'again' };

async function tryOnce(url: string, token: string, body: string): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const text = await response.text();
    if (response.status >= 500) return { kind: 'again' };
    if (response.status !== 202) return { kind: 'refused', why: `${response.status} ${text}` };
    // The handler's tests hold the shape of the answer.
    const { delivery, repeat } = JSON.parse(text) as { delivery: string; repeat: boolean };
    return { kind: 'taken', taken: { deliveryId: delivery, isRepeat: repeat } };
  } catch {
    // No connection, or one that was cut: nobody was answered.
    return { kind: 'again' };
  }
}
