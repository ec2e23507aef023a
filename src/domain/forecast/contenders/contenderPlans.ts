import type { BoostingParams } from '../../boosting/boostingParams.ts';
import { largerOf, rowsWithoutOutliers } from '../../evaluation/outliers.ts';
import { joinColumns, joinMatrices } from '../../features/joinMatrices.ts';
import { type FeatureMatrix, pickRows } from '../../features/matrix.ts';
import type { BinnedMatrix } from '../../forest/binning/binnedMatrix.ts';
import { firstFeatures } from '../../forest/binning/firstFeatures.ts';
import type { ForestParams } from '../../forest/params.ts';
import { pickShared } from '../../sharedFloats.ts';
import { type FittedTarget, fitTarget, type LearnedTarget, toLearned } from '../../targets/targetForm.ts';
import { BTYD_FEATURES } from './btydFeatures.ts';
import { BOOSTED_TARGET, boostedParams, type ContenderParams, forestParamsOf } from './contenderParams.ts';
import { scaleLabels } from './scaleLabels.ts';

/** What contenders with trees learn from: customers at several cutoffs together, one row for each at each of them. */
export interface TrainingRows {
  /** The features, and behind them the BTYD features. */
  readonly matrix: FeatureMatrix;
  /**
   * Seasonally adjusted revenue of each row, in currency. At each cutoff they add up to what btyd forecasts, times
   * `calibration` (`scaleLabels`).
   */
  readonly labels: Float64Array<SharedArrayBuffer>;
  /** What btyd forecasts of each, seasonally adjusted. */
  readonly base: Float64Array<SharedArrayBuffer>;
  /** What the rate forecasts of each. */
  readonly rate: Float64Array<SharedArrayBuffer>;
  /** How many cutoffs the rows are of. */
  readonly cutoffs: number;
  /** The mean of the labels of the latest, before they were scaled. */
  readonly latestMean: number;
  /** What btyd's totals have to be multiplied by, as far as its bias lasts. */
  readonly calibration: number;
}

/** The rows of one cutoff, with labels that are seasonally adjusted and not scaled. */
export type RowsOfCutoff = Pick<TrainingRows, 'matrix' | 'labels' | 'base' | 'rate'>;

/** The rows of a cutoff without outliers, who spent or spend many times what anybody else does (`rowsWithoutOutliers`). */
export function withoutOutlyingRows(rows: RowsOfCutoff): RowsOfCutoff {
  const { matrix, labels, base, rate } = rows;
  const usual = rowsWithoutOutliers(largerOf(labels, rate));
  if (usual === null) return rows;
  return {
    matrix: pickRows(matrix, usual),
    labels: pickShared(labels, usual),
    base: pickShared(base, usual),
    rate: pickShared(rate, usual),
  };
}

/**
 * Joins the rows of one cutoff or several, latest first.
 *
 * @param calibration what btyd's totals have to be multiplied by, as far as its bias lasts (`learnCalibration`).
 */
export function joinRows(parts: readonly RowsOfCutoff[], calibration: number): TrainingRows {
  const [{ labels }] = parts;
  return {
    matrix: joinMatrices(parts.map((part) => part.matrix)),
    labels: joinColumns(parts.map((part) => scaleLabels(part.labels, part.base, calibration))),
    base: joinColumns(parts.map((part) => part.base)),
    rate: joinColumns(parts.map((part) => part.rate)),
    cutoffs: parts.length,
    latestMean: labels.reduce((sum, label) => sum + label, 0) / labels.length,
    calibration,
  };
}

/** How a forest of the contenders is grown: on which rows, and what its leaves are lines in. */
export interface ForestPlan {
  readonly data: BinnedMatrix;
  readonly target: Float64Array;
  readonly regressor: Float64Array;
  readonly params: ForestParams;
  /** What its predictions are turned back with. */
  readonly form: FittedTarget;
}

/** How the boosted trees of the contenders are grown. */
export interface BoosterPlan extends LearnedTarget {
  readonly data: BinnedMatrix;
  readonly params: BoostingParams;
  readonly form: FittedTarget;
}

/** How each contender with trees is grown. */
export interface ContenderPlans {
  readonly forest: ForestPlan;
  readonly boosted: BoosterPlan;
  readonly forestOnBtyd: ForestPlan;
}

/**
 * What every contender with trees learns.
 *
 * @param binned the matrix of the rows. @param boostedTrees how many trees to boost.
 */
export function planContenders(
  rows: TrainingRows,
  binned: BinnedMatrix,
  boostedTrees: number,
  params: ContenderParams,
): ContenderPlans {
  const { form: labels, learned } = learnedLabels(rows.labels, params);
  const residual = fitTarget({ kind: 'residual' }, learned, rows.base);
  const ratio = fitBoostedTarget(rows, learned);
  const forestParams = forestParamsOf(params.forest, rows.cutoffs, rows.matrix.rows);
  return {
    forest: {
      data: firstFeatures(binned, rows.matrix.featureNames.length - BTYD_FEATURES.length),
      target: learned,
      regressor: rows.rate,
      params: forestParams,
      form: labels,
    },
    boosted: {
      data: binned,
      ...boostedTarget(ratio, learned, rows.base),
      params: boostedParams(boostedTrees, rows.cutoffs, params.forest),
      form: ratio,
    },
    forestOnBtyd: {
      data: binned,
      target: toLearned(residual, learned, rows.base).target,
      regressor: rows.base,
      params: forestParams,
      form: residual,
    },
  };
}

/** What trees learn of the labels, in currency: with the largest of them cut, where `winsorise` says so; and the form of it. */
export function learnedLabels(
  labels: Float64Array,
  { winsorise }: Pick<ContenderParams, 'winsorise'>,
): { form: FittedTarget; learned: Float64Array } {
  const form = fitTarget(
    winsorise === null ? { kind: 'identity' } : { kind: 'winsorised', quantile: winsorise },
    labels,
  );
  return { form, learned: toLearned(form, labels).target };
}

/** The form that boosted trees learn labels in. */
export function fitBoostedTarget({ base }: Pick<TrainingRows, 'base'>, labels: Float64Array): FittedTarget {
  return fitTarget(BOOSTED_TARGET, labels, base);
}

/** What boosted trees learn: ratios to the base, and what rows weigh. Who takes money back spends nothing. */
export function boostedTarget(ratio: FittedTarget, labels: Float64Array, base: Float64Array): LearnedTarget {
  const { target, weights } = toLearned(
    ratio,
    labels.map((label) => Math.max(0, label)),
    base,
  );
  return { target, weights };
}
