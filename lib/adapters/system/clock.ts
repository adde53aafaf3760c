import { setTimeout as wait } from 'node:timers/promises';
import { epochMs } from '../../domain/shared/time.ts';
import type { Clock } from '../../ports/system.ts';

/** The wall clock of this machine. */
export const systemClock: Clock = {
  now: () => epochMs(Date.now()),
  sleep: (span) => wait(span),
};
