import type { BtydSummary } from './summary.ts';

/** How first purchases are counted among those that tell what a customer spends. */
export interface FirstPurchases {
  /** The value of a later purchase over that of the first one of the same customer, on average. */
  readonly laterOverFirst: number;
  /** First purchases up to this value, in currency, count in full. */
  readonly upTo: number;
  /** The share, 0 to 1, that counts of what a first purchase is worth beyond `upTo`. */
  readonly beyond: number;
}

/** Share of the first purchases that count in full. */
const COUNT_IN_FULL = 0.995;
/** The large first purchases that the very largest are held against: between these shares of all. */
const LARGE = { from: 0.9, to: 0.98 };
/** `beyond` is shrunk towards 0 as if this many more had begun with the very largest and never come back. */
const PRIOR_CUSTOMERS = 10;

/**
 * Learns how first purchases are to be counted.
 *
 * They may be larger than what follows, or smaller, as where the first order has a discount. The ratio is that of the sums
 * over the customers who came back and whose purchases are worth something; 1 where there is no such customer.
 *
 * The very largest are a habit in one shop, where they are those of businesses, and in another one they are hardly ever made
 * again. So they count in full up to a quantile, and beyond it as far as a later purchase of customers who began so large was
 * worth as much, in proportion, as one of those who began large; nothing where they never came back.
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
  const quantile = (share: number): number => Math.max(0, sorted[Math.floor(share * sorted.length)]);
  const upTo = quantile(COUNT_IN_FULL);
  const large = followUp(summary, quantile(LARGE.from), quantile(LARGE.to));
  const largest = followUp(summary, upTo, Number.POSITIVE_INFINITY);
  return {
    laterOverFirst: first > 0 ? later / first : 1,
    upTo,
    beyond: shareBeyond(large, largest, upTo),
  };
}

/** What customers who began alike spent first, and what a later purchase of theirs was worth. */
interface FollowUp {
  readonly customers: number;
  /** Sum of their first values, in currency. */
  readonly first: number;
  /** Sum of their mean repeat values, in currency; 0 for who never came back. */
  readonly later: number;
}

/** Of the customers whose first value lies above `from` and up to `to`. */
function followUp(
  { repeatPurchases, meanRepeatValue, firstValue }: BtydSummary,
  from: number,
  to: number,
): FollowUp {
  let [customers, first, later] = [0, 0, 0];
  firstValue.forEach((value, i) => {
    if (!(value > from && value <= to)) return;
    customers++;
    first += value;
    if (repeatPurchases[i] > 0) later += Math.max(0, meanRepeatValue[i]);
  });
  return { customers, first, later };
}

/**
 * The share `s` of what lies beyond `upTo` for which the largest first purchases, counted as `upTo + s (value - upTo)`, have
 * the ratio of later to first value that the large ones have; shrunk towards 0 where there are few.
 */
function shareBeyond(large: FollowUp, { customers, first, later }: FollowUp, upTo: number): number {
  const excess = first - customers * upTo;
  if (!(large.later > 0) || !(excess > 0)) return 0;
  const worth = (later * large.first) / large.later;
  const share = (worth - customers * upTo) / excess;
  return Math.min(1, Math.max(0, (share * customers) / (customers + PRIOR_CUSTOMERS)));
}
