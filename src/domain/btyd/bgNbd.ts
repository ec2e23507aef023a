import { digamma, lnGamma } from './gammaFunctions.ts';
import { negativeBinomialTails } from './negativeBinomial.ts';
import type { PurchaseHistories } from './purchaseHistories.ts';
import { type PurchaseParameters, type PurchaseProcess, rateStart } from './purchaseProcess.ts';

/**
 * The BG/NBD model (Fader, Hardie and Lee 2005, "Counting Your Customers" the Easy Way, Marketing Science 24): after
 * each repeat purchase a customer drops out with a probability that is beta(a, b) distributed over customers.
 */
export const bgNbd: PurchaseProcess = {
  name: 'bg-nbd',
  parameterNames: ['r', 'alpha', 'a', 'b'],
  startingPoints: (histories) => [
    [...rateStart(histories, 0.5), 0.8, 2.5],
    [...rateStart(histories, 2), 0.1, 1],
    [...rateStart(histories, 0.1), 3, 3],
  ],
  logLikelihood,
  probabilityAlive,
  purchasesIfAlive,
  atLeastIfAlive,
  medianWaitIfAlive,
};

/** Equation 6 of the paper in logarithms; the gamma functions are computed once for each different x. */
function logLikelihood(
  parameters: Float64Array,
  histories: PurchaseHistories,
  gradient: Float64Array,
): number {
  const [r, alpha, a, b] = parameters;
  let total = histories.customers * r * Math.log(alpha);
  let byR = histories.customers * Math.log(alpha);
  let byAlpha = (histories.customers * r) / alpha;
  let byA = 0;
  let byB = 0;
  for (let k = 0; k < histories.purchases.length; k++) {
    const x = histories.purchases[k];
    if (x === 0) continue;
    const n = histories.purchasesCount[k];
    total +=
      n * (lnGamma(r + x) - lnGamma(r) + lnGamma(a + b) - lnGamma(b) + lnGamma(b + x) - lnGamma(a + b + x));
    byR += n * (digamma(r + x) - digamma(r));
    const bothChange = digamma(a + b) - digamma(a + b + x);
    byA += n * bothChange;
    byB += n * (bothChange + digamma(b + x) - digamma(b));
  }
  for (let i = 0; i < histories.count.length; i++) {
    const x = histories.x[i];
    const n = histories.count[i];
    const atEnd = alpha + histories.age[i];
    const lnEnd = Math.log(atEnd);
    total -= n * (r + x) * lnEnd;
    byR -= n * lnEnd;
    byAlpha -= (n * (r + x)) / atEnd;
    if (x === 0) continue;
    // The customer is alive, or dropped out right after the last purchase: the odds are the second over the first.
    const atLast = alpha + histories.recency[i];
    const lnRatio = Math.log(atEnd / atLast);
    const lnOdds = Math.log(a / (b + x - 1)) + (r + x) * lnRatio;
    const small = Math.exp(-Math.abs(lnOdds));
    total += n * (Math.max(lnOdds, 0) + Math.log1p(small));
    const gone = n * (lnOdds > 0 ? 1 / (1 + small) : small / (1 + small));
    byR += gone * lnRatio;
    byAlpha += gone * (r + x) * (1 / atEnd - 1 / atLast);
    byA += gone / a;
    byB -= gone / (b + x - 1);
  }
  gradient[0] = byR;
  gradient[1] = byAlpha;
  gradient[2] = byA;
  gradient[3] = byB;
  return total;
}

/**
 * The first term of equation 6 over the whole (Fader, Hardie and Lee 2008, Computing P(alive) Using the BG/NBD Model). 1 for
 * a customer without a repeat purchase: in this model nobody drops out before the first repeat purchase.
 */
function probabilityAlive(
  { r, alpha, a, b }: PurchaseParameters,
  x: number,
  recency: number,
  age: number,
): number {
  if (x === 0) return 1;
  return (
    1 / (1 + Math.exp(Math.log(a / (b + x - 1)) + (r + x) * Math.log((alpha + age) / (alpha + recency))))
  );
}

/** Running sums above this are scaled down, long before they overflow. */
const RESCALE_AT = 1e200;
/** The largest part of the sum that may be left out, relative to the whole. */
const TAIL_SHARE = 1e-14;

/**
 * The numerator of equation 10 of the paper (the denominator brings in that the customer may not be alive), written as a sum
 * of positive terms, which avoids 2F1 and the pole at a = 1. If nobody dropped out, the customer would make n purchases
 * with the negative binomial probability
 * `P(n) = (r + x)_n / n! * (1 - z)^(r + x) * z^n`, `z = t / (alpha + T + t)`; the j-th of them happens with probability
 * `q_j = (b + x)_(j-1) / (a + b + x)_(j-1)`. So `E = sum over n of P(n) * (q_1 + ... + q_n)`. P is scaled as it goes
 * and divided by its sum at the end: nothing overflows, whatever x and T.
 */
function purchasesIfAlive(
  { r, alpha, a, b }: PurchaseParameters,
  x: number,
  age: number,
  weeks: number,
): number {
  const shape = r + x;
  const z = weeks / (alpha + age + weeks);
  let weight = 1;
  let weights = 1;
  let happens = 1;
  let made = 0;
  let sum = 0;
  for (let n = 0; ; n++) {
    const growth = ((shape + n) / (n + 1)) * z;
    weight *= growth;
    made += happens;
    happens *= (b + x + n) / (a + b + x + n);
    weights += weight;
    sum += weight * made;
    if (weights > RESCALE_AT) {
      weight /= RESCALE_AT;
      weights /= RESCALE_AT;
      sum /= RESCALE_AT;
    }
    // Beyond the peak the terms fall faster than a geometric series; `made` grows by at most one a term.
    const ratio = Math.max(growth, z);
    if (ratio < 1 && weight * (made + 1 / (1 - ratio)) <= TAIL_SHARE * sum * (1 - ratio))
      return sum / weights;
    if (weight === 0) return sum / weights;
  }
}

/** At least n purchases are made if the rate yields that many and the customer stays after each of the first n - 1. */
function atLeastIfAlive(
  { r, alpha, a, b }: PurchaseParameters,
  x: number,
  age: number,
  weeks: number,
): Float64Array {
  let stays = 1;
  return negativeBinomialTails(r + x, weeks / (alpha + age + weeks)).map((tail, n) => {
    const probability = stays * tail;
    stays *= (b + x + n) / (a + b + x + n);
    return probability;
  });
}

/** Nobody drops out before the next purchase, so the waiting time is a Lomax variable, whose distribution function can be inverted. */
function medianWaitIfAlive({ r, alpha }: PurchaseParameters, x: number, age: number): number {
  return (alpha + age) * Math.expm1(Math.LN2 / (r + x));
}
