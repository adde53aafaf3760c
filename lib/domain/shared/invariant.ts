/** A mistake in our own code, never in anybody's input. Caught only at the edge of a function. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Throws when a statement that our own code guarantees does not hold. */
export function invariant(condition: boolean, statement: string): asserts condition {
  if (!condition) throw new InvariantError(`This must hold and does not: ${statement}`);
}

/** Makes the compiler prove that a switch names every case. */
export function assertNever(value: never): never {
  throw new InvariantError(`A case nobody named: ${JSON.stringify(value)}`);
}
