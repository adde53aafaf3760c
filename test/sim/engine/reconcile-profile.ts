import { createRandom, type Random } from './random.ts';

/** What one seed decides about PagerDuty's REST API. */
export interface ReconcileRates {
  /** When PagerDuty switches our webhooks off, and how long they will not go on again. */
  readonly webhooksOff: { readonly fromMs: number; readonly lengthMs: number } | null;
  /** What people do there at any time of that. */
  readonly deeds: number;
  /** Incidents that people make there. */
  readonly born: number;
  /** Whether PagerDuty's priority is kept in step. */
  readonly hasPriorities: boolean;
  /** An acknowledgement after which nobody acts for so long is taken back; null: never. */
  readonly ackIdleMs: number | null;
}

const minuteMs = 60_000;

/** A quarter of all seeds have a token; one of ten of those is without webhooks for a day. */
export function drawReconcile(seed: number, chaosMs: number): ReconcileRates | null {
  const random = createRandom(seed, 'reconcile profile');
  if (!random.chance(0.25)) return null;
  const isDay = random.chance(0.1);
  return {
    webhooksOff: isDay || random.chance(0.6) ? drawOff(random, isDay, chaosMs) : null,
    deeds: random.int(0, 12),
    born: random.chance(0.4) ? random.int(1, 3) : 0,
    hasPriorities: random.chance(0.5),
    ackIdleMs: random.pick([null, null, 10 * minuteMs]),
  };
}

const drawOff = (random: Random, isDay: boolean, chaosMs: number) => ({
  fromMs: random.int(0, Math.round(chaosMs * 0.7)),
  lengthMs: isDay ? 24 * 60 * minuteMs : random.int(1, 90) * minuteMs,
});
