import { faultReader, isText, isWhole } from './fault-reader.ts';
import type { Fault } from './faults.ts';

/** Reads the faults that a sandbox is told; a text says what is wrong with them. */
export const readFaults = faultReader<Fault>({
  help:
    "'kind' is down, hang, lost, garbage, slow (with 'delayMs') or status (with 'status', 200 to " +
    "599, and 'message' and 'retryAfterS' if you like). Each may have 'operation' (the name of a " +
    "call) and 'times' (from 1).",
  fields: {
    kind: isText,
    operation: isText,
    message: isText,
    times: isWhole(1, Number.MAX_SAFE_INTEGER),
    delayMs: isWhole(0, 3_600_000),
    status: isWhole(200, 599),
    retryAfterS: isWhole(0, 3600),
  },
  needs: { down: [], hang: [], lost: [], garbage: [], slow: ['delayMs'], status: ['status'] },
});
