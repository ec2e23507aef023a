import { Random } from '../random.ts';

/** Rows that are looked at to place the edges of one feature; more do not move them visibly. */
const sampleRows = 200_000;
const sampleStream = 0x62_69_6e_73;

/**
 * A threshold between two neighbouring values: at least `low`, below `high`, halfway where numbers allow it.
 * Rows at or below the threshold go left.
 */
function thresholdBetween(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle >= low && middle < high ? middle : low;
}

/** The present values of a column, or of a seeded sample of its rows, in ascending order. */
function sortedSample(column: Float64Array, seed: number): Float64Array {
  const rows = column.length;
  const random = new Random(seed, sampleStream);
  const sampled = Math.min(rows, sampleRows);
  const values = new Float64Array(sampled);
  let kept = 0;
  // Selection sampling (Knuth, TAOCP 3.4.2, algorithm S) keeps the row order and reads the column once.
  for (let row = 0, wanted = sampled; wanted > 0; row++) {
    if (wanted < rows - row && random.uniform() * (rows - row) >= wanted) continue;
    wanted--;
    const value = column[row];
    if (!Number.isNaN(value)) values[kept++] = value;
  }
  return values.subarray(0, kept).sort();
}

/**
 * Thresholds that cut a column into at most `maxBins` bins: bin `b` holds the values above edge `b - 1` and at
 * or below edge `b`. With few different values each has its own bin; otherwise bins hold about equally many
 * rows, and a value that alone fills a bin gets one to itself. NaN is missing and takes no part; infinities
 * are ordinary values at the ends.
 *
 * @param column one feature, any length.
 * @param maxBins 2 to 255.
 * @param seed chooses the sample where the column is longer than 200,000 rows.
 * @returns ascending edges, `bins - 1` of them.
 */
export function findBinEdges(column: Float64Array, maxBins: number, seed: number): Float64Array {
  const values = sortedSample(column, seed);
  const distinct: number[] = [];
  const counts: number[] = [];
  for (const value of values) {
    const last = distinct.length - 1;
    if (last >= 0 && distinct[last] === value) counts[last]++;
    else {
      distinct.push(value);
      counts.push(1);
    }
  }
  const edges: number[] = [];
  const cutAfter = (index: number): void => {
    if (index < distinct.length - 1) edges.push(thresholdBetween(distinct[index], distinct[index + 1]));
  };
  if (distinct.length <= maxBins) {
    for (let i = 0; i < distinct.length; i++) cutAfter(i);
    return Float64Array.from(edges);
  }
  // Fill bins greedily; the aim is renewed after every bin, so that values that fill more than one bin's share
  // leave the rest of the bins to the others.
  let rowsLeft = values.length;
  let binsLeft = maxBins;
  let filled = 0;
  for (let i = 0; i < distinct.length - 1 && binsLeft > 1; i++) {
    filled += counts[i];
    const aim = rowsLeft / binsLeft;
    // Close the bin when it is full, or when the next value would overfill it by more than it lacks now.
    if (filled >= aim || filled + counts[i + 1] - aim > aim - filled) {
      cutAfter(i);
      rowsLeft -= filled;
      binsLeft--;
      filled = 0;
    }
  }
  return Float64Array.from(edges);
}
