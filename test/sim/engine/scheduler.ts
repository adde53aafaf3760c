import { epochMs, type EpochMs } from '../../../lib/domain/shared/time.ts';
import type { Random } from './random.ts';

interface Entry {
  readonly atMs: number;
  /** Drawn from the seed: what happens at one instant happens in any order. */
  readonly tie: number;
  readonly run: () => void;
}

/** What is to happen, and when. */
export interface Agenda {
  readonly nowMs: EpochMs;
  /** Runs something so many milliseconds from now. */
  readonly in: (delayMs: number, run: () => void) => void;
  /** Runs something at an instant, or now when that is past. */
  readonly at: (atMs: number, run: () => void) => void;
}

/** Virtual time: a heap of what is to happen, by instant, then by chance. */
export class Scheduler implements Agenda {
  #nowMs: number;
  #stopped = false;
  readonly #heap: Entry[] = [];
  readonly #random: Random;

  constructor(startAtMs: number, random: Random) {
    this.#nowMs = startAtMs;
    this.#random = random;
  }

  get nowMs(): EpochMs {
    return epochMs(this.#nowMs);
  }

  /** Ends the run after the event that is under way. */
  stop(): void {
    this.#stopped = true;
  }

  /** Runs something so many milliseconds from now. */
  in(delayMs: number, run: () => void): void {
    this.at(this.#nowMs + Math.max(0, Math.round(delayMs)), run);
  }

  /** Runs something at an instant, or now when that is past. */
  at(atMs: number, run: () => void): void {
    this.#put(atMs, this.#random.next(), run);
  }

  /**
   * The same time for a part of the world that must shift nothing else: its ties are drawn from a
   * stream of its own.
   */
  beside(random: Random): Agenda {
    const at = (atMs: number, run: () => void): void => this.#put(atMs, random.next(), run);
    const now = (): EpochMs => this.nowMs;
    return {
      get nowMs() {
        return now();
      },
      at,
      in: (delayMs, run) => at(this.#nowMs + Math.max(0, Math.round(delayMs)), run),
    };
  }

  #put(atMs: number, tie: number, run: () => void): void {
    this.#heap.push({ atMs: Math.max(this.#nowMs, atMs), tie, run });
    this.#rise(this.#heap.length - 1);
  }

  /**
   * Jumps from event to event. Each event ends at a macrotask boundary, so that every promise it
   * settled has been followed to the next port call at one instant of virtual time.
   */
  async runUntil(endMs: number): Promise<void> {
    for (let next = this.#heap[0]; next !== undefined && !this.#stopped; next = this.#heap[0]) {
      if (next.atMs > endMs) break;
      this.#pop();
      this.#nowMs = next.atMs;
      next.run();
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (!this.#stopped) this.#nowMs = endMs;
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #isBefore(a: number, b: number): boolean {
    const first = this.#heap[a];
    const second = this.#heap[b];
    if (first === undefined || second === undefined) return false;
    return first.atMs < second.atMs || (first.atMs === second.atMs && first.tie < second.tie);
  }

  #swap(a: number, b: number): void {
    const first = this.#heap[a];
    const second = this.#heap[b];
    if (first === undefined || second === undefined) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #sink(from: number): void {
    let index = from;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      const least = this.#isBefore(right, left) ? right : left;
      if (!this.#isBefore(least, index)) return;
      this.#swap(index, least);
      index = least;
    }
  }
}
