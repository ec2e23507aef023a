import { Random } from '../../random.ts';
import { sortFloats } from './sortFloats.ts';

/**
 * The most values that are used to place the edges of one feature: all of them in a shop of up to 200,000 customers. A
 * smaller sample misses some of the very largest values, which raises the error in a shop with a few large buyers.
 */
const sampleRows = 200_000;
const sampleStream = 0x62_69_6e_73;

/**
 * A threshold between two neighbouring values: at least `low`, below `high`, and halfway if there is a number between
 * them. Rows at or below the threshold go left.
 */
function thresholdBetween(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle >= low && middle < high ? middle : low;
}

/**
 * The values of a column that are not missing, ascending; of a long column, those of a seeded sample with replacement.
 */
function sortedSample(column: Float64Array, seed: number): Float64Array {
  const rows = column.length;
  const random = new Random(seed, sampleStream);
  const sampled = Math.min(rows, sampleRows);
  const values = new Float64Array(sampled);
  let kept = 0;
  for (let i = 0; i < sampled; i++) {
    const value = column[sampled === rows ? i : random.below(rows)];
    if (!Number.isNaN(value)) values[kept++] = value;
  }
  return sortFloats(values.subarray(0, kept));
}

/**
 * Thresholds that cut a column into at most `maxBins` bins: bin `b` holds the values above edge `b - 1` and at or below
 * edge `b`. Where there are few different values, each has its own bin; otherwise bins are narrow at both ends and wide
 * in the middle, and a value that fills a bin alone gets one to itself. NaN means missing and is left out; infinities
 * are ordinary values at the ends.
 *
 * A few customers at the upper end bring much of a shop's revenue, and bins of equal size would put the best hundred of
 * 25,000 together. Here the very best have a bin each, and a bin in the middle holds nearly twice what one of equal
 * bins would. Only ranks count, so a monotone transform of the feature changes nothing.
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
  // Fill bins greedily. The aim is computed anew after every bin, so that after a value that takes more than one bin's
  // share the rest is still divided evenly.
  const widths = stretchedWidths(counts, values.length);
  let widthLeft = 1;
  let binsLeft = maxBins;
  let filled = 0;
  for (let i = 0; i < distinct.length - 1 && binsLeft > 1; i++) {
    filled += widths[i];
    const aim = widthLeft / binsLeft;
    // Close the bin when it is full, or when the next value would overfill it by more than it lacks now.
    if (filled >= aim || filled + widths[i + 1] - aim > aim - filled) {
      cutAfter(i);
      widthLeft -= filled;
      binsLeft--;
      filled = 0;
    }
  }
  return Float64Array.from(edges);
}

/**
 * How much of a scale from 0 to 1 each distinct value takes up. The scale stretches both ends of the ranks by cube
 * roots: the single row at an end of `n` rows takes up about half the cube root of `1 / n`.
 */
function stretchedWidths(counts: readonly number[], rows: number): number[] {
  let below = 0;
  let start = 0;
  return counts.map((count) => {
    below += count;
    const end = (1 + Math.cbrt(below / rows) - Math.cbrt(1 - below / rows)) / 2;
    const width = end - start;
    start = end;
    return width;
  });
}
