/** Undoes one step of a start. */
export type Undo = () => void | Promise<void>;

/** Steps to undo, the latest first. */
export interface Teardown {
  readonly add: (undo: Undo) => void;
  /** Runs every step once, each to its end, whatever the others do; then throws the first error. */
  readonly run: () => Promise<void>;
}

/** Collects what a start has opened, so that a failure half-way and a stop close the same things. */
export function createTeardown(): Teardown {
  const undos: Undo[] = [];
  return {
    add: (undo) => {
      undos.push(undo);
    },
    run: async () => {
      const errors: unknown[] = [];
      for (let undo = undos.pop(); undo !== undefined; undo = undos.pop()) {
        try {
          await undo();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw errors[0];
    },
  };
}
