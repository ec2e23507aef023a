import type { EligibilityLimits } from '../domain/eligibility/eligibility.ts';
import { chooseFeatures } from '../domain/features/chooseFeatures.ts';
import {
  demandWeights,
  type HyperParameterLists,
  hyperParameterGrid,
  type SearchSettings,
} from '../domain/gridsearch/searchSettings.ts';
import type { ModelConfig } from './schema.ts';

/** What a person may ask for instead of what the config says. */
export interface SearchRequest {
  readonly historyMonths?: readonly number[];
  readonly predMonths?: readonly number[];
  readonly folds?: number;
  readonly rmseBasis?: SearchSettings['rmseBasis'];
  readonly weights?: SearchSettings['weights'];
  readonly hyperParameters?: HyperParameterLists;
}

/**
 * The settings of a search: those of the request, and those of the config for the rest. Throws SearchSettingsError for
 * weights that do not add up to one.
 */
export function gridSearchSettings(config: ModelConfig, request: SearchRequest = {}): SearchSettings {
  const { grid_search: grid, modeling } = config;
  const { forest, seed } = modeling;
  const weights = request.weights ?? grid.weights;
  demandWeights(weights);
  const lists: HyperParameterLists = {
    trees: grid.hyper_parameters.trees,
    maxDepth: grid.hyper_parameters.max_depth,
    minSamplesLeaf: grid.hyper_parameters.min_samples_leaf,
    mtry: grid.hyper_parameters.features_per_split.map(asMtry),
    ...request.hyperParameters,
  };
  return {
    historyMonths: ascending(request.historyMonths ?? grid.history_months),
    predMonths: ascending(request.predMonths ?? grid.pred_months),
    folds: request.folds ?? grid.folds,
    rmseBasis: request.rmseBasis ?? grid.rmse_basis,
    weights: { rmse: weights.rmse, r2: weights.r2 },
    hyperParameters: hyperParameterGrid(
      {
        trees: forest.trees,
        maxDepth: forest.max_depth,
        minSamplesLeaf: forest.min_samples_leaf,
        mtry: asMtry(forest.features_per_split),
      },
      lists,
    ),
    maxBins: forest.max_bins,
    seed,
    engine: modeling.engine,
    isEngineForced: modeling.force_engine,
    features: chooseFeatures(modeling.features),
    winsorise: modeling.winsorise,
  };
}

/** The limits of the eligibility check. */
export function eligibilityLimits({ eligibility }: ModelConfig): EligibilityLimits {
  return {
    minCustomers: eligibility.min_customers,
    minDaysBeyondWindow: eligibility.min_days_beyond_window,
    maxDaysSinceLastOrder: eligibility.max_days_since_last_order,
    minRepeatBuyers: eligibility.min_repeat_buyers,
  };
}

/** A share of features as the forest takes it: all of them are `'all'`, because 1 would mean one feature. */
export function asMtry(share: number): number | 'all' {
  return share === 1 ? 'all' : share;
}

function ascending(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
