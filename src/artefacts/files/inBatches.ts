/** How many files are asked for at one moment: enough to keep the disk busy, and far fewer than a process may open. */
const BATCH = 64;

/** What `work` gives for each item, in their order, a batch at a time. Throws what `work` throws. */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += BATCH)
    results.push(...(await Promise.all(items.slice(from, from + BATCH).map(work))));
  return results;
}
