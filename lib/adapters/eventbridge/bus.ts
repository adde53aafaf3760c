import {
  PutEventsCommand,
  type EventBridgeClient,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { describeAwsError, readAwsError } from '../../codec/aws-error.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { Bus } from '../../ports/bus.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { Log } from '../../ports/system.ts';
import { toEntry, type Entry, type EntrySettings } from './entry.ts';
import { maxCallBytes, maxEntries } from './limits.ts';

export interface EventBridgeBusDeps extends EntrySettings {
  readonly client: EventBridgeClient;
  readonly log: Log;
}

/**
 * Publishes on an EventBridge bus, in order, ten events and 200 KB a call. Entries that EventBridge
 * was too busy for are sent once more at once; further tries belong to the stream, which comes
 * back later. An event that is too large is cut and marked, never lost.
 *
 * The indexes of entries that failed come back. A call that failed as a whole ends the run: its
 * events and all after them count as failed, or, where nothing got through at all, the failure
 * itself comes back.
 */
export function createEventBridgeBus(deps: EventBridgeBusDeps): Bus {
  return {
    async publish(events) {
      const entries = events.map((event, index) => toEntry(event, index, deps));
      tellCuts(deps, entries);
      const failed: number[] = [];
      let sent = 0;
      for (const call of calls(entries)) {
        const refused = await putTwice(deps, call);
        if (!refused.ok) {
          if (sent === 0) return refused;
          deps.log.error('EventBridge stopped taking events.', { why: refused.error });
          return ok({ failed: [...failed, ...entries.slice(sent).map(({ index }) => index)] });
        }
        failed.push(...refused.value.map(({ index }) => index));
        sent += call.length;
      }
      return ok({ failed });
    },
  };
}

function tellCuts({ log }: EventBridgeBusDeps, entries: readonly Entry[]): void {
  for (const { entry, isTruncated } of entries) {
    if (isTruncated) log.warn('An event was cut to fit the bus.', { type: entry.DetailType });
  }
}

/** Neighbours together, as many as one call takes. */
function calls(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const groups: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const last = groups.at(-1);
    if (last !== undefined && last.length < maxEntries && bytes + entry.bytes <= maxCallBytes) {
      last.push(entry);
      bytes += entry.bytes;
    } else {
      groups.push([entry]);
      bytes = entry.bytes;
    }
  }
  return groups;
}

/** One call, and one more for the entries that may fare better; gives those that failed. */
async function putTwice(
  deps: EventBridgeBusDeps,
  entries: readonly Entry[],
): Promise<Result<readonly Entry[], PortFailure>> {
  const first = await put(deps, entries);
  if (!first.ok) return first;
  const again = first.value.filter(({ isWorthRetry }) => isWorthRetry).map(({ entry }) => entry);
  const lost = first.value.filter(({ isWorthRetry }) => !isWorthRetry).map(({ entry }) => entry);
  if (again.length === 0) return ok(lost);
  const second = await put(deps, again);
  const stillFailed = second.ok ? second.value.map(({ entry }) => entry) : again;
  return ok([...lost, ...stillFailed].toSorted((a, b) => a.index - b.index));
}

interface Refused {
  readonly entry: Entry;
  readonly isWorthRetry: boolean;
}

async function put(
  { client, log }: EventBridgeBusDeps,
  entries: readonly Entry[],
): Promise<Result<readonly Refused[], PortFailure>> {
  try {
    const command = new PutEventsCommand({ Entries: entries.map(({ entry }) => entry) });
    const { FailedEntryCount, Entries } = await client.send(command);
    if ((FailedEntryCount ?? 0) === 0) return ok([]);
    return ok(
      entries.flatMap((entry, position) => {
        const result = Entries?.[position];
        return result?.ErrorCode === undefined ? [] : [refused(log, entry, result)];
      }),
    );
  } catch (cause) {
    const { kind, name, message } = readAwsError(cause);
    return err({ kind, message: `EventBridge took no event: ${name}: ${message}`, cause });
  }
}

function refused(
  log: Log,
  entry: Entry,
  { ErrorCode, ErrorMessage }: PutEventsResultEntry,
): Refused {
  const code = ErrorCode ?? '';
  const { kind } = describeAwsError({ name: code, message: '', status: 400 });
  const isWorthRetry = kind === 'throttled' || /^Internal(Failure|Exception|Error)$/.test(code);
  log.warn('EventBridge did not take an event.', {
    type: entry.entry.DetailType,
    code,
    message: (ErrorMessage ?? '').slice(0, 200),
  });
  return { entry, isWorthRetry };
}
