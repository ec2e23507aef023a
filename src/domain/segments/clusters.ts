import { kmeans } from 'ml-kmeans';
import { Random } from '../random.ts';

/** The six numbers that customers are clustered by, one a customer in each column. NaN marks a missing cadence. */
export interface ClusterInputs {
  readonly predictedClv: Float64Array;
  readonly tenureDays: Float64Array;
  readonly recencyDays: Float64Array;
  readonly meanGapDays: Float64Array;
  readonly stdGapDays: Float64Array;
  readonly medianGapDays: Float64Array;
}

/** How customers are clustered. */
export interface ClusterOptions {
  /** The number of clusters; there are fewer where there are fewer different customers. */
  readonly clusters: number;
  /** The length of the history window in days, which stands in for a missing mean or median gap. */
  readonly historyDays: number;
  readonly seed: number;
  /** Above this many customers the centres are fitted on a seeded sample of this size. */
  readonly fitRows?: number;
}

const MAX_ITERATIONS = 100;
const DEFAULT_FIT_ROWS = 50_000;

/**
 * Clusters customers by k-means (k-means++ start, seeded) on z-scored values. Returns the cluster of each customer,
 * numbered from 1 by descending mean predicted CLV, so that the numbers keep their meaning between runs.
 *
 * A customer with too few orders has no gap between orders: mean and median become the length of the history window
 * ("at least that long"), the standard deviation becomes 0.
 */
export function clusterCustomers(inputs: ClusterInputs, options: ClusterOptions): Uint8Array {
  const n = inputs.predictedClv.length;
  if (n === 0) return new Uint8Array(0);
  const columns = standardise([
    inputs.predictedClv,
    inputs.tenureDays,
    inputs.recencyDays,
    filled(inputs.meanGapDays, options.historyDays),
    filled(inputs.stdGapDays, 0),
    filled(inputs.medianGapDays, options.historyDays),
  ]);
  const sample = sampleRows(n, options.fitRows ?? DEFAULT_FIT_ROWS, options.seed);
  const points = sample.map((row) => columns.map((column) => column[row]));
  const k = Math.min(options.clusters, new Set(points.map((point) => point.join())).size);
  const fit = kmeans(points, k, {
    initialization: 'kmeans++',
    seed: options.seed,
    maxIterations: MAX_ITERATIONS,
  });
  // Column 0 is the predicted CLV; z-scoring keeps its order.
  const centres = [...fit.centroids].sort((a, b) => b[0] - a[0]);
  return assignToNearest(columns, centres);
}

function filled(column: Float64Array, replacement: number): Float64Array {
  return column.map((value) => (Number.isNaN(value) ? replacement : value));
}

/** Each column minus its mean, over its standard deviation; a constant column becomes zeros. */
function standardise(columns: readonly Float64Array[]): Float64Array[] {
  return columns.map((column) => {
    let sum = 0;
    for (const value of column) sum += value;
    const mean = sum / column.length;
    let squares = 0;
    for (const value of column) squares += (value - mean) ** 2;
    const deviation = Math.sqrt(squares / column.length);
    return column.map((value) => (deviation === 0 ? 0 : (value - mean) / deviation));
  });
}

/** All rows, or `size` different ones drawn without replacement, in ascending order. */
function sampleRows(n: number, size: number, seed: number): number[] {
  const rows = Uint32Array.from({ length: n }, (_, i) => i);
  if (n > size) {
    const random = new Random(seed);
    for (let i = 0; i < size; i++) {
      const other = i + random.below(n - i);
      [rows[i], rows[other]] = [rows[other], rows[i]];
    }
  }
  return Array.from(rows.subarray(0, Math.min(n, size)).sort());
}

function assignToNearest(columns: readonly Float64Array[], centres: readonly number[][]): Uint8Array {
  const assigned = new Uint8Array(columns[0].length);
  for (let row = 0; row < assigned.length; row++) {
    let nearest = Number.POSITIVE_INFINITY;
    for (let c = 0; c < centres.length; c++) {
      let distance = 0;
      for (let j = 0; j < columns.length; j++) distance += (columns[j][row] - centres[c][j]) ** 2;
      if (distance < nearest) {
        nearest = distance;
        assigned[row] = c + 1;
      }
    }
  }
  return assigned;
}
