/**
 * Population stability index: how far the distribution of a variable has moved away from that of the training set.
 *
 * `PSI = sum over buckets of (p - q) * ln(p / q)`, p and q being the shares of a bucket in the run and in training: the
 * symmetric divergence of Kullback and Leibler (On Information and Sufficiency, 1951). The thresholds 0.1 and 0.25 are
 * those of credit scoring (Siddiqi, Credit Risk Scorecards, 2006).
 *
 * If nothing has moved, chance alone makes the index `(buckets - 1) * (1 / n + 1 / m)` on average for samples of n and
 * m rows (Yurdakul and Naranjo, Statistical properties of the population stability index, 2020). With a few hundred
 * customers that is already close to the first threshold, so it is given beside the index.
 */

/** A variable with a lower index counts as stable. */
export const MODERATE_FROM = 0.1;
/** From this index on the shift is large. */
export const LARGE_FROM = 0.25;

/** What the index means by the usual thresholds. */
export type StabilityLevel = 'stable' | 'moderate' | 'large';

/** How one variable was distributed in the training set. */
export interface PopulationReference {
  /** Ascending upper bounds of the ranges, which belong to them; the last range has none. */
  readonly edges: readonly number[];
  /** Rows in each bucket: missing, zero, then each range (`edges.length + 1` of them) without its zeros. */
  readonly counts: readonly number[];
}

/** How far one variable moved. Shares are from 0 to 1. */
export interface VariableStability {
  readonly variable: string;
  readonly psi: number;
  readonly level: StabilityLevel;
  /** The index that chance alone causes, on average, for samples of these sizes. */
  readonly expectedByChance: number;
  readonly trainingRows: number;
  readonly runRows: number;
  /** The bucket that contributes most to the index; null where every share stayed the same. */
  readonly movedMost: {
    readonly bucket: string;
    readonly trainingShare: number;
    readonly runShare: number;
  } | null;
}

const RANGES = 10;
/** Added to every count, as with Jeffreys' prior, so that an empty bucket makes the index large, but never infinite. */
const SMOOTHING = 0.5;
const MISSING = 0;
const ZERO = 1;
const FIRST_RANGE = 2;

/**
 * The reference of a variable: ranges that each hold about a tenth of its values, and separate buckets for zeros and
 * for missing values (NaN). Where many rows share a value, there are fewer ranges, with more rows each.
 */
export function describePopulation(values: Float64Array): PopulationReference {
  const ordered = values.filter((value) => value !== 0 && !Number.isNaN(value)).sort();
  const edges: number[] = [];
  for (let range = 1; range < RANGES; range++) {
    const edge = ordered[Math.ceil((range * ordered.length) / RANGES) - 1];
    // An edge at the largest value would leave the open range above it empty.
    if (edge !== undefined && edge !== edges.at(-1) && edge < ordered[ordered.length - 1]) edges.push(edge);
  }
  return { edges, counts: countBuckets(values, edges) };
}

/** How many values fall into each bucket of a reference with these edges. */
function countBuckets(values: Float64Array, edges: readonly number[]): number[] {
  const counts = new Array<number>(FIRST_RANGE + edges.length + 1).fill(0);
  for (const value of values) {
    if (Number.isNaN(value)) counts[MISSING]++;
    else if (value === 0) counts[ZERO]++;
    else counts[FIRST_RANGE + rangeOf(value, edges)]++;
  }
  return counts;
}

/** The number of edges below `value`. */
function rangeOf(value: number, edges: readonly number[]): number {
  let range = 0;
  while (range < edges.length && value > edges[range]) range++;
  return range;
}

/** Compares the values of a run with the training set. The same values give 0; every result is finite. */
export function measureStability(
  variable: string,
  reference: PopulationReference,
  values: Float64Array,
): VariableStability {
  const now = countBuckets(values, reference.edges);
  // A bucket that is empty on both sides is left out, because smoothing would let it contribute.
  const used = now.map((_, bucket) => bucket).filter((bucket) => now[bucket] + reference.counts[bucket] > 0);
  const trainingRows = reference.counts.reduce((sum, count) => sum + count, 0);
  const share = (count: number, rows: number): number =>
    (count + SMOOTHING) / (rows + SMOOTHING * used.length);
  let psi = 0;
  let most = 0;
  let movedMost: VariableStability['movedMost'] = null;
  for (const bucket of used) {
    const before = share(reference.counts[bucket], trainingRows);
    const after = share(now[bucket], values.length);
    const part = (after - before) * Math.log(after / before);
    psi += part;
    if (part > most) {
      most = part;
      movedMost = {
        bucket: bucketName(bucket, reference.edges),
        trainingShare: reference.counts[bucket] / trainingRows,
        runShare: now[bucket] / values.length,
      };
    }
  }
  return {
    variable,
    psi,
    level: psi >= LARGE_FROM ? 'large' : psi >= MODERATE_FROM ? 'moderate' : 'stable',
    expectedByChance: Math.max(0, used.length - 1) * (1 / trainingRows + 1 / values.length),
    trainingRows,
    runRows: values.length,
    movedMost,
  };
}

function bucketName(bucket: number, edges: readonly number[]): string {
  if (bucket === MISSING) return 'missing';
  if (bucket === ZERO) return 'zero';
  const range = bucket - FIRST_RANGE;
  if (edges.length === 0) return 'not zero';
  if (range === 0) return `up to ${shown(edges[0])}`;
  if (range === edges.length) return `above ${shown(edges[range - 1])}`;
  return `above ${shown(edges[range - 1])} up to ${shown(edges[range])}`;
}

/** A bound with enough digits to recognise the range. */
function shown(edge: number): string {
  return String(Number(edge.toPrecision(6)));
}
