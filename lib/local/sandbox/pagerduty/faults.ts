import type { Timekeeper } from '../../shared/timekeeper.ts';
import { cut, json, silence, type Reply } from './reply.ts';

/** The API that a fault strikes. */
export type FaultSurface = 'events' | 'rest';

interface FaultScope {
  /** Both APIs when left out. */
  readonly surface?: FaultSurface;
  /** A routing key or the name of its service; every one when left out. */
  readonly routingKey?: string;
  /** The number of requests it strikes before it is over; without end when left out. */
  readonly times?: number;
}

/**
 * Something that goes wrong on purpose. `down` cuts the connection and accepts nothing. `status`
 * answers that and accepts nothing. `slow` waits first. `hang` accepts and never answers. `lost`
 * accepts and cuts the connection in place of the answer.
 */
export type Fault = FaultScope &
  (
    | { readonly kind: 'down' | 'hang' | 'lost' }
    | { readonly kind: 'slow'; readonly delayMs: number }
    | {
        readonly kind: 'status';
        readonly status: number;
        /** Sent as it is, for example HTML; an error in the API's own shape when left out. */
        readonly body?: string;
      }
  );

/** Where a request stands that faults may strike. */
export interface FaultTarget {
  readonly surface: FaultSurface;
  readonly service: string | undefined;
}

export interface Faults {
  readonly list: () => readonly Fault[];
  readonly set: (faults: readonly Fault[]) => void;
  /** Runs `run` through every fault that strikes, in the order in which they were set. */
  readonly strike: (target: FaultTarget, run: () => Promise<Reply>) => Promise<Reply>;
}

export interface FaultsDeps {
  readonly timekeeper: Timekeeper;
  readonly serviceOf: (routingKey: string) => string | undefined;
}

export function createFaults({ timekeeper, serviceOf }: FaultsDeps): Faults {
  let active: { readonly fault: Fault; left: number }[] = [];

  const strikes = (fault: Fault, { surface, service }: FaultTarget): boolean =>
    (fault.surface ?? surface) === surface &&
    (fault.routingKey === undefined ||
      fault.routingKey === service ||
      (service !== undefined && serviceOf(fault.routingKey) === service));

  const take = (target: FaultTarget): readonly Fault[] => {
    if (active.length === 0) return [];
    const struck = active.filter(({ fault }) => strikes(fault, target));
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
    strike: async (target, run) => {
      for (const fault of take(target)) {
        if (fault.kind === 'slow') {
          await new Promise<void>((resolve) => {
            timekeeper.after(fault.delayMs, resolve);
          });
        } else {
          return await ruin(fault, target.surface, run);
        }
      }
      return await run();
    },
  };
}

async function ruin(
  fault: Exclude<Fault, { readonly kind: 'slow' }>,
  surface: FaultSurface,
  run: () => Promise<Reply>,
): Promise<Reply> {
  switch (fault.kind) {
    case 'down':
      return cut;
    case 'status':
      return fault.body === undefined
        ? json(fault.status, statusBody(surface, fault.status))
        : { kind: 'text', status: fault.status, body: fault.body };
    case 'hang':
      await run();
      return silence;
    case 'lost':
      await run();
      return cut;
  }
}

function statusBody(surface: FaultSurface, status: number): object {
  const message = `The sandbox was asked to answer ${status}.`;
  return surface === 'events'
    ? { status: 'error', message, errors: [message] }
    : { error: { message, code: status === 429 ? 2020 : status, errors: [] } };
}
