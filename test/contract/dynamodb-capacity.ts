import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Capacity units that calls have consumed. */
export interface Units {
  readonly write: number;
  readonly read: number;
}

/** Counts what every call of a client consumes, by asking for it with each call. */
export interface CapacityMeter {
  /** Runs something and gives the units that it took. */
  readonly of: (work: () => Promise<unknown>) => Promise<Units>;
}

const readers = new Set(['GetItemCommand', 'BatchGetItemCommand', 'QueryCommand']);

export function meterCapacity(client: DynamoDBClient): CapacityMeter {
  let write = 0;
  let read = 0;
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        // Every command that is used here takes this member.
        const input = { ...args.input, ReturnConsumedCapacity: 'INDEXES' } as typeof args.input;
        const answer = await next({ ...args, input });
        const units = unitsOf(answer.output);
        if (readers.has(commandName ?? '')) read += units;
        else write += units;
        return answer;
      },
    { step: 'initialize', name: 'capacityMeter' },
  );
  return {
    async of(work) {
      const before = { write, read };
      await work();
      return { write: write - before.write, read: read - before.read };
    },
  };
}

/** One call tells of one table, or of a list of them. */
function unitsOf(output: object): number {
  const consumed: unknown = 'ConsumedCapacity' in output ? output.ConsumedCapacity : [];
  const tables = (Array.isArray(consumed) ? consumed : [consumed]) as { CapacityUnits?: number }[];
  return tables.reduce((sum, table) => sum + (table.CapacityUnits ?? 0), 0);
}
