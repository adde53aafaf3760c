/** An invariant that did not hold. */
export interface Violation {
  readonly invariant: string;
  readonly message: string;
  readonly atMs: number;
}

/** Keeps the first violation; what comes after it is mostly its consequence. */
export class Verdict {
  violation: Violation | null = null;
  readonly #nowMs: () => number;
  readonly #onFirst: () => void;

  constructor(nowMs: () => number, onFirst: () => void) {
    this.#nowMs = nowMs;
    this.#onFirst = onFirst;
  }

  check(holds: boolean, invariant: string, message: () => string): void {
    if (holds || this.violation !== null) return;
    this.violation = { invariant, message: message(), atMs: this.#nowMs() };
    this.#onFirst();
  }
}
