import { faultReader, isText, isWhole } from '../http/fault-reader.ts';
import type { Fault } from './faults.ts';

/** Reads the faults of `/sandbox/slack/faults`; a text says what is wrong with them. */
export const readFaults = faultReader<Fault>({
  help:
    "'kind' is down, hang, lost, slow (with 'delayMs'), error (with 'error', a code of Slack) or " +
    "status (with 'status', 200 to 599, and 'retryAfterS' if you like). Each may have 'method' " +
    "(such as chat.postMessage) and 'times' (from 1).",
  fields: {
    kind: isText,
    method: isText,
    error: isText,
    times: isWhole(1, Number.MAX_SAFE_INTEGER),
    delayMs: isWhole(0, 3_600_000),
    status: isWhole(200, 599),
    retryAfterS: isWhole(0, 3600),
  },
  needs: {
    down: [],
    hang: [],
    lost: [],
    slow: ['delayMs'],
    error: ['error'],
    status: ['status'],
  },
});
