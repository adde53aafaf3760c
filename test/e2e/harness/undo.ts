/** What a test has started, to be stopped last in, first out. */
export interface Undo {
  readonly add: (step: () => void | Promise<void>) => void;
  /** Runs every step, also after one that failed; throws the first failure. */
  readonly run: () => Promise<void>;
}

export function createUndo(): Undo {
  const steps: (() => void | Promise<void>)[] = [];
  return {
    add: (step) => void steps.push(step),
    run: async () => {
      const failures: unknown[] = [];
      for (const step of steps.splice(0).reverse()) {
        try {
          await step();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
