/** How far one shard is read and done. */
export interface ShardPosition {
  /** Notes that a record was read; `handled` when nothing is to be delivered of it. */
  readonly read: (sequenceNumber: string, handled: boolean) => void;
  /** Notes that records were delivered or given up. */
  readonly settle: (sequenceNumbers: readonly string[]) => void;
  /** Everything up to and including this record is done with; `undefined` before the first. */
  readonly doneThrough: () => string | undefined;
  /** The record after which reading goes on; `undefined` before the first. */
  readonly readThrough: () => string | undefined;
  /** Records read and not yet settled. */
  readonly outstanding: () => number;
}

/**
 * Tracks records that are read in order and settled in any order. What is done never passes a record
 * that is not, so a restart there delivers each unsettled record again and loses none.
 */
export function createPosition(doneThrough: string | undefined): ShardPosition {
  let lastRead = doneThrough;
  // Unsettled records in stream order, each with the one before it.
  const unsettled = new Map<string, string | undefined>();
  return {
    read: (sequenceNumber, handled) => {
      if (!handled) unsettled.set(sequenceNumber, lastRead);
      lastRead = sequenceNumber;
    },
    settle: (sequenceNumbers) => {
      for (const sequenceNumber of sequenceNumbers) unsettled.delete(sequenceNumber);
    },
    doneThrough: () => {
      const [first] = unsettled;
      return first === undefined ? lastRead : first[1];
    },
    readThrough: () => lastRead,
    outstanding: () => unsettled.size,
  };
}
