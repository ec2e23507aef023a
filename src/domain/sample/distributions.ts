import type { Random } from '../random.ts';

/** An exponential number with mean 1. */
export function exponential(random: Random): number {
  return -Math.log(1 - random.uniform());
}

/**
 * A gamma number with the given shape and scale 1, so its mean is `shape`.
 *
 * Marsaglia and Tsang (2000), "A simple method for generating gamma variables"; below shape 1 their boost
 * `gamma(shape + 1) * u^(1 / shape)`.
 */
export function gamma(random: Random, shape: number): number {
  const boost = shape < 1 ? (1 - random.uniform()) ** (1 / shape) : 1;
  const d = (shape < 1 ? shape + 1 : shape) - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const u = 1 - random.uniform();
    if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v * boost;
  }
}

/** A gamma number of integer shape (Erlang) and mean 1: one logarithm, however large the shape. */
export function erlangOfMeanOne(random: Random, shape: number): number {
  let product = 1;
  for (let i = 0; i < shape; i++) product *= 1 - random.uniform();
  return -Math.log(product) / shape;
}

/** A Poisson count, by inversion from zero; meant for small means, because the cost grows with the count. */
export function poisson(random: Random, mean: number): number {
  const u = random.uniform();
  let probability = Math.exp(-mean);
  let cumulative = probability;
  let count = 0;
  // Rounding may leave the sum slightly below 1; the loop then ends when the terms become negligible.
  while (u >= cumulative && probability > 1e-300) {
    count++;
    probability *= mean / count;
    cumulative += probability;
  }
  return count;
}
