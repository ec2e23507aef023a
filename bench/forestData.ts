import { allocateMatrix, type FeatureMatrix } from '../src/domain/features/matrix.ts';
import { Random } from '../src/domain/random.ts';

/** A matrix and a target to time engines on. */
export interface TimingData {
  readonly matrix: FeatureMatrix;
  readonly target: Float64Array<SharedArrayBuffer>;
}

/**
 * Made-up customers without missing values, which scikit-learn 1.2 does not accept. As in real features, the columns
 * are in turn a normal number, an amount of money, days, and a small count; revenue is zero for many and skewed for the
 * rest.
 *
 * @param seed of the customers; the rule by which the target depends on the features is the same for all seeds.
 */
export function makeTimingData(rows: number, features: number, seed: number): TimingData {
  const random = new Random(seed);
  const matrix = allocateMatrix(
    Array.from({ length: features }, (_, index) => `f${String(index).padStart(2, '0')}`),
    rows,
  );
  const target = new Float64Array(new SharedArrayBuffer(rows * Float64Array.BYTES_PER_ELEMENT));
  for (let row = 0; row < rows; row++) {
    let signal = 0;
    for (let feature = 0; feature < features; feature++) {
      const raw = random.normal();
      if (feature < 8) signal += feature % 2 === 0 ? 0.4 * raw : 0.3 * Math.abs(raw);
      matrix.values[feature * rows + row] = shaped(raw, feature);
    }
    const spent = Math.exp(2.5 + signal + 0.5 * random.normal());
    target[row] = random.uniform() < 0.3 ? 0 : Math.round(100 * spent) / 100;
  }
  return { matrix, target };
}

function shaped(raw: number, feature: number): number {
  if (feature % 4 === 0) return raw;
  if (feature % 4 === 1) return Math.round(100 * Math.exp(3 + raw)) / 100;
  if (feature % 4 === 2) return Math.round(180 + 60 * raw);
  return Math.floor(Math.exp(raw));
}
