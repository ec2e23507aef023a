import type { FirstPurchases } from './firstPurchases.ts';
import type { BtydSummary } from './summary.ts';

/**
 * What is known of customers' spending: the number of some of their transactions, and their mean value; one entry a
 * customer.
 */
export interface Spending {
  /** A whole number from 0. */
  readonly transactions: Float64Array;
  /** The mean value of these transactions, in currency; without meaning where there are none. */
  readonly meanValue: Float64Array;
}

/** The transactions after the first one. */
function repeatSpending({ repeatPurchases, meanRepeatValue }: BtydSummary): Spending {
  return { transactions: repeatPurchases, meanValue: meanRepeatValue };
}

/**
 * The first transaction of each customer, on the scale of later ones. It counts in full up to `upTo`, or up to the mean of
 * the customer's later transactions where that is more.
 */
export function firstSpending(
  summary: BtydSummary,
  { laterOverFirst, upTo, beyond }: FirstPurchases,
): Spending {
  const { repeatPurchases, meanRepeatValue, firstValue } = summary;
  return {
    transactions: new Float64Array(firstValue.length).fill(1),
    meanValue: firstValue.map((value, i) => {
      const whole = laterOverFirst * Math.max(0, value);
      const full = Math.max(laterOverFirst * upTo, repeatPurchases[i] > 0 ? meanRepeatValue[i] : 0);
      return whole <= full ? whole : full + beyond * (whole - full);
    }),
  };
}

/** The first purchases and the later ones; the later ones alone where first purchases do not count. */
export function spendingInParts(first: FirstPurchases | null, summary: BtydSummary): Spending[] {
  const repeats = repeatSpending(summary);
  return first === null ? [repeats] : [firstSpending(summary, first), repeats];
}

/** Several parts of the same customers' transactions, put together. @param parts at least one. */
export function together(parts: readonly Spending[]): Spending {
  const sum = (row: number, of: (part: Spending) => number): number =>
    parts.reduce((total, part) => total + (part.transactions[row] > 0 ? of(part) : 0), 0);
  const transactions = parts[0].transactions.map((_, row) => sum(row, (part) => part.transactions[row]));
  const spent = (row: number): number => sum(row, (part) => part.transactions[row] * part.meanValue[row]);
  return { transactions, meanValue: transactions.map((count, row) => spent(row) / count) };
}
