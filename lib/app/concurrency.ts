/** Runs `work` on every item, at most `limit` at a time; results keep the order of the items. */
export async function inParallel<Item, Outcome>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Outcome>,
): Promise<readonly Outcome[]> {
  const outcomes = new Map<number, Outcome>();
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) outcomes.set(index, await work(item));
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return [...outcomes].sort(([a], [b]) => a - b).map(([, outcome]) => outcome);
}

/** Lets `limit` of the calls run at the same time; the others wait for their turn. */
export function createGate(
  limit: number,
): <Outcome>(work: () => Promise<Outcome>) => Promise<Outcome> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= limit) await new Promise<void>((enter) => waiting.push(enter));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
