import type { Timekeeper } from '../../shared/timekeeper.ts';
import type { Asked } from './api/call.ts';
import { refuse, unauthorized, type Refusal } from './api/refusal.ts';
import { cut, silence, type Reply } from './api/reply.ts';

/** Which calls a fault strikes: those that fit everything that is given. */
export interface FaultScope {
  /** As RBAC has it: `get`, `list`, `patch`. */
  readonly verb?: string;
  /** Plural, with the subresource: `deployments`, `deployments/scale`. */
  readonly resource?: string;
  /** Whose calls, such as `system:serviceaccount:tocsin:tocsin`. */
  readonly user?: string;
  /** The number of calls it strikes before it is over; without end when left out. */
  readonly times?: number;
}

/**
 * Something that goes wrong on purpose. `down` cuts the connection and does nothing. `slow` waits
 * first. `hang` does it and never answers. `lost` does it and cuts the connection in place of the
 * answer; `gateway` does it and answers 504. `expired`, `forbidden`, `webhook`, `conflict`,
 * `throttled` and `unavailable` do nothing and answer what a real server would. `healer` is a GitOps
 * controller that puts the spec of one object back, two seconds after it was changed.
 */
export type Fault =
  | (FaultScope & {
      readonly kind: 'down' | 'hang' | 'lost' | 'gateway' | AnsweredKind;
    })
  | (FaultScope & { readonly kind: 'slow'; readonly delayMs: number })
  | HealerFault;

export interface HealerFault {
  readonly kind: 'healer';
  /** Such as `Deployment`. */
  readonly of: string;
  readonly namespace: string;
  readonly name: string;
}

type AnsweredKind = 'expired' | 'forbidden' | 'webhook' | 'conflict' | 'throttled' | 'unavailable';

export interface Faults {
  readonly list: () => readonly Fault[];
  readonly set: (faults: readonly Fault[]) => void;
  /** Runs `run` through every fault that strikes the call, in the order in which they were set. */
  readonly strike: (asked: Asked, run: () => Reply) => Promise<Reply>;
}

type Striking = Exclude<Fault, HealerFault>;

export function createFaults(timekeeper: Timekeeper): Faults {
  let active: { readonly fault: Fault; left: number }[] = [];
  const take = (asked: Asked): readonly Striking[] => {
    const struck: Striking[] = [];
    for (const entry of active) {
      if (entry.fault.kind === 'healer' || !strikes(entry.fault, asked)) continue;
      entry.left -= 1;
      struck.push(entry.fault);
    }
    active = active.filter(({ left }) => left > 0);
    return struck;
  };
  return {
    list: () =>
      active.map(({ fault, left }) => (Number.isFinite(left) ? { ...fault, times: left } : fault)),
    set: (faults) => {
      active = faults.map((fault) => ({
        fault,
        left: (fault.kind === 'healer' ? undefined : fault.times) ?? Infinity,
      }));
    },
    strike: async (asked, run) => {
      for (const fault of take(asked)) {
        if (fault.kind !== 'slow') return ruin(fault.kind, run);
        await new Promise<void>((resolve) => {
          timekeeper.after(fault.delayMs, resolve);
        });
      }
      return run();
    },
  };
}

const strikes = ({ verb, resource, user }: FaultScope, asked: Asked): boolean =>
  (verb ?? asked.verb) === asked.verb &&
  (resource ?? asked.resource) === asked.resource &&
  (user ?? asked.user.name) === asked.user.name;

function ruin(kind: Exclude<Striking['kind'], 'slow'>, run: () => Reply): Reply {
  switch (kind) {
    case 'down':
      return cut;
    case 'hang':
      run();
      return silence;
    case 'lost':
      run();
      return cut;
    case 'gateway':
      run();
      return refuse(TIMED_OUT);
    case 'expired':
    case 'forbidden':
    case 'webhook':
    case 'conflict':
    case 'throttled':
    case 'unavailable': {
      const reply = refuse(ANSWERS[kind]);
      const headers = { 'retry-after': '1' };
      return kind === 'throttled' && reply.kind === 'answer' ? { ...reply, headers } : reply;
    }
  }
}

const TIMED_OUT: Refusal = {
  code: 504,
  reason: 'Timeout',
  message: 'request did not complete within requested timeout - the request may still be processed',
};

const ANSWERS: Readonly<Record<AnsweredKind, Refusal>> = {
  expired: unauthorized,
  forbidden: {
    code: 403,
    reason: 'Forbidden',
    message:
      "ValidatingAdmissionPolicy 'tocsin' with binding 'tocsin' denied request: not one of the changes that Tocsin may make",
  },
  webhook: {
    code: 500,
    reason: 'InternalError',
    message:
      'Internal error occurred: failed calling webhook "policy.example.com": failed to call webhook: Post "https://policy.example.svc:443/validate?timeout=10s": context deadline exceeded',
  },
  conflict: {
    code: 409,
    reason: 'Conflict',
    message:
      'Operation cannot be fulfilled on the object: the object has been modified; please apply your changes to the latest version and try again',
  },
  throttled: {
    code: 429,
    reason: 'TooManyRequests',
    message: 'Too many requests, please try again later.',
    details: { retryAfterSeconds: 1 },
  },
  unavailable: {
    code: 503,
    reason: 'ServiceUnavailable',
    message: 'the server is currently unable to handle the request',
  },
};
