import { METRIC_NAMES } from '../../domain/gridsearch/foldMetrics.ts';
import type { RankedCombination, SearchOutcome } from '../../domain/gridsearch/rankCombinations.ts';
import { type Cell, type WrittenFile, writeCsv } from '../files/csvFile.ts';
import { rounded } from '../files/roundedNumber.ts';

const HEADER = [
  ...['history_months', 'pred_months', 'trees', 'max_depth', 'min_samples_leaf', 'features_per_split'],
  ...['status', 'reason', 'folds', 'customers'],
  ...METRIC_NAMES.flatMap((name) => [`${name}_mean`, `${name}_std`]),
  ...['rmse_norm', 'r2_norm', 'composite', 'composite_std', 'rank'],
  ...['is_winner', 'is_best_for_horizon', 'is_tied_with_winner'],
];

/** Writes `clv_grid_search_results_<TS>.csv`: one row a combination. Throws FileWriteError. */
export function writeGridSearchResults(path: string, outcome: SearchOutcome): Promise<WrittenFile> {
  const { combinations, winner } = outcome;
  return writeCsv(path, HEADER, combinations.length, (i) =>
    cellsOf(combinations[i], combinations[i] === winner),
  );
}

function cellsOf(it: RankedCombination, isWinner: boolean): Cell[] {
  const { trees, maxDepth, minSamplesLeaf, mtry } = it.hyperParameters;
  const fine = (value: number | null): Cell => (value === null ? null : rounded(value, 9));
  return [
    ...[it.historyMonths, it.predMonths, trees, maxDepth, minSamplesLeaf, mtry],
    ...[it.status, it.reason, it.folds.length, it.customers],
    ...METRIC_NAMES.flatMap((name) => [fine(it.metrics[name].mean), fine(it.metrics[name].std)]),
    ...[fine(it.rmseNorm), fine(it.r2Norm), fine(it.composite), fine(it.compositeStd), it.rank],
    ...[isWinner, it.isBestForHorizon, it.isTiedWithWinner].map((is) => (is ? 'yes' : 'no')),
  ];
}
