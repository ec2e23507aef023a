import { ClvError } from '../errors.ts';
import type { Engine } from '../forecast/engine.ts';
import type { ForestParams } from '../forest/params.ts';

/** What the RMSE that is scaled for the composite is divided by. */
export const RMSE_BASES = ['skill', 'relative', 'absolute'] as const;
/** `skill`: by the RMSE of the naive rate forecast; `relative`: by the mean actual revenue; `absolute`: by nothing. */
export type RmseBasis = (typeof RMSE_BASES)[number];

/** How much each metric counts; the weights add up to one. */
export interface CompositeWeights {
  readonly rmse: number;
  readonly r2: number;
}

/** Values to try for parameters of the forest; a parameter without a list keeps its configured value. */
export interface HyperParameterLists {
  readonly trees?: readonly number[];
  readonly maxDepth?: readonly number[];
  readonly minSamplesLeaf?: readonly number[];
  readonly mtry?: readonly (number | 'all')[];
}

/** The parameters that a search can vary. */
export type HyperParameters = Pick<ForestParams, 'trees' | 'maxDepth' | 'minSamplesLeaf' | 'mtry'>;

/** Everything that the outcome of a search depends on, besides the orders. Fixed when the search is asked for. */
export interface SearchSettings {
  readonly historyMonths: readonly number[];
  readonly predMonths: readonly number[];
  /** The most folds of a combination. */
  readonly folds: number;
  readonly rmseBasis: RmseBasis;
  readonly weights: CompositeWeights;
  /** The combinations of hyper-parameters that are tried in each pair of windows. */
  readonly hyperParameters: readonly HyperParameters[];
  readonly maxBins: number;
  readonly seed: number;
  /** The engine of the config, which fits every fold. */
  readonly engine: Engine;
  /** Lets the library `ml-random-forest` train on more customers than it can handle in reasonable time. */
  readonly isEngineForced: boolean;
  /** Names of the features, in the order of their columns. */
  readonly features: readonly string[];
  /** The quantile that the training labels of contenders are cut to; null leaves them as they are. */
  readonly winsorise: number | null;
}

/** The settings of a search contradict themselves. */
export class SearchSettingsError extends ClvError {}

/** @throws SearchSettingsError `WEIGHTS_NOT_ONE` unless both are from 0 and add up to one. */
export function demandWeights({ rmse, r2 }: CompositeWeights): void {
  if (rmse >= 0 && r2 >= 0 && weightsAddUp({ rmse, r2 })) return;
  throw new SearchSettingsError(
    'WEIGHTS_NOT_ONE',
    `The weights of the composite are ${rmse} for RMSE and ${r2} for R²; together they have to be 1, and neither below 0.`,
    { remedy: 'Give for example 0.5 and 0.5.', values: { rmse, r2 } },
  );
}

/** Whether the weights add up to one, up to rounding errors. */
export function weightsAddUp({ rmse, r2 }: CompositeWeights): boolean {
  return Math.abs(rmse + r2 - 1) < 1e-9;
}

/** Every combination of the listed values, the last list varying fastest; `base` where a parameter has no list. */
export function hyperParameterGrid(base: HyperParameters, lists: HyperParameterLists): HyperParameters[] {
  const values = <T>(list: readonly T[] | undefined, otherwise: T): readonly T[] =>
    list === undefined || list.length === 0 ? [otherwise] : [...new Set(list)];
  const grid: HyperParameters[] = [];
  for (const trees of values(lists.trees, base.trees))
    for (const maxDepth of values<number | null>(lists.maxDepth, base.maxDepth))
      for (const minSamplesLeaf of values(lists.minSamplesLeaf, base.minSamplesLeaf))
        for (const mtry of values(lists.mtry, base.mtry))
          grid.push({ trees, maxDepth, minSamplesLeaf, mtry });
  return grid;
}
