/** Terms whose logarithm is further than this below the largest one are left out. */
const LN_NEGLIGIBLE = 30;
/** Larger numbers of purchases are not considered. */
const MOST_PURCHASES = 20_000;

/**
 * The probabilities of at least 1, 2, 3, … purchases at a rate that is gamma distributed, until they are negligible:
 * the tails of the negative binomial distribution `P(n) = (shape)_n / n! * (1 - z)^shape * z^n`. Terms are relative to
 * the largest one, so that nothing underflows, however large the shape is.
 *
 * @param z `weeks / (weeks + rate)` for the weeks ahead and the rate of the gamma distribution: from 0 to below 1.
 * @returns at least one probability, in descending order.
 */
export function negativeBinomialTails(shape: number, z: number): Float64Array<ArrayBuffer> {
  const lnTerms = [0];
  let lnLargest = 0;
  for (let n = 0; n < MOST_PURCHASES; n++) {
    const lnTerm = lnTerms[n] + Math.log(((shape + n) / (n + 1)) * z);
    lnTerms.push(lnTerm);
    lnLargest = Math.max(lnLargest, lnTerm);
    if (lnTerm < lnLargest - LN_NEGLIGIBLE) break;
  }
  const tails = new Float64Array(lnTerms.length - 1);
  let above = 0;
  for (let n = tails.length; n >= 1; n--) {
    above += Math.exp(lnTerms[n] - lnLargest);
    tails[n - 1] = above;
  }
  const all = above + Math.exp(lnTerms[0] - lnLargest);
  return tails.map((tail) => tail / all);
}
