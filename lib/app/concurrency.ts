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
