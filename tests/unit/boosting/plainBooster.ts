import { type BinnedMatrix, missingCode } from '../../../src/domain/forest/binning/binnedMatrix.ts';

/** What the plain booster needs to know. */
interface PlainParams {
  readonly trees: number;
  readonly learningRate: number;
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
  readonly l2: number;
}

/**
 * Boosting of the squared error as the textbook has it, in real numbers and without histograms: what the booster on
 * the kernel is held against. Returns the predictions of the training rows.
 */
export function boostPlainly(
  binned: BinnedMatrix,
  target: Float64Array,
  weights: Float64Array,
  { trees, learningRate, maxDepth, minSamplesLeaf, l2 }: PlainParams,
): Float64Array {
  const all = [...target.keys()];
  const total = (rows: readonly number[], of: (row: number) => number): number =>
    rows.reduce((sum, row) => sum + of(row), 0);
  const mean = total(all, (row) => weights[row]) / all.length;
  const weightOf = (row: number): number => weights[row] / mean;
  const base = total(all, (row) => weightOf(row) * target[row]) / total(all, weightOf);
  const predictions = target.map(() => base);
  const slopeOf = (row: number): number => weightOf(row) * (target[row] - predictions[row]);
  const scoreOf = (rows: readonly number[]): number =>
    total(rows, slopeOf) ** 2 / (total(rows, weightOf) + l2);

  function leavesOf(rows: readonly number[], depth: number): (readonly number[])[] {
    let best: readonly (readonly number[])[] | undefined;
    // As good as nothing: sums in real numbers are never quite equal.
    let bestGain = 1e-9 * Math.max(1, scoreOf(rows));
    for (let feature = 0; depth < maxDepth && feature < binned.featureNames.length; feature++) {
      const codeOf = (row: number): number => binned.codes[feature * binned.rows + row];
      for (let bin = 0; bin <= binned.edges[feature].length; bin++) {
        for (const missingLeft of [false, true]) {
          const isLeft = (row: number): boolean =>
            codeOf(row) === missingCode ? missingLeft : codeOf(row) <= bin;
          const sides = [rows.filter(isLeft), rows.filter((row) => !isLeft(row))];
          if (sides.some((side) => side.length < minSamplesLeaf)) continue;
          const gain = scoreOf(sides[0]) + scoreOf(sides[1]) - scoreOf(rows);
          if (gain > bestGain * (1 + 1e-9)) {
            bestGain = gain;
            best = sides;
          }
        }
      }
    }
    return best === undefined ? [rows] : best.flatMap((side) => leavesOf(side, depth + 1));
  }

  for (let tree = 0; tree < trees; tree++) {
    const steps = leavesOf(all, 0).map((rows) => ({
      rows,
      step: (learningRate * total(rows, slopeOf)) / (total(rows, weightOf) + l2),
    }));
    for (const { rows, step } of steps) for (const row of rows) predictions[row] += step;
  }
  return predictions;
}
