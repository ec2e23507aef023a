import type { ForecastMetrics } from '../evaluation/metrics.ts';

/**
 * How much worse than its baseline a forecast may be, as shares (for R² in points where the baseline's is not
 * positive).
 */
export interface DriftThresholds {
  /** `monitoring.drift_threshold_rmse`. */
  readonly rmse: number;
  /** `monitoring.drift_threshold_r2`. */
  readonly r2: number;
}

/** The metrics that drift is judged by. */
export type JudgedMetrics = Pick<ForecastMetrics, 'rmse' | 'r2'>;

/** What became worse by more than its threshold. */
export type DriftReason = 'rmse' | 'r2';

/** A forecast beside the baseline of its model. */
export interface DriftComparison {
  /** Growth of the RMSE as a share of the baseline's; negative is an improvement. Null where the baseline's is 0. */
  readonly rmseRise: number | null;
  /** Loss of R², as `r2Basis` says; negative is an improvement. Null where either R² is undefined. */
  readonly r2Drop: number | null;
  /** `relative`: a share of the baseline's R². `absolute`: points, where the baseline's R² is not positive. */
  readonly r2Basis: 'relative' | 'absolute' | null;
  /** Empty where there is no drift. */
  readonly reasons: readonly DriftReason[];
}

/** A change that is exactly at its threshold must not raise an alert only because of rounding errors. */
const ROUNDING = 1e-9;

/**
 * Compares a forecast with the out-of-time baseline of the model that made it. It has drifted if the RMSE rose, or R²
 * fell, by more than its threshold. An improvement is never drift, and neither is a change that is undefined, except
 * that with a baseline RMSE of 0 any error is drift.
 */
export function compareWithBaseline(
  measured: JudgedMetrics,
  baseline: JudgedMetrics,
  thresholds: DriftThresholds,
): DriftComparison {
  const rmseRise = baseline.rmse === 0 ? null : (measured.rmse - baseline.rmse) / baseline.rmse;
  const isRmseWorse = rmseRise === null ? measured.rmse > 0 : rmseRise > thresholds.rmse + ROUNDING;
  const { r2Drop, r2Basis } = lossOfR2(measured.r2, baseline.r2);
  const isR2Worse = r2Drop !== null && r2Drop > thresholds.r2 + ROUNDING;
  return {
    rmseRise,
    r2Drop,
    r2Basis,
    reasons: [...(isRmseWorse ? ['rmse' as const] : []), ...(isR2Worse ? ['r2' as const] : [])],
  };
}

function lossOfR2(
  measured: number | null,
  baseline: number | null,
): Pick<DriftComparison, 'r2Drop' | 'r2Basis'> {
  if (measured === null || baseline === null) return { r2Drop: null, r2Basis: null };
  const points = baseline - measured;
  return baseline > 0
    ? { r2Drop: points / baseline, r2Basis: 'relative' }
    : { r2Drop: points, r2Basis: 'absolute' };
}
