import { ClvError } from '../errors.ts';

/** How a booster is grown. The names in brackets are those of XGBoost's `XGBRegressor`, whose meaning they share. */
export interface BoostingParams {
  /**
   * What the trees lower. `squared_error` predicts means on the scale of the target. `tweedie` lowers the Tweedie
   * deviance on the scale of the logarithm (`reg:tweedie`): for targets from 0 on, many of them 0, whose spread grows
   * with their mean; its predictions are never negative.
   */
  readonly loss: 'squared_error' | 'tweedie';
  /** Variance power of the Tweedie loss, 1 (Poisson) to 2 (gamma, which allows no zeros) (`tweedie_variance_power`). */
  readonly tweediePower: number;
  /** Most trees (`n_estimators`), at least 1; early stopping may keep fewer. */
  readonly trees: number;
  /** What each tree's answer is multiplied with, above 0 and at most 1 (`learning_rate`). */
  readonly learningRate: number;
  /** Longest way from the root to a leaf, in splits (`max_depth`); `null` sets no limit. */
  readonly maxDepth: number | null;
  /**
   * Most leaves of a tree, at least 2 (`max_leaves`); the node that gains most is split first (`lossguide`). `null`
   * sets no limit.
   */
  readonly maxLeaves: number | null;
  /** A split must leave at least this many different rows on either side. */
  readonly minSamplesLeaf: number;
  /** L2 penalty on what leaves answer, from 0 (`reg_lambda`). Weights are scaled to a mean of 1 beforehand. */
  readonly l2: number;
  /** A node is split only if this lowers the halved loss by more than this much (`gamma`). */
  readonly minGain: number;
  /** Rows drawn for each tree without replacement, as a share of all rows in (0, 1] (`subsample`). */
  readonly rowsShare: number;
  /** Features drawn for each tree, as a share of all in (0, 1], rounded down to at least one (`colsample_bytree`). */
  readonly featuresShare: number;
  /** Most histogram bins of one feature, 2 to 255; missing values have one more (`max_bin`). */
  readonly maxBins: number;
  /** Trees without a better loss on the validation rows after which growing ends (`early_stopping_rounds`). */
  readonly patience: number;
  /** Any 32-bit integer (`random_state`). Same data, parameters and seed: same bytes. */
  readonly seed: number;
}

/** The usual moderate ones for noisy targets: many small steps of shallow trees. */
export const defaultBoostingParams: BoostingParams = {
  loss: 'squared_error',
  tweediePower: 1.5,
  trees: 300,
  learningRate: 0.05,
  maxDepth: 6,
  maxLeaves: null,
  minSamplesLeaf: 20,
  l2: 1,
  minGain: 0,
  rowsShare: 1,
  featuresShare: 1,
  maxBins: 255,
  patience: 50,
  seed: 42,
};

/** A parameter of the booster lies outside what it may be. */
export class BoostingParamsError extends ClvError {
  constructor(name: string, value: unknown, rule: string) {
    super(
      'BOOSTING_PARAMS_INVALID',
      `The boosting parameter ${name} is ${String(value)}; it must be ${rule}.`,
      {
        remedy: `Set ${name} to a value that is ${rule}.`,
        values: { name, value },
      },
    );
  }
}

/**
 * The defaults with `given` laid over them.
 *
 * @throws BoostingParamsError naming the first parameter that is out of range.
 */
export function completeBoostingParams(given: Partial<BoostingParams> = {}): BoostingParams {
  const params = { ...defaultBoostingParams, ...given };
  const demand = (name: keyof BoostingParams, holds: boolean, rule: string): void => {
    if (!holds) throw new BoostingParamsError(name, params[name], rule);
  };
  const isCount = (value: unknown, least: number): boolean =>
    Number.isSafeInteger(value) && (value as number) >= least;
  const isShare = (value: number): boolean => value > 0 && value <= 1;
  const isPenalty = (value: number): boolean => value >= 0 && Number.isFinite(value);
  const { loss, tweediePower, maxDepth, maxLeaves, maxBins } = params;
  demand('loss', loss === 'squared_error' || loss === 'tweedie', 'squared_error or tweedie');
  demand('tweediePower', tweediePower >= 1 && tweediePower <= 2, 'from 1 to 2');
  demand('trees', isCount(params.trees, 1), 'a whole number from 1');
  demand('learningRate', isShare(params.learningRate), 'above 0 and at most 1');
  demand('maxDepth', maxDepth === null || isCount(maxDepth, 1), 'a whole number from 1, or null');
  demand('maxLeaves', maxLeaves === null || isCount(maxLeaves, 2), 'a whole number from 2, or null');
  demand('minSamplesLeaf', isCount(params.minSamplesLeaf, 1), 'a whole number from 1');
  demand('l2', isPenalty(params.l2), 'a finite number from 0');
  demand('minGain', isPenalty(params.minGain), 'a finite number from 0');
  demand('rowsShare', isShare(params.rowsShare), 'above 0 and at most 1');
  demand('featuresShare', isShare(params.featuresShare), 'above 0 and at most 1');
  demand('maxBins', isCount(maxBins, 2) && maxBins <= 255, 'a whole number from 2 to 255');
  demand('patience', isCount(params.patience, 1), 'a whole number from 1');
  demand('seed', Number.isInteger(params.seed), 'a whole number');
  return params;
}

/** How many of `featureCount` features a tree draws: at least 1 unless there are none. */
export function featuresPerTree(featuresShare: number, featureCount: number): number {
  return Math.min(featureCount, Math.max(1, Math.floor(featuresShare * featureCount)));
}
