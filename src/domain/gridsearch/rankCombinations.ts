import type { Combination } from './combinations.ts';
import { METRIC_NAMES, type MetricName, type Spread, spreadOf } from './foldMetrics.ts';
import type { CompositeWeights, RmseBasis } from './searchSettings.ts';

/** A combination with its place in the search. Null where it was not evaluated, or a metric is undefined. */
export interface RankedCombination extends Combination {
  readonly metrics: Readonly<Record<MetricName, Spread>>;
  /** 0 for the lowest mean RMSE on the chosen basis, 1 for the highest. */
  readonly rmseNorm: number | null;
  /** 1 for the highest mean R², 0 for the lowest. */
  readonly r2Norm: number | null;
  /** 0 is best, 1 is worst. */
  readonly composite: number | null;
  /** Standard deviation over folds of the composite that each fold would have, on the same scale. */
  readonly compositeStd: number | null;
  /** From 1; no two share a rank. */
  readonly rank: number | null;
  /** Whether it is the best of those that predict the same number of months. */
  readonly isBestForHorizon: boolean;
  /** Whether the winner leads it by less than the spread over folds. */
  readonly isTiedWithWinner: boolean;
}

/** The combinations of a search, in the order in which they were given, and the winner. */
export interface SearchOutcome {
  readonly combinations: readonly RankedCombination[];
  /** Null where nothing could be evaluated. */
  readonly winner: RankedCombination | null;
  /** Whether the winner leads the second by less than the spread over folds. */
  readonly isTieWithinNoise: boolean;
}

const BASIS_METRIC: Record<RmseBasis, MetricName> = {
  skill: 'rmse_skill',
  relative: 'nrmse',
  absolute: 'rmse',
};

/** The metric that the composite uses for the RMSE. */
export function basisMetric(basis: RmseBasis): MetricName {
  return BASIS_METRIC[basis];
}

/** Why a combination that was evaluated has no rank on this basis: the end of a sentence about its folds. */
export function whyUnranked({ metrics }: Pick<RankedCombination, 'metrics'>, basis: RmseBasis): string {
  if (metrics.r2.mean === null)
    return 'in the predicted months all who had ordered before spent the same (nothing, where nobody of them ordered again), so R² is undefined';
  return basis === 'skill'
    ? 'the naive forecast was never wrong, so an RMSE relative to it is undefined'
    : 'in the predicted months no more was spent than taken back, so an RMSE relative to the mean revenue is undefined';
}

/**
 * Scales both metrics over the evaluated combinations, weighs them and ranks by the composite: the lowest wins. Of
 * equal ones the one with more customers comes first, then the shorter history, the shorter horizon, and the one listed
 * first.
 */
export function rankCombinations(
  combinations: readonly Combination[],
  basis: RmseBasis,
  weights: CompositeWeights,
): SearchOutcome {
  const metricsOf = combinations.map((it) => spreads(it));
  const comparable = combinations
    .map((_, i) => i)
    .filter((i) => metricsOf[i][BASIS_METRIC[basis]].mean !== null && metricsOf[i].r2.mean !== null);
  const rmseScale = minMaxScale(comparable.map((i) => metricsOf[i][BASIS_METRIC[basis]].mean as number));
  const r2Scale = minMaxScale(comparable.map((i) => metricsOf[i].r2.mean as number));
  const compositeOf = (rmse: number, r2: number): number =>
    weights.rmse * rmseScale(rmse) + weights.r2 * (1 - r2Scale(r2));

  const scored = combinations.map((combination, i) => {
    const metrics = metricsOf[i];
    const [rmse, r2] = [metrics[BASIS_METRIC[basis]].mean, metrics.r2.mean];
    if (rmse === null || r2 === null)
      return { ...combination, metrics, rmseNorm: null, r2Norm: null, composite: null, compositeStd: null };
    const byFold = combination.folds.map((fold) => {
      const [foldRmse, foldR2] = [fold.metrics[BASIS_METRIC[basis]], fold.metrics.r2];
      return foldRmse === null || foldR2 === null ? null : compositeOf(foldRmse, foldR2);
    });
    return {
      ...combination,
      metrics,
      rmseNorm: rmseScale(rmse),
      r2Norm: r2Scale(r2),
      composite: compositeOf(rmse, r2),
      compositeStd: spreadOf(byFold).std,
    };
  });

  const order = comparable.toSorted((a, b) => compare(scored[a], scored[b]) || a - b);
  const best = order.length === 0 ? null : scored[order[0]];
  const horizons = new Set<number>();
  const bestForHorizon = new Set(
    order.filter((i) => !horizons.has(scored[i].predMonths) && horizons.add(scored[i].predMonths)),
  );
  const ranked = scored.map((it, i) => ({
    ...it,
    rank: order.indexOf(i) < 0 ? null : order.indexOf(i) + 1,
    isBestForHorizon: bestForHorizon.has(i),
    isTiedWithWinner: best !== null && it !== best && leadIsNoise(best, it),
  }));
  return {
    combinations: ranked,
    winner: order.length === 0 ? null : ranked[order[0]],
    isTieWithinNoise: order.length > 1 && ranked[order[1]].isTiedWithWinner,
  };
}

type Scored = Pick<RankedCombination, 'composite' | 'compositeStd'>;

/** Whether the lead over another combination is smaller than the larger spread of the two. */
function leadIsNoise(best: Scored, other: Scored): boolean {
  if (best.composite === null || other.composite === null) return false;
  const spread = Math.max(best.compositeStd ?? 0, other.compositeStd ?? 0);
  const lead = other.composite - best.composite;
  return lead < spread || lead === 0;
}

function compare(
  a: Pick<RankedCombination, 'composite' | 'customers' | 'historyMonths' | 'predMonths'>,
  b: typeof a,
): number {
  return (
    (a.composite as number) - (b.composite as number) ||
    (b.customers ?? 0) - (a.customers ?? 0) ||
    a.historyMonths - b.historyMonths ||
    a.predMonths - b.predMonths
  );
}

function spreads(combination: Combination): Record<MetricName, Spread> {
  const folds = combination.status === 'evaluated' ? combination.folds : [];
  return Object.fromEntries(
    METRIC_NAMES.map((name) => [name, spreadOf(folds.map((fold) => fold.metrics[name]))]),
  ) as Record<MetricName, Spread>;
}

/** Maps the lowest to 0 and the highest to 1; without any spread everything to 0. */
function minMaxScale(values: readonly number[]): (value: number) => number {
  const low = Math.min(...values);
  const range = Math.max(...values) - low;
  return (value) => (range > 0 ? (value - low) / range : 0);
}
