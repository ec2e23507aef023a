import type { Random } from '../random.ts';
import { poisson } from './distributions.ts';

/** A row that no reader can use. Dirty rows are added to the clean ones and never take the place of one. */
export type DirtyRow =
  /** A purchase written a second time, letter for letter. `purchase` counts from 0. */
  | { readonly fault: 'duplicate'; readonly purchase: number }
  /** A row of its own whose date is `text`. */
  | { readonly fault: 'date'; readonly text: string }
  /** A row of its own whose revenue is `text`. */
  | { readonly fault: 'revenue'; readonly text: string };

const UNREADABLE_DATES = ['0000-00-00', '2023-02-31', 'unknown', ''] as const;
const UNUSABLE_REVENUES = ['', 'NaN', 'inf', 'n/a'] as const;

/**
 * The dirty rows that go with one customer's rows.
 *
 * @param rows number of the customer's clean rows.
 * @param purchases number of the customer's own purchases, at least 1.
 * @param share dirty rows expected for each clean row.
 */
export function drawDirtyRows(random: Random, rows: number, purchases: number, share: number): DirtyRow[] {
  return Array.from({ length: poisson(random, share * rows) }, () => {
    const fault = random.below(3);
    if (fault === 0) return { fault: 'duplicate', purchase: random.below(purchases) };
    if (fault === 1) return { fault: 'date', text: oneOf(UNREADABLE_DATES, random) };
    return { fault: 'revenue', text: oneOf(UNUSABLE_REVENUES, random) };
  });
}

function oneOf(texts: readonly string[], random: Random): string {
  return texts[random.below(texts.length)]!;
}
