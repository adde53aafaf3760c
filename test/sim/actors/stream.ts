import type { Random } from '../engine/random.ts';
import type { Agenda } from '../engine/scheduler.ts';
import type { Ended } from '../engine/invocation.ts';
import type { StreamRates } from '../engine/profile.ts';

interface Queued<Value> {
  readonly position: string;
  readonly value: Value;
}

interface Setting<Value> {
  readonly scheduler: Agenda;
  readonly random: Random;
  readonly rates: () => StreamRates | null;
  readonly isStalled: () => boolean;
  /** Gives the position from which on the batch must come again, or null. */
  readonly invoke: (batch: readonly Queued<Value>[]) => Promise<Ended<string | null>>;
  readonly onDropped: (value: Value) => void;
}

const shards = 4;
const batchSize = 10;
const triesAtMost = 6;
const pollMs = 200;

/**
 * One event source mapping: batches, partial answers, retries with bisection, a bounded number of
 * tries. Order holds within a partition key and nowhere else.
 */
export class StreamMapping<Value> {
  readonly #setting: Setting<Value>;
  readonly #queues: Queued<Value>[][] = Array.from({ length: shards }, () => []);
  readonly #busy = new Set<number>();
  #count = 0;

  constructor(setting: Setting<Value>) {
    this.#setting = setting;
  }

  get backlog(): number {
    return this.#queues.reduce((sum, queue) => sum + queue.length, 0);
  }

  put(partition: string, value: Value): void {
    let hash = 7;
    for (let index = 0; index < partition.length; index += 1) {
      hash = (Math.imul(hash, 31) + partition.charCodeAt(index)) >>> 0;
    }
    this.#enqueue(hash % shards, value);
    const { random, scheduler, rates } = this.#setting;
    if (random.chance(rates()?.redelivered ?? 0)) {
      scheduler.in(random.int(1_000, 240_000), () => this.#enqueue(hash % shards, value));
    }
  }

  #enqueue(shard: number, value: Value): void {
    this.#count += 1;
    this.#queues[shard]?.push({ position: String(this.#count), value });
    this.#poll(shard, this.#setting.random.int(20, pollMs), 1);
  }

  #poll(shard: number, delayMs: number, attempt: number): void {
    if (this.#busy.has(shard)) return;
    this.#busy.add(shard);
    this.#setting.scheduler.in(delayMs, () => void this.#deliver(shard, attempt));
  }

  async #deliver(shard: number, attempt: number): Promise<void> {
    const queue = this.#queues[shard] ?? [];
    if (this.#setting.isStalled()) {
      this.#again(shard, 1_000, attempt);
      return;
    }
    // After a failure the batch is halved, so that what fails is found.
    const size = Math.max(1, Math.floor(batchSize / 2 ** (attempt - 1)));
    const batch = queue.slice(0, size);
    if (batch.length === 0) return void this.#busy.delete(shard);
    const ended = await this.#setting.invoke(batch);
    const failedFrom = ended.kind === 'killed' ? (batch[0]?.position ?? null) : ended.value;
    const done =
      failedFrom === null
        ? batch.length
        : batch.findIndex(({ position }) => position === failedFrom);
    queue.splice(0, Math.max(0, done));
    if (failedFrom === null) {
      this.#again(shard, 0, 1);
      return;
    }
    if (done === 0 && attempt >= triesAtMost) {
      const [dropped] = queue.splice(0, 1);
      if (dropped !== undefined) this.#setting.onDropped(dropped.value);
      this.#again(shard, 0, 1);
      return;
    }
    this.#again(shard, 500 * 2 ** attempt, done === 0 ? attempt + 1 : 1);
  }

  #again(shard: number, delayMs: number, attempt: number): void {
    this.#busy.delete(shard);
    if ((this.#queues[shard]?.length ?? 0) > 0) this.#poll(shard, delayMs, attempt);
  }
}
