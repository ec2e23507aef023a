import { ClvError } from '../errors.ts';

/** One value tier: customers whose percentile is at most `upTo` and above the tier before it. */
export interface ValueTier {
  readonly label: string;
  /** Right-closed upper bound of `clv_percentile`, in (0, 1]. */
  readonly upTo: number;
}

/** The default tiers: the best 1 %, 5 %, 10 %, 20 %, and the others. */
export const DEFAULT_TIERS: readonly ValueTier[] = [
  { label: 'Top 1%', upTo: 0.01 },
  { label: 'Top 5%', upTo: 0.05 },
  { label: 'Top 10%', upTo: 0.1 },
  { label: 'Top 20%', upTo: 0.2 },
  { label: 'Others', upTo: 1 },
];

/** Rank, percentile and tier of every customer, in the order of the predictions. */
export interface Ranking {
  /** Competition rank from 1, the highest prediction first; ties share the best rank. */
  readonly ranks: Uint32Array;
  /** Index into the tiers. */
  readonly tiers: Uint8Array;
}

/**
 * Ranks customers by predicted value and puts each into the first tier whose bound is not below the customer's
 * percentile `rank / n`. A competition rank is used, because forests predict ties and "Top 1 %" must hold about one per
 * cent. Throws ClvError `PREDICTION_NOT_FINITE` for a prediction that is not a number.
 */
export function rankByValue(predicted: Float64Array, tiers: readonly ValueTier[]): Ranking {
  const n = predicted.length;
  const invalid = predicted.findIndex((value) => !Number.isFinite(value));
  if (invalid >= 0) {
    throw new ClvError(
      'PREDICTION_NOT_FINITE',
      `Row ${invalid + 1} of the predictions is ${predicted[invalid]}, which has no rank.`,
      {
        remedy: 'Score again; if it comes back, train a new model.',
      },
    );
  }
  const ascending = Float64Array.from(predicted).sort();
  const ranks = new Uint32Array(n);
  const tierOf = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    ranks[i] = n - countUpTo(ascending, predicted[i]) + 1;
    const percentile = ranks[i] / n;
    let tier = 0;
    while (tier < tiers.length - 1 && percentile > tiers[tier].upTo) tier++;
    tierOf[i] = tier;
  }
  return { ranks, tiers: tierOf };
}

/** How many of the ascending `values` are at most `limit`. */
function countUpTo(values: Float64Array, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
