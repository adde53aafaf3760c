import { faultReader, isText, isWhole } from '../http/fault-reader.ts';
import type { Fault } from './faults.ts';

/** Reads the faults of `/sandbox/kubernetes/faults`; a text says what is wrong with them. */
export const readFaults = faultReader<Fault>({
  help:
    "'kind' is down, hang, lost, gateway, expired, forbidden, webhook, conflict, throttled, " +
    "unavailable, slow (with 'delayMs') or healer (with 'of' such as Deployment, 'namespace' and " +
    "'name'). Each but healer may have 'verb', 'resource', 'user' and 'times' (from 1).",
  fields: {
    kind: isText,
    verb: isText,
    resource: isText,
    user: isText,
    times: isWhole(1, Number.MAX_SAFE_INTEGER),
    delayMs: isWhole(0, 3_600_000),
    of: isText,
    namespace: isText,
    name: isText,
  },
  needs: {
    down: [],
    hang: [],
    lost: [],
    gateway: [],
    expired: [],
    forbidden: [],
    webhook: [],
    conflict: [],
    throttled: [],
    unavailable: [],
    slow: ['delayMs'],
    healer: ['of', 'namespace', 'name'],
  },
});
