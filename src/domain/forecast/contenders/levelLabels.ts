import { asSharedFloats } from '../../sharedFloats.ts';

/** Labels are raised to four times at most, and lowered to a fourth: a stray order of months in which a shop was closed is no rule. */
const MOST = 4;

/**
 * Labels of one cutoff, times the factor that makes their total that of a forecast of the same customers, within bounds; as
 * they are where either total is not above zero.
 *
 * Trees then learn which customers spend more than others, and not how good these months were for the shop: of a few
 * months nobody can tell a season, or a young shop's growth, from what lasts. How much all spend together is left to the
 * purchase model, which has all months, and to the calibration.
 *
 * @param labels revenue of each customer, of usual months, in currency. @param forecast of each, in currency.
 */
export function levelLabels(labels: Float64Array, forecast: Float64Array): Float64Array<SharedArrayBuffer> {
  const [came, expected] = [labels, forecast].map((values) => values.reduce((sum, value) => sum + value, 0));
  const factor = came > 0 && expected > 0 ? Math.min(MOST, Math.max(1 / MOST, expected / came)) : 1;
  return asSharedFloats(labels.map((label) => label * factor));
}
