import type { BtydSummary } from './summary.ts';

/** What is known of customers' spending: the number of some of their transactions, and their mean value; one entry a customer. */
export interface Spending {
  /** A whole number from 0. */
  readonly transactions: Float64Array;
  /** The mean value of these transactions, in currency; without meaning where there are none. */
  readonly meanValue: Float64Array;
}

/** How first purchases are counted. */
export interface FirstPurchases {
  /** The value of a later purchase over that of the first one of the same customer, on average. */
  readonly laterOverFirst: number;
  /** Larger first purchases, in currency, count as this: the very largest are hardly ever made again. */
  readonly upTo: number;
}

/** Share of the first purchases that count in full. */
const COUNT_IN_FULL = 0.995;

/** The transactions after the first one. */
function repeatSpending({ repeatPurchases, meanRepeatValue }: BtydSummary): Spending {
  return { transactions: repeatPurchases, meanValue: meanRepeatValue };
}

/**
 * The first transaction of each customer, on the scale of later ones. It counts up to `upTo`, or up to the mean of the
 * customer's later transactions where that is more.
 */
export function firstSpending(summary: BtydSummary, { laterOverFirst, upTo }: FirstPurchases): Spending {
  const { repeatPurchases, meanRepeatValue, firstValue } = summary;
  return {
    transactions: new Float64Array(firstValue.length).fill(1),
    meanValue: firstValue.map((value, i) => {
      const most = Math.max(laterOverFirst * upTo, repeatPurchases[i] > 0 ? meanRepeatValue[i] : 0);
      return Math.min(most, laterOverFirst * Math.max(0, value));
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

/**
 * Learns how first purchases are to be counted. They may be larger than what follows, or smaller, as where the first order
 * has a discount. The ratio is that of the sums over the customers who came back and whose purchases are worth something; 1
 * where there is no such customer.
 */
export function learnFirstPurchases(summary: BtydSummary): FirstPurchases {
  const { repeatPurchases, meanRepeatValue, firstValue } = summary;
  let later = 0;
  let first = 0;
  for (let i = 0; i < repeatPurchases.length; i++) {
    if (repeatPurchases[i] === 0 || !(meanRepeatValue[i] > 0) || !(firstValue[i] > 0)) continue;
    later += meanRepeatValue[i];
    first += firstValue[i];
  }
  const sorted = firstValue.toSorted();
  return {
    laterOverFirst: first > 0 ? later / first : 1,
    upTo: Math.max(0, sorted[Math.floor(COUNT_IN_FULL * sorted.length)]),
  };
}
