import type { Timekeeper } from '../../shared/timekeeper.ts';
import { cut, json, silence, type Reply } from './reply.ts';

interface FaultScope {
  /** A method of the Web API, such as `chat.postMessage`; every one when left out. */
  readonly method?: string;
  /** The number of calls it strikes before it is over; without end when left out. */
  readonly times?: number;
}

/**
 * Something that goes wrong on purpose. `down` cuts the connection and does nothing. `status`
 * answers that and does nothing. `error` answers 200 with that name. `slow` waits first. `hang`
 * does it and never answers. `lost` does it and cuts the connection in place of the answer.
 */
export type Fault = FaultScope &
  (
    | { readonly kind: 'down' | 'hang' | 'lost' }
    | { readonly kind: 'slow'; readonly delayMs: number }
    | { readonly kind: 'status'; readonly status: number; readonly retryAfterS?: number }
    | { readonly kind: 'error'; readonly error: string }
  );

export interface Faults {
  readonly list: () => readonly Fault[];
  readonly set: (faults: readonly Fault[]) => void;
  /**
   * Runs `run` through every fault that strikes the method, in the order in which they were set.
   */
  readonly strike: (method: string, run: () => Promise<Reply>) => Promise<Reply>;
}

export function createFaults(timekeeper: Timekeeper): Faults {
  let active: { readonly fault: Fault; left: number }[] = [];

  const take = (method: string): readonly Fault[] => {
    const struck = active.filter(({ fault }) => (fault.method ?? method) === method);
    for (const entry of struck) entry.left -= 1;
    active = active.filter(({ left }) => left > 0);
    return struck.map(({ fault }) => fault);
  };

  return {
    list: () =>
      active.map(({ fault, left }) => (Number.isFinite(left) ? { ...fault, times: left } : fault)),
    set: (faults) => {
      active = faults.map((fault) => ({ fault, left: fault.times ?? Infinity }));
    },
    strike: async (method, run) => {
      for (const fault of take(method)) {
        if (fault.kind !== 'slow') return await ruin(fault, run);
        await new Promise<void>((resolve) => {
          timekeeper.after(fault.delayMs, resolve);
        });
      }
      return await run();
    },
  };
}

async function ruin(
  fault: Exclude<Fault, { readonly kind: 'slow' }>,
  run: () => Promise<Reply>,
): Promise<Reply> {
  switch (fault.kind) {
    case 'down':
      return cut;
    case 'status':
      return json(
        fault.status,
        { ok: false, error: fault.status === 429 ? 'ratelimited' : 'internal_error' },
        fault.retryAfterS === undefined ? {} : { 'retry-after': String(fault.retryAfterS) },
      );
    case 'error':
      return json(200, { ok: false, error: fault.error });
    case 'hang':
      await run();
      return silence;
    case 'lost':
      await run();
      return cut;
  }
}
