import { predictBoosterRows } from '../../boosting/predictBooster.ts';
import type { FeatureMatrix } from '../../features/matrix.ts';
import { predictLinearRows } from '../../forest/growing/linearLeaves.ts';
import { predictRows } from '../../forest/predicting/predict.ts';
import { fromLearned } from '../../targets/targetForm.ts';
import type { FittedContender, FittedForest } from './contender.ts';

/**
 * Boosted trees forecast at most so many times what the purchase model does, small forecasts of it raised to a floor. Of
 * 2.5 million forecasts at 205 cutoffs of shops of every kind 128 were beyond it, nearly all in one shop; where all
 * customers order in step, trees that learned from months without an order would forecast thousands of times as much for
 * the months with one.
 */
const MOST_RATIO = 16;

/** Customers as all contenders need them, one entry or row each. */
export interface ForecastInputs {
  /** The features, and behind them the BTYD features. */
  readonly matrix: FeatureMatrix;
  /** What btyd forecasts, in currency, seasonally adjusted. */
  readonly base: Float64Array;
  /** What the rate forecasts, in currency. */
  readonly rate: Float64Array;
}

/**
 * What a contender forecasts of rows `from` up to, not including, `to`: in currency, seasonally adjusted, none below 0, since
 * nobody plans with a customer who takes money back.
 *
 * @throws ForestInputError if the matrix lacks a feature.
 */
export function forecastRows(
  contender: FittedContender,
  { matrix, base, rate }: ForecastInputs,
  from: number,
  to: number,
): Float64Array {
  const rows = to - from;
  const own = (values: Float64Array): Float64Array => values.slice(from, to);
  const notBelowZero = (values: Float64Array): Float64Array => values.map((value) => Math.max(0, value));
  switch (contender.name) {
    case 'mean':
      return notBelowZero(new Float64Array(rows).fill(contender.value));
    case 'rate':
      return own(rate);
    case 'btyd':
      return own(base);
    case 'boosted': {
      const learned = new Float64Array(rows);
      predictBoosterRows(contender.booster, matrix, from, to, learned);
      // Those of files up to version 2 learned the revenue itself, which may be any amount.
      const most = contender.target.kind === 'ratio' ? MOST_RATIO : Number.POSITIVE_INFINITY;
      const bounded = learned.map((value) => Math.min(most, value));
      return notBelowZero(fromLearned(contender.target, bounded, own(base)));
    }
    case 'forest':
      return notBelowZero(forecastByForest(contender, matrix, rate, own(base), from, to));
    case 'forest_btyd':
      return notBelowZero(forecastByForest(contender, matrix, base, own(base), from, to));
  }
}

/** @param regressor what the leaves are lines in, one number a row of `matrix`. @param base that of the rows. */
function forecastByForest(
  { forest, lines, target }: FittedForest,
  matrix: FeatureMatrix,
  regressor: Float64Array,
  base: Float64Array,
  from: number,
  to: number,
): Float64Array {
  const learned = new Float64Array(to - from);
  if (lines === null) predictRows(forest, matrix, from, to, learned);
  else predictLinearRows(forest, lines, matrix, regressor, { from, to }, learned);
  return fromLearned(target, learned, base);
}
