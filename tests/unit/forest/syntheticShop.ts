import { allocateMatrix, type FeatureMatrix } from '../../../src/domain/features/matrix.ts';
import { Random } from '../../../src/domain/random.ts';

/** Made-up customers with a skewed, noisy target that some of the features explain. */
export interface SyntheticShop {
  readonly matrix: FeatureMatrix;
  readonly target: Float64Array<SharedArrayBuffer>;
}

/**
 * @param missingShare share of the cells of every third feature that is NaN.
 */
export function syntheticShop(rows: number, features: number, seed: number, missingShare = 0): SyntheticShop {
  const random = new Random(seed);
  const names = Array.from({ length: features }, (_, index) => `feature_${index}`);
  const matrix = allocateMatrix(names, rows);
  const target = new Float64Array(new SharedArrayBuffer(rows * 8));
  for (let row = 0; row < rows; row++) {
    let signal = 0;
    for (let feature = 0; feature < features; feature++) {
      const raw = random.normal();
      const value = feature % 4 === 1 ? Math.round(Math.exp(raw)) : feature % 4 === 2 ? Math.exp(raw) : raw;
      matrix.values[feature * rows + row] =
        feature % 3 === 2 && random.uniform() < missingShare ? Number.NaN : value;
      if (feature < 5) signal += raw * (5 - feature) * 0.25;
    }
    target[row] =
      random.uniform() < 0.3 ? 0 : Math.round(100 * Math.exp(signal + 0.5 * random.normal())) / 100;
  }
  return { matrix, target };
}
