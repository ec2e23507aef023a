import { ClvError } from '../errors.ts';

/**
 * How a forest is grown. Names follow this project, meanings follow scikit-learn's `RandomForestRegressor`
 * (the name there stands in brackets).
 */
export interface ForestParams {
  /** Number of trees (`n_estimators`), at least 1. */
  readonly trees: number;
  /** Longest path from the root to a leaf, in splits (`max_depth`); `null` sets no limit. */
  readonly maxDepth: number | null;
  /** A split must leave at least this many different rows on either side (`min_samples_leaf`). */
  readonly minSamplesLeaf: number;
  /**
   * Features drawn anew for each node (`max_features`): a share of all features below 1, a count from 1 on
   * (no more than there are), or `'all'`. A share is rounded down, to at least one feature. As in
   * scikit-learn the draw goes on while every feature drawn so far is constant in the node.
   */
  readonly mtry: number | 'all';
  /** Each tree sees rows drawn with replacement (`bootstrap`); otherwise without. */
  readonly bootstrap: boolean;
  /** Rows drawn for each tree, as a share of all rows in (0, 1] (`max_samples`). */
  readonly rowsShare: number;
  /**
   * A node is split only if this lowers the mean squared error over all of the tree's rows by at least this
   * much (`min_impurity_decrease`), in squared units of the target.
   */
  readonly minGain: number;
  /** Most histogram bins of one feature, 2 to 255; missing values have one more. */
  readonly maxBins: number;
  /** What a split reduces (`criterion`). The histograms also hold what Poisson and Tweedie deviance would need. */
  readonly criterion: 'squared_error';
  /** Keep a summary of each leaf's training targets, so that quantiles can be predicted. */
  readonly leafQuantiles: boolean;
  /** Any 32-bit integer (`random_state`). Same data, parameters and seed: same bytes. */
  readonly seed: number;
}

/**
 * Depth, leaf size and features per split are moderate, as is usual for noisy targets. Unlimited depth and leaves of a
 * single row, which are scikit-learn's defaults, would fit the noise in customers' revenue.
 */
export const defaultForestParams: ForestParams = {
  trees: 200,
  maxDepth: 12,
  minSamplesLeaf: 5,
  mtry: 1 / 3,
  bootstrap: true,
  rowsShare: 1,
  minGain: 0,
  maxBins: 255,
  criterion: 'squared_error',
  leafQuantiles: true,
  seed: 42,
};

/** A parameter of the forest is out of range. */
export class ForestParamsError extends ClvError {
  constructor(name: string, value: unknown, rule: string) {
    super('FOREST_PARAMS_INVALID', `The forest parameter ${name} is ${String(value)}; it must be ${rule}.`, {
      remedy: `Set ${name} to a value that is ${rule}.`,
      values: { name, value },
    });
  }
}

/**
 * The defaults, replaced by what is given.
 *
 * @throws ForestParamsError naming the first parameter that is out of range.
 */
export function completeForestParams(given: Partial<ForestParams> = {}): ForestParams {
  const params = { ...defaultForestParams, ...given };
  const demand = (name: keyof ForestParams, holds: boolean, rule: string): void => {
    if (!holds) throw new ForestParamsError(name, params[name], rule);
  };
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1;
  demand('trees', isCount(params.trees), 'a whole number from 1');
  demand('maxDepth', params.maxDepth === null || isCount(params.maxDepth), 'a whole number from 1, or null');
  demand('minSamplesLeaf', isCount(params.minSamplesLeaf), 'a whole number from 1');
  demand(
    'mtry',
    params.mtry === 'all' || isCount(params.mtry) || (params.mtry > 0 && params.mtry < 1),
    "a share between 0 and 1, a whole number from 1, or 'all'",
  );
  demand('rowsShare', params.rowsShare > 0 && params.rowsShare <= 1, 'above 0 and at most 1');
  demand('minGain', params.minGain >= 0 && Number.isFinite(params.minGain), 'a finite number from 0');
  demand(
    'maxBins',
    isCount(params.maxBins) && params.maxBins >= 2 && params.maxBins <= 255,
    'a whole number from 2 to 255',
  );
  demand('criterion', params.criterion === 'squared_error', 'squared_error');
  demand('seed', Number.isInteger(params.seed), 'a whole number');
  return params;
}

/** How many of `featureCount` features a node draws: at least 1 unless there are none. */
export function featuresPerNode(mtry: number | 'all', featureCount: number): number {
  if (mtry === 'all') return featureCount;
  return Math.min(featureCount, mtry < 1 ? Math.max(1, Math.floor(mtry * featureCount)) : mtry);
}
