import { err, type Result } from '../../lib/domain/shared/result.ts';
import type { PortFailure } from '../../lib/ports/failure.ts';

/** A call that is to fail, once for each time it is planned. */
export interface PlannedFault {
  readonly call: string;
  readonly failure: PortFailure;
  /** The call does its work, and only the answer is lost. */
  readonly isApplied?: boolean;
  /** Which input of the call it is for; any when absent. */
  readonly isFor?: (input: unknown) => boolean;
}

type Call = (...args: readonly unknown[]) => Promise<Result<unknown, PortFailure>>;

/** A port whose next calls fail as planned; `onCall` hears of those that did their work. */
export function faultable<Port extends object>(
  port: Port,
  plan: PlannedFault[],
  onCall: (call: string, input: unknown) => void = () => undefined,
): Port {
  return new Proxy(port, {
    get(target, name) {
      // Every member of a port is a call of this shape.
      const call = Reflect.get(target, name) as Call;
      if (typeof name !== 'string' || typeof call !== 'function') return call;
      return async (...args: readonly unknown[]) => {
        const index = plan.findIndex(
          ({ call: planned, isFor }) => planned === name && (isFor?.(args[0]) ?? true),
        );
        const [fault] = index < 0 ? [] : plan.splice(index, 1);
        if (fault !== undefined && fault.isApplied !== true) return err(fault.failure);
        const answer = await call(...args);
        if (answer.ok) onCall(name, args[0]);
        return fault === undefined ? answer : err(fault.failure);
      };
    },
  });
}
