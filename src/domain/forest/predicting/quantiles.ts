import { ClvError } from '../../errors.ts';
import type { FeatureMatrix } from '../../features/matrix.ts';
import { type Forest, pointsPerLeaf } from '../forest.ts';
import { leafLimit, treeCount } from '../packedTrees.ts';
import { allRows, blockRows, createLeafFinder } from './leafFinder.ts';
import { matchColumns } from './matchColumns.ts';
import { inBlocks } from './predict.ts';

/** The levels that users are shown. */
export const defaultLevels: readonly number[] = [0.1, 0.5, 0.9];

/** The forest keeps no leaf summaries to take quantiles from, or a level is not between 0 and 1. */
export class QuantilesUnavailableError extends ClvError {
  constructor(message: string, remedy: string) {
    super('FOREST_QUANTILES_UNAVAILABLE', message, { remedy });
  }
}

/**
 * Conditional quantiles of the target (quantile regression forest, Meinshausen 2006): the smallest training target such
 * that at least the level's share of the targets in the row's leaves lies at or below it. Every tree counts the same,
 * and the targets of a leaf are represented by eight of their quantiles.
 *
 * @param levels each above 0 and below 1, ascending.
 * @param from the first row of `matrix`. @param to the row after the last.
 * @param quantiles receives level `k` of row `from + i` at `k * (to - from) + i`.
 * @throws QuantilesUnavailableError, ForestInputError if the matrix lacks a feature.
 */
export function predictQuantiles(
  forest: Forest,
  matrix: FeatureMatrix,
  levels: readonly number[],
  from: number,
  to: number,
  quantiles: Float64Array,
): void {
  demandQuantiles(forest, levels);
  const { targets, points } = forest.leafQuantiles!;
  const { treeOffsets } = forest;
  const columns = matchColumns(forest, matrix.featureNames);
  const finder = createLeafFinder(forest, Math.min(blockRows, to - from));
  const ordinals = leafOrdinals(forest);
  const trees = treeCount(forest);
  const perRow = trees * pointsPerLeaf;
  // Part of a block at a time; the points of each row stand together, tree after tree.
  const gathered = new Uint16Array(Math.min(blockRows, to - from) * perRow);
  const wanted = levels.map((level) => Math.max(1, Math.ceil(level * perRow)));
  const finds = new CodeQuantiles();
  inBlocks(from, to, (first, last) => {
    const rows = last - first;
    finder.encode(matrix, columns, first, last);
    const chosen = allRows(rows);
    for (let tree = 0; tree < trees; tree++) {
      const leaves = finder.find(tree, chosen, rows);
      for (let i = 0; i < rows; i++) {
        const source = ordinals[treeOffsets[tree] + leaves[i]] * pointsPerLeaf;
        const at = i * perRow + tree * pointsPerLeaf;
        for (let k = 0; k < pointsPerLeaf; k++) gathered[at + k] = points[source + k];
      }
    }
    for (let i = 0; i < rows; i++) {
      finds.count(gathered, i * perRow, perRow);
      wanted.forEach((rank, level) => {
        quantiles[level * (to - from) + first - from + i] = targets[finds.atRank(rank)];
      });
    }
  });
}

/** @throws QuantilesUnavailableError if the forest has no summaries, or a level is not between 0 and 1. */
export function demandQuantiles(forest: Forest, levels: readonly number[]): void {
  if (forest.leafQuantiles === undefined) {
    throw new QuantilesUnavailableError(
      'The forest keeps no summaries of its leaves, so it has no quantiles.',
      'Train with leafQuantiles: true.',
    );
  }
  const wrong = levels.find((level) => !(level > 0 && level < 1));
  if (wrong !== undefined) {
    throw new QuantilesUnavailableError(`${wrong} is no quantile level.`, 'Ask for levels between 0 and 1.');
  }
}

/** For each node its number among the leaves of the forest, from 0; entries of inner nodes have no meaning. */
function leafOrdinals(forest: Forest): Uint32Array {
  const ordinals = new Uint32Array(forest.values.length);
  let leaf = 0;
  for (let node = 0; node < ordinals.length; node++) {
    ordinals[node] = leaf;
    if ((forest.nodes[2 * node + 1] & leafLimit) === leafLimit) leaf++;
  }
  return ordinals;
}

/** Order statistics of codes of two bytes, counted by their high byte first and by their low byte where it matters. */
class CodeQuantiles {
  readonly #high = new Uint32Array(256);
  readonly #low = new Uint32Array(256);
  #codes = new Uint16Array(0);
  #from = 0;
  #length = 0;
  #lowOf = -1;

  count(codes: Uint16Array<ArrayBuffer>, from: number, length: number): void {
    this.#codes = codes;
    this.#from = from;
    this.#length = length;
    this.#lowOf = -1;
    this.#high.fill(0);
    for (let i = from; i < from + length; i++) this.#high[codes[i] >>> 8]++;
  }

  /** The `rank`-th smallest code, counting from 1. */
  atRank(rank: number): number {
    let left = rank;
    let high = 0;
    while (left > this.#high[high]) left -= this.#high[high++];
    if (this.#lowOf !== high) {
      this.#lowOf = high;
      this.#low.fill(0);
      for (let i = this.#from; i < this.#from + this.#length; i++) {
        if (this.#codes[i] >>> 8 === high) this.#low[this.#codes[i] & 0xff]++;
      }
    }
    let low = 0;
    while (left > this.#low[low]) left -= this.#low[low++];
    return high * 256 + low;
  }
}
