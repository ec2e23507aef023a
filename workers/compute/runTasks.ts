import type { ComputePool } from '../pool.ts';

/** Called after each finished part of the work, with how much of it is done. */
export type OnProgress = (done: number, total: number) => void;

/** What every computation on the pool takes. */
export interface ComputeOptions {
  /** Aborting rejects with an `AbortError`. */
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/**
 * Runs `work` for each item, in order, with as many at a time as the pool has threads and one more waiting, so
 * that two computations that share the pool take turns.
 */
export async function runTasks<Item>(
  pool: ComputePool,
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0;
  let hasFailed = false;
  const lane = async (): Promise<void> => {
    while (next < items.length && !hasFailed) {
      const item = items[next++] as Item;
      try {
        await work(item);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: pool.threads + 1 }, lane));
}

/** A part of a range: from `from` up to, not including, `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Spans of `size` that cover `length`. */
export function evenSpans(length: number, size: number): Span[] {
  const spans: Span[] = [];
  for (let from = 0; from < length; from += size) spans.push({ from, to: Math.min(from + size, length) });
  return spans;
}
