import { asSharedFloats } from '../../sharedFloats.ts';

/** Labels are multiplied by at most this, and divided by at most this: a few orders in months when a shop was closed are no rule. */
const MOST_FACTOR = 4;

/**
 * The labels of one cutoff, multiplied by one factor (within bounds) that makes their total `calibration` times that of a
 * forecast of the same customers; unchanged where either total is not above zero.
 *
 * So trees learn which customers spend more than others, and not how good these months were for the shop: from a few months
 * nobody can tell a season, or the growth of a young shop, from what lasts. How much all customers spend together is left
 * to the purchase model, which knows all months, and to what is known of its bias.
 *
 * @param labels seasonally adjusted revenue of each customer, in currency. @param forecast of the same customers, in
 *   currency, seasonally adjusted as well. @param calibration the factor of the forecast's totals that lasts.
 */
export function scaleLabels(
  labels: Float64Array,
  forecast: Float64Array,
  calibration: number,
): Float64Array<SharedArrayBuffer> {
  const [came, expected] = [labels, forecast].map((values) => values.reduce((sum, value) => sum + value, 0));
  const factor =
    came > 0 && expected > 0
      ? Math.min(MOST_FACTOR, Math.max(1 / MOST_FACTOR, (calibration * expected) / came))
      : 1;
  return asSharedFloats(labels.map((label) => label * factor));
}
