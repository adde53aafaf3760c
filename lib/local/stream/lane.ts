import { createBell } from '../shared/bell.ts';
import { deliverBatch, type DeliveryDeps } from './deliver-batch.ts';
import type { StreamRecord } from './stream-record.ts';

/** One batch in flight at a time, in order. */
export interface Lane {
  readonly push: (record: StreamRecord) => void;
  /** Takes no further step, waits for the one that runs, and leaves the others unsettled. */
  readonly stop: () => Promise<void>;
}

/** Lambda's limit on the payload of an invocation, with room for the envelope (6 MB). */
const MAX_BATCH_BYTES = 6 * 1024 * 1024 - 64;

/** Starts a lane: it delivers what is pushed until it is stopped. */
export function startLane(deps: DeliveryDeps): Lane {
  const queue: Queued[] = [];
  const arrivals = createBell(deps.timekeeper);
  const stop = createBell(deps.timekeeper);

  const run = async (): Promise<void> => {
    while (!stop.isClosed()) {
      const waitMs = gatheringMs(queue, deps);
      if (waitMs === undefined || waitMs > 0) await arrivals.wait(waitMs);
      else await deliverBatch(takeBatch(queue, deps.config.batchSize), deps, stop);
    }
  };

  const running = run();
  return {
    push: (record) => {
      queue.push({ record, arrivedAtMs: deps.timekeeper.nowMs() });
      arrivals.ring();
    },
    stop: async () => {
      stop.close();
      arrivals.close();
      await running;
    },
  };
}

interface Queued {
  readonly record: StreamRecord;
  readonly arrivedAtMs: number;
}

/** How long to wait for more records: `undefined` for as long as there are none, 0 for not at all. */
function gatheringMs(
  queue: readonly Queued[],
  { config, timekeeper }: DeliveryDeps,
): number | undefined {
  const [first] = queue;
  if (first === undefined) return undefined;
  if (queue.length >= config.batchSize) return 0;
  return Math.max(0, first.arrivedAtMs + config.batchingWindowMs - timekeeper.nowMs());
}

/** Takes what fits into one invocation, one record at the least. */
function takeBatch(queue: Queued[], batchSize: number): readonly StreamRecord[] {
  let count = 0;
  let bytes = 0;
  for (const { record } of queue.slice(0, batchSize)) {
    bytes += Buffer.byteLength(record.json) + 1;
    if (count > 0 && bytes > MAX_BATCH_BYTES) break;
    count += 1;
  }
  return queue.splice(0, count).map(({ record }) => record);
}
