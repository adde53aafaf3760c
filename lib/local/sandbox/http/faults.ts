import type { Timekeeper } from '../../shared/timekeeper.ts';
import { answer, cut, json, silence, type Reply } from '../slack/reply.ts';
import { textResponse } from '../../../codec/http-response.ts';

interface FaultScope {
  /** The name of a call, such as `rollback`; every one when left out. */
  readonly operation?: string;
  /** The number of calls it strikes before it is over; without end when left out. */
  readonly times?: number;
}

/**
 * Something that goes wrong on purpose. `down` cuts the connection and does nothing. `status`
 * answers that and does nothing. `garbage` answers 200 with a page that is no JSON and does
 * nothing. `slow` waits first. `hang` does it and never answers. `lost` does it and cuts the
 * connection in place of the answer.
 */
export type Fault = FaultScope &
  (
    | { readonly kind: 'down' | 'hang' | 'lost' | 'garbage' }
    | { readonly kind: 'slow'; readonly delayMs: number }
    | {
        readonly kind: 'status';
        readonly status: number;
        readonly message?: string;
        readonly retryAfterS?: number;
      }
  );

export interface Faults {
  readonly list: () => readonly Fault[];
  readonly set: (faults: readonly Fault[]) => void;
  /** Runs `run` through every fault that strikes the call, in the order in which they were set. */
  readonly strike: (operation: string, run: () => Reply) => Promise<Reply>;
}

export function createFaults(timekeeper: Timekeeper): Faults {
  let active: { readonly fault: Fault; left: number }[] = [];

  const take = (operation: string): readonly Fault[] => {
    const struck = active.filter(({ fault }) => (fault.operation ?? operation) === operation);
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
    strike: async (operation, run) => {
      for (const fault of take(operation)) {
        if (fault.kind !== 'slow') return ruin(fault, run);
        await new Promise<void>((resolve) => {
          timekeeper.after(fault.delayMs, resolve);
        });
      }
      return run();
    },
  };
}

function ruin(fault: Exclude<Fault, { readonly kind: 'slow' }>, run: () => Reply): Reply {
  switch (fault.kind) {
    case 'down':
      return cut;
    case 'garbage':
      return answer(textResponse(200, '<html>Sign in</html>'));
    case 'status':
      return failed(fault);
    case 'hang':
      run();
      return silence;
    case 'lost':
      run();
      return cut;
  }
}

/** Argo CD's shape, which has the members of both Git hosts' as well. */
function failed(fault: Extract<Fault, { readonly kind: 'status' }>): Reply {
  const message = fault.message ?? 'made to fail';
  const headers = fault.retryAfterS === undefined ? {} : { 'retry-after': `${fault.retryAfterS}` };
  return json(fault.status, { error: message, code: 2, message }, headers);
}
