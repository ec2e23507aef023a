import type { FeatureMatrix } from '../features/matrix.ts';
import { type BinnedMatrix, binMatrix } from '../forest/binning/binnedMatrix.ts';
import { quantumFor } from '../forest/forest.ts';
import type { LinearLeaves } from '../forest/growing/linearLeaves.ts';
import { ForestInputError } from '../forest/inputError.ts';
import { type GrownTree, packTrees } from '../forest/packedTrees.ts';
import { binLike } from './binLike.ts';
import { BoostEngine } from './boostEngine.ts';
import type { Booster } from './booster.ts';
import type { BoostingParams } from './boostingParams.ts';
import { addLeaves, LineFitter, packLines, type TreeLines } from './boostLines.ts';
import { BoostTreeGrower } from './boostTree.ts';
import { createLoss, type Loss } from './loss.ts';
import { TreeWalker } from './treeWalker.ts';

/** Rows that trees are not grown on and that say when to stop: for a forecast, of a later time. */
export interface ValidationRows {
  /** Has at least the features of the training rows; if binned, then by {@link binLike} with their thresholds. */
  readonly data: FeatureMatrix | BinnedMatrix;
  readonly target: Float64Array;
  /** One weight a row; left out, every row weighs 1. */
  readonly weights?: Float64Array;
  /** The regressor of these rows where the training rows have one. */
  readonly regressor?: Float64Array;
}

/** What may be said about boosting beside data and parameters. */
export interface BoostingOptions {
  /** One weight a row, none negative; left out, every row weighs 1. */
  readonly weights?: Float64Array;
  /**
   * What the leaves are lines in, one finite number a row (on the scale of the scores: with the Tweedie loss the logarithm
   * of a forecast); left out, leaves answer with numbers.
   */
  readonly regressor?: Float64Array;
  /** Keeps as many trees as are best on these rows, and stops `patience` trees after the best. */
  readonly validation?: ValidationRows;
  /** A JSON object to keep with the booster. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** A booster and how its loss fell: entry `t` is the mean loss of the first `t` trees. */
export interface TrainedBooster {
  readonly booster: Booster;
  /** The lines of the leaves; null without a regressor. */
  readonly lines: LinearLeaves | null;
  /** Over the training rows: the mean squared error, or the mean Tweedie deviance. */
  readonly trainingLoss: readonly number[];
  /** Over the validation rows; empty if there are none. */
  readonly validationLoss: readonly number[];
}

/**
 * Grows gradient boosted trees (Friedman 2001) by Newton steps (Chen and Guestrin 2016) in the calling thread. The
 * result depends on data, parameters and seed alone. Each tree needs the one before it, and one thread grows it: who
 * has several boosters to grow, has them grown side by side.
 *
 * @param data a feature matrix, or one binned before with the same `maxBins`, as for a forest.
 * @param target one finite number a row; from 0 on for the Tweedie loss.
 * @throws ForestInputError for data that cannot be trained on, ClvError `BOOSTER_TOO_LARGE`.
 */
export function growBooster(
  data: FeatureMatrix | BinnedMatrix,
  target: Float64Array,
  params: BoostingParams,
  options: BoostingOptions = {},
): TrainedBooster {
  const binned = 'codes' in data ? data : binMatrix(data, params.maxBins, params.seed);
  const { rows, featureNames } = binned;
  const loss = createLoss(params, target, rows, options.weights);
  const engine = new BoostEngine(binned, params);
  const grower = new BoostTreeGrower(featureNames.length, params, engine);
  // Rows that a tree does not see have to be sent through it; where it sees all, their leaves are known.
  const walker =
    params.rowsShare < 1 || options.regressor !== undefined || hasWeightlessRows(options.weights)
      ? new TreeWalker(binned)
      : undefined;
  const fitter = options.regressor && new LineFitter(options.regressor, params.learningRate);
  const held = options.validation && new HeldOut(options.validation, binned, params, loss.base);
  const scores = new Float64Array(rows).fill(loss.base);
  const negativeGradients = new Float64Array(rows);
  const hessians = new Float64Array(loss.hasUnitHessians ? 0 : rows);
  const trees: GrownTree[] = [];
  const lines: TreeLines[] = [];
  const trainingLoss: number[] = [];
  while (trees.length < params.trees && !(held?.isPatienceSpent ?? false)) {
    trainingLoss.push(loss.differentiate(scores, negativeGradients, hessians));
    const unequalHessians = loss.hasUnitHessians ? undefined : hessians;
    const tree = grower.grow(trees.length, negativeGradients, unequalHessians);
    trees.push(tree);
    if (walker === undefined) grower.addToScores(tree, scores);
    else if (fitter === undefined) walker.addToScores(tree, scores);
    else {
      const leaves = walker.leavesOf(tree);
      const found = fitter.linesOf(tree, leaves, negativeGradients, unequalHessians);
      lines.push(found);
      addLeaves(tree, found, leaves, options.regressor as Float64Array, scores);
    }
    held?.add(tree, lines.at(-1));
  }
  trainingLoss.push(loss.mean(scores));
  const kept = trees.slice(0, held?.bestTrees ?? trees.length);
  const booster: Booster = {
    ...packTrees(binned, kept),
    params,
    trainingRows: rows,
    base: loss.base,
    quantum: quantumFor(largestScore(loss.base, kept)),
    metadata: options.metadata ?? {},
  };
  return {
    booster,
    lines: fitter === undefined ? null : packLines(lines.slice(0, kept.length)),
    trainingLoss,
    validationLoss: held?.losses ?? [],
  };
}

function hasWeightlessRows(weights: Float64Array | undefined): boolean {
  return weights?.some((weight) => weight === 0) ?? false;
}

/** What no score can pass. */
function largestScore(base: number, trees: readonly GrownTree[]): number {
  let sum = Math.abs(base);
  for (const { values } of trees) {
    let largest = 0;
    for (const value of values) largest = Math.max(largest, Math.abs(value));
    sum += largest;
  }
  return sum;
}

/** The validation rows and what the trees have made of them so far. */
class HeldOut {
  readonly losses: number[];
  /** Number of trees that were best; the fewest of equals. */
  bestTrees = 0;
  readonly #loss: Loss;
  readonly #walker: TreeWalker;
  readonly #scores: Float64Array;
  readonly #patience: number;
  readonly #regressor: Float64Array | undefined;

  constructor(rows: ValidationRows, binned: BinnedMatrix, params: BoostingParams, base: number) {
    const own = 'codes' in rows.data ? rows.data : binLike(rows.data, binned);
    if ('codes' in rows.data) demandSameEdges(own, binned);
    this.#loss = createLoss(params, rows.target, own.rows, rows.weights);
    this.#walker = new TreeWalker(own);
    this.#scores = new Float64Array(own.rows).fill(base);
    this.#patience = params.patience;
    this.#regressor = rows.regressor;
    this.losses = [this.#loss.mean(this.#scores)];
  }

  /** Whether `patience` trees in a row were no better than the best number of them. */
  get isPatienceSpent(): boolean {
    return this.losses.length - 1 - this.bestTrees >= this.#patience;
  }

  add(tree: GrownTree, lines: TreeLines | undefined): void {
    if (lines === undefined || this.#regressor === undefined) this.#walker.addToScores(tree, this.#scores);
    else addLeaves(tree, lines, this.#walker.leavesOf(tree), this.#regressor, this.#scores);
    const loss = this.#loss.mean(this.#scores);
    if (loss < this.losses[this.bestTrees]) this.bestTrees = this.losses.length;
    this.losses.push(loss);
  }
}

/** @throws ForestInputError unless the codes of both matrices mean the same. */
function demandSameEdges(own: BinnedMatrix, binned: BinnedMatrix): void {
  const isSame =
    own.featureNames.length === binned.featureNames.length &&
    own.featureNames.every((name, feature) => {
      const [a, b] = [own.edges[feature], binned.edges[feature]];
      return name === binned.featureNames[feature] && a.length === b.length && a.every((e, i) => e === b[i]);
    });
  if (isSame) return;
  throw new ForestInputError(
    'The validation rows are binned by other thresholds than the training rows.',
    'Bin them with binLike, or hand over their feature matrix.',
  );
}
