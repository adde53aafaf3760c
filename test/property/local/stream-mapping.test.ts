import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FakeStream,
  THROWS,
  createMemoryCheckpoint,
  rawRecord,
  startRig,
  type Rig,
} from '../../unit/local/stream/fakes.ts';

/** One run of a mapping: how many further records there are, and for how long it runs. */
interface Life {
  readonly keys: readonly number[];
  readonly runsForMs: number;
}

interface Plan {
  readonly lives: readonly Life[];
  readonly parallelizationFactor: number;
  readonly batchSize: number;
  readonly bisect: boolean;
  readonly report: boolean;
  /** What the function does at each call in turn, then over again; a number names a record's place. */
  readonly behaviour: readonly ('succeed' | 'throw' | number)[];
}

const PLANS: fc.Arbitrary<Plan> = fc.record({
  lives: fc.array(
    fc.record({
      keys: fc.array(fc.nat(4), { maxLength: 25 }),
      runsForMs: fc.constantFrom(0, 100, 700, 3000),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  parallelizationFactor: fc.constantFrom(1, 2, 10),
  batchSize: fc.constantFrom(1, 3, 10),
  bisect: fc.boolean(),
  report: fc.boolean(),
  behaviour: fc.array(
    fc.oneof(fc.constant('succeed' as const), fc.constant('throw' as const), fc.nat(9)),
    { minLength: 1, maxLength: 12 },
  ),
});

/** What became of each record, as the function and the destination saw it. */
interface Ledger {
  readonly keyOf: Map<string, number>;
  /** Done with: the function said so, or the destination was told. */
  readonly over: Set<string>;
  readonly breaches: string[];
}

async function live(plan: Plan): Promise<{ ledger: Ledger; last: Rig; total: number }> {
  const [stream, checkpoints] = [new FakeStream(), createMemoryCheckpoint()];
  const ledger: Ledger = { keyOf: new Map(), over: new Set(), breaches: [] };
  let total = 0;
  let calls = 0;
  const handler = (sequenceNumbers: readonly string[]): unknown => {
    noteOrder(sequenceNumbers, ledger);
    const act = plan.behaviour[calls % plan.behaviour.length];
    calls += 1;
    if (act === 'throw') return THROWS;
    const failed = typeof act === 'number' && plan.report ? sequenceNumbers[act] : undefined;
    const done = failed === undefined ? sequenceNumbers : sequenceNumbers.slice(0, Number(act));
    for (const sequenceNumber of done) ledger.over.add(sequenceNumber);
    return failed === undefined ? null : { batchItemFailures: [{ itemIdentifier: failed }] };
  };
  let last: Rig | undefined;
  for (const { keys, runsForMs } of [...plan.lives, { keys: [], runsForMs: 600_000 }]) {
    for (const key of keys) {
      total += 1;
      ledger.keyOf.set(String(total), key);
      stream.append(rawRecord(total, { key: `key-${key}` }));
    }
    last = startRig(handler, {
      stream,
      checkpoints,
      properties: {
        BatchSize: plan.batchSize,
        ParallelizationFactor: plan.parallelizationFactor,
        BisectBatchOnFunctionError: plan.bisect,
        FunctionResponseTypes: plan.report ? ['ReportBatchItemFailures'] : [],
        MaximumRecordAgeInSeconds: -1,
      },
      onFailure: (_, { DDBStreamBatchInfo: lost }) => {
        const { startSequenceNumber: from, endSequenceNumber: to } = lost;
        for (let n = Number(from); n <= Number(to); n += 1) ledger.over.add(String(n));
      },
    });
    await last.pass(runsForMs);
    await last.mapping.stop();
    noteCheckpoint(last.mapping.doneThrough(), ledger);
  }
  if (last === undefined) throw new Error('A plan has at least one life.');
  return { ledger, last, total };
}

/** A record comes before the function only when all before it of its key are over. */
function noteOrder(sequenceNumbers: readonly string[], { keyOf, over, breaches }: Ledger): void {
  const inBatch = new Set(sequenceNumbers);
  for (const sequenceNumber of sequenceNumbers) {
    for (const [earlier, key] of keyOf) {
      if (Number(earlier) >= Number(sequenceNumber)) break;
      const isSameKey = key === keyOf.get(sequenceNumber);
      if (isSameKey && !over.has(earlier) && !inBatch.has(earlier)) {
        breaches.push(`${sequenceNumber} came before ${earlier} was over`);
      }
    }
  }
}

function noteCheckpoint(doneThrough: string | undefined, ledger: Ledger): void {
  for (const sequenceNumber of ledger.keyOf.keys()) {
    if (Number(sequenceNumber) > Number(doneThrough ?? 0)) return;
    if (ledger.over.has(sequenceNumber)) continue;
    ledger.breaches.push(`the checkpoint ${String(doneThrough)} passed ${sequenceNumber}`);
  }
}

describe('a stream mapping, whatever the function does and whenever it is stopped', () => {
  it('keeps the order of each key and loses no record', async () => {
    await fc.assert(
      fc.asyncProperty(PLANS, async (plan) => {
        // A lane holds some of the keys, so only a record that is lost alone is named exactly.
        const bisect = plan.bisect || plan.parallelizationFactor > 1;
        const { ledger, last, total } = await live({ ...plan, bisect });
        expect(ledger.breaches).toEqual([]);
        expect(ledger.over.size).toBe(total);
        expect(last.mapping.doneThrough()).toBe(total === 0 ? undefined : String(total));
      }),
      { numRuns: 40 },
    );
  });
});
