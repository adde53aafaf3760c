import { ok } from '../../domain/shared/result.ts';
import type { Bus, BusEvent } from '../../ports/bus.ts';

/** A bus that keeps what it was given, in order of arrival; a repeat stays visible. */
export interface MemoryBus extends Bus {
  readonly published: () => readonly BusEvent[];
}

export function createMemoryBus(): MemoryBus {
  const published: BusEvent[] = [];
  return {
    publish(events) {
      published.push(...events.map((event) => structuredClone(event)));
      return Promise.resolve(ok({ failed: [] }));
    },
    published: () => [...published],
  };
}
