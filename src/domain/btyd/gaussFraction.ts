/** The hypergeometric function 2F1(1, b; c; z), and how its logarithm changes with each argument. */
export interface HypergeometricValue {
  value: number;
  /** d ln F / db, d ln F / dc, d ln F / dz. */
  byB: number;
  byC: number;
  byZ: number;
}

const MAX_TERMS = 20_000;

/**
 * 2F1(1, b; c; z) for b > 0, c > 1, c - 1 - b > -1 and 0 <= z < 1, with its derivatives, into `result`.
 *
 * Gauss's continued fraction (Wall 1948, Analytic Theory of Continued Fractions, section 89; DLMF 15.7), evaluated
 * backwards with its derivatives. Unlike the power series it converges geometrically however near z comes to 1, by
 * ((1 - w) / (1 + w)) a term with w = sqrt(1 - z), so the number of terms is known beforehand. The tail starts at the
 * fraction's limit (1 + w) / 2 rather than at 1, which saves a third of the terms.
 */
export function gaussFraction(b: number, c: number, z: number, result: HypergeometricValue): void {
  const w = Math.sqrt(1 - z);
  const perTerm = -Math.log((1 - w) / (1 + w) + 1e-16);
  const terms = Math.min(MAX_TERMS, Math.ceil(34 / perTerm) + 8);
  let tail = (1 + w) / 2;
  let byB = 0;
  let byC = 0;
  let byZ = -0.25 / w;
  for (let m = terms; m >= 1; m--) {
    const n = m >> 1;
    const low = c + m - 2;
    const high = c + m - 1;
    // The m-th partial numerator k, and d ln k / db and d ln k / dc.
    let k: number;
    let kByB: number;
    let kByC: number;
    if ((m & 1) === 1) {
      const over = 1 / ((b + n) * (c - 1 + n) * low * high);
      k = (b + n) * (b + n) * (c - 1 + n) * (c - 1 + n) * over;
      kByB = (c - 1 + n) * low * high * over;
      kByC = (b + n) * (low * high - (c - 1 + n) * (low + high)) * over;
    } else {
      const rest = c - 1 - b + n;
      const over = 1 / (rest * low * high);
      k = n * rest * rest * over;
      kByB = -low * high * over;
      kByC = (low * high - rest * (low + high)) * over;
    }
    const inverse = 1 / tail;
    const step = k * z * inverse;
    byB = step * (byB * inverse - kByB);
    byC = step * (byC * inverse - kByC);
    byZ = step * (byZ * inverse) - k * inverse;
    tail = 1 - step;
  }
  const inverse = 1 / tail;
  result.value = inverse;
  result.byB = -byB * inverse;
  result.byC = -byC * inverse;
  result.byZ = -byZ * inverse;
}
