import type { RankedCombination } from '../../domain/gridsearch/rankCombinations.ts';
import type { ProposedCombination } from './gridSearchProposal.ts';

/** A combination as the record of a search holds it. */
export function proposedCombination(it: RankedCombination): ProposedCombination {
  const { trees, maxDepth, minSamplesLeaf, mtry } = it.hyperParameters;
  return {
    history_months: it.historyMonths,
    pred_months: it.predMonths,
    hyper_parameters: { trees, max_depth: maxDepth, min_samples_leaf: minSamplesLeaf, mtry },
    status: it.status,
    reason: it.reason,
    folds: it.folds.length,
    customers: it.customers,
    metrics: it.metrics,
    rmse_norm: it.rmseNorm,
    r2_norm: it.r2Norm,
    composite: it.composite,
    composite_std: it.compositeStd,
    rank: it.rank,
    is_best_for_horizon: it.isBestForHorizon,
    is_tied_with_winner: it.isTiedWithWinner,
  };
}
