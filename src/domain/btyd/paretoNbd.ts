import { digamma, lnGamma } from './gammaFunctions.ts';
import { gaussFraction, type HypergeometricValue } from './gaussFraction.ts';
import { quadrature } from './gaussLegendre.ts';
import { negativeBinomialTails } from './negativeBinomial.ts';
import type { PurchaseHistories } from './purchaseHistories.ts';
import { type PurchaseParameters, type PurchaseProcess, rateStart } from './purchaseProcess.ts';

/**
 * The Pareto/NBD model (Schmittlein, Morrison and Colombo 1987, Counting Your Customers, Management Science 33):
 * customers drop out at any time, at a rate that is gamma distributed over customers with shape s and rate beta.
 *
 * The published likelihood distinguishes two cases and takes the difference of two 2F1. Here it is written as
 * `L = Γ(r + x) / Γ(r) * alpha^r * beta^s * (h(T) * (1 - G(T)) + h(t_x) * G(t_x))` with
 * `h(t) = (alpha + t)^-(r + x) * (beta + t)^-s`. G(t) is a probability: the share of h(t) that comes from customers who
 * drop out after t *before they would buy again*, `G = s * (integral from t of h(u) / (beta + u) du) / h(t)`. Both
 * terms are positive and kept as logarithms, so nothing cancels and nothing overflows.
 */
export const paretoNbd: PurchaseProcess = {
  name: 'pareto-nbd',
  parameterNames: ['r', 'alpha', 's', 'beta'],
  startingPoints: (histories) => {
    const [shape, rate] = rateStart(histories, 0.7);
    return [
      [shape, rate, 0.6, rate],
      [...rateStart(histories, 2), 0.1, 10],
      [...rateStart(histories, 0.1), 2, 50],
    ];
  },
  logLikelihood,
  probabilityAlive,
  purchasesIfAlive,
  atLeastIfAlive,
  medianWaitIfAlive,
};

/** ln G(t) and its derivative by each parameter. */
interface DropsOutFirst {
  ln: number;
  byR: number;
  byAlpha: number;
  byS: number;
  byBeta: number;
}

const emptyShare = (): DropsOutFirst => ({ ln: 0, byR: 0, byAlpha: 0, byS: 0, byBeta: 0 });
const fraction: HypergeometricValue = { value: 0, byB: 0, byC: 0, byZ: 0 };

/**
 * G(t) in closed form: `s / (r + s + x) * 2F1(1, r + x; r + s + x + 1; 1 - (beta + t) / (alpha + t))`, from the
 * term A0 of Fader and Hardie (2005), A Note on Deriving the Pareto/NBD Model, by Euler's transformation. Where beta > alpha,
 * Pfaff's transformation is used as well, so that the last argument always lies in [0, 1).
 */
function dropsOutFirst(
  [r, alpha, s, beta]: ArrayLike<number> & Iterable<number>,
  x: number,
  t: number,
  result: DropsOutFirst,
): void {
  const k = r + s + x;
  const buys = alpha + t;
  const leaves = beta + t;
  result.byR = -1 / k;
  result.byS = 1 / s - 1 / k;
  if (buys >= leaves) {
    gaussFraction(r + x, k + 1, (alpha - beta) / buys, fraction);
    result.ln = Math.log((s / k) * fraction.value);
    result.byR += fraction.byB + fraction.byC;
    result.byS += fraction.byC;
    result.byAlpha = (fraction.byZ * leaves) / (buys * buys);
    result.byBeta = -fraction.byZ / buys;
  } else {
    gaussFraction(s + 1, k + 1, (beta - alpha) / leaves, fraction);
    result.ln = Math.log(((s / k) * fraction.value * buys) / leaves);
    result.byR += fraction.byC;
    result.byS += fraction.byB + fraction.byC;
    result.byAlpha = 1 / buys - fraction.byZ / leaves;
    result.byBeta = (fraction.byZ * buys) / (leaves * leaves) - 1 / leaves;
  }
}

function logLikelihood(
  parameters: Float64Array,
  histories: PurchaseHistories,
  gradient: Float64Array,
): number {
  const [r, alpha, s, beta] = parameters;
  const end = emptyShare();
  const last = emptyShare();
  let total = histories.customers * (r * Math.log(alpha) + s * Math.log(beta));
  let byR = histories.customers * Math.log(alpha);
  let byAlpha = (histories.customers * r) / alpha;
  let byS = histories.customers * Math.log(beta);
  let byBeta = (histories.customers * s) / beta;
  for (let k = 0; k < histories.purchases.length; k++) {
    const x = histories.purchases[k];
    if (x === 0) continue;
    total += histories.purchasesCount[k] * (lnGamma(r + x) - lnGamma(r));
    byR += histories.purchasesCount[k] * (digamma(r + x) - digamma(r));
  }
  const atFirst = emptyShare();
  dropsOutFirst(parameters, 0, 0, atFirst);
  for (let i = 0; i < histories.count.length; i++) {
    const x = histories.x[i];
    const n = histories.count[i];
    const recency = histories.recency[i];
    const age = histories.age[i];
    dropsOutFirst(parameters, x, age, end);
    let share = atFirst;
    if (x > 0 || recency > 0) {
      dropsOutFirst(parameters, x, recency, last);
      share = last;
    }
    const lnBuysEnd = Math.log(alpha + age);
    const lnLeavesEnd = Math.log(beta + age);
    const lnBuysLast = Math.log(alpha + recency);
    const lnLeavesLast = Math.log(beta + recency);
    const lnEnd = -(r + x) * lnBuysEnd - s * lnLeavesEnd;
    const lnLast = -(r + x) * lnBuysLast - s * lnLeavesLast;
    // L = h(T) - h(T) G(T) + h(t_x) G(t_x): each part relative to the whole.
    const shareEnd = Math.exp(end.ln);
    const fromLast = lnLast + share.ln;
    const top = Math.max(lnEnd, fromLast);
    const sum = Math.exp(lnEnd - top) * (1 - shareEnd) + Math.exp(fromLast - top);
    const lnSum = top + Math.log(sum);
    const wholeEnd = Math.exp(lnEnd - lnSum);
    const alive = wholeEnd * (1 - shareEnd);
    const gone = Math.exp(fromLast - lnSum);
    const both = wholeEnd * shareEnd;
    total += n * lnSum;
    byR += n * (gone * (share.byR - lnBuysLast) - alive * lnBuysEnd - both * end.byR);
    byAlpha +=
      n *
      (gone * (share.byAlpha - (r + x) / (alpha + recency)) -
        (alive * (r + x)) / (alpha + age) -
        both * end.byAlpha);
    byS += n * (gone * (share.byS - lnLeavesLast) - alive * lnLeavesEnd - both * end.byS);
    byBeta +=
      n * (gone * (share.byBeta - s / (beta + recency)) - (alive * s) / (beta + age) - both * end.byBeta);
  }
  gradient[0] = byR;
  gradient[1] = byAlpha;
  gradient[2] = byS;
  gradient[3] = byBeta;
  return total;
}

/** `h(T) / (h(T) * (1 - G(T)) + h(t_x) * G(t_x))`: equation 11 of Schmittlein, Morrison and Colombo. */
function probabilityAlive(
  { r, alpha, s, beta }: PurchaseParameters,
  x: number,
  recency: number,
  age: number,
): number {
  const parameters = [r, alpha, s, beta];
  const end = emptyShare();
  const last = emptyShare();
  dropsOutFirst(parameters, x, age, end);
  dropsOutFirst(parameters, x, recency, last);
  const lnRatio =
    (r + x) * Math.log((alpha + age) / (alpha + recency)) + s * Math.log((beta + age) / (beta + recency));
  return Math.min(1, 1 / (1 - Math.exp(end.ln) + Math.exp(lnRatio + last.ln)));
}

/**
 * The rate `(r + x) / (alpha + T)` times the expected number of the next t weeks that the customer stays: equation 22
 * of Schmittlein, Morrison and Colombo for a customer who is alive; expm1 removes the pole at s = 1.
 */
function purchasesIfAlive(
  { r, alpha, s, beta }: PurchaseParameters,
  x: number,
  age: number,
  weeks: number,
): number {
  const leaves = beta + age;
  const lnGrowth = Math.log1p(weeks / leaves);
  const stays = s === 1 ? lnGrowth : Math.expm1((1 - s) * lnGrowth) / (1 - s);
  return ((r + x) / (alpha + age)) * leaves * stays;
}

/**
 * The mean over the time at which the customer drops out. A customer who is alive at age T stays for t more weeks with the
 * probability `((beta + T) / (beta + T + t))^s`; until then purchases are negative binomial.
 */
function atLeastIfAlive(
  { r, alpha, s, beta }: PurchaseParameters,
  x: number,
  age: number,
  weeks: number,
): Float64Array {
  const leaves = beta + age;
  const tailsWithin = (time: number): Float64Array =>
    negativeBinomialTails(r + x, time / (alpha + age + time));
  const dropsOut = -Math.expm1(-s * Math.log1p(weeks / leaves));
  const sum = tailsWithin(weeks).map((tail) => (1 - dropsOut) * tail);
  for (const { at, weight } of quadrature(0, dropsOut)) {
    const tails = tailsWithin(leaves * Math.expm1(-Math.log1p(-at) / s));
    for (let n = 0; n < Math.min(sum.length, tails.length); n++) sum[n] += weight * tails[n];
  }
  return sum;
}

/** How close to a half the share of those who have bought has to be. */
const HALF_ENOUGH = 1e-9;

/**
 * Without dropout the share `v` of such customers would have bought by `u(v) = (alpha + T) ((1 - v)^(-1 / (r + x)) - 1)`. Of
 * those whose turn comes then, `((beta + T) / (beta + T + u))^s` are still there. The share that has bought, the integral of
 * that over v, is concave, so Newton's method comes to a half from below, or passes v = 1, where fewer ever buy again.
 */
function medianWaitIfAlive({ r, alpha, s, beta }: PurchaseParameters, x: number, age: number): number {
  const waited = (v: number): number => (alpha + age) * Math.expm1(-Math.log1p(-v) / (r + x));
  const isThere = (v: number): number => Math.exp(-s * Math.log1p(waited(v) / (beta + age)));
  let v = 0;
  let missing = 0.5;
  while (missing > HALF_ENOUGH) {
    const next = v + missing / isThere(v);
    if (!(next < 1)) return Number.POSITIVE_INFINITY;
    for (const { at, weight } of quadrature(v, next)) missing -= weight * isThere(at);
    v = next;
  }
  return waited(v);
}
