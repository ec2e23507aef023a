import { type DriftResult, isAlert } from '../domain/drift/driftResult.ts';

/** A result in the words of the files, for programs. */
export function driftFigures(result: DriftResult) {
  const { metrics, baseline, comparison, thresholds, newCustomers } = result;
  return {
    cutoff: result.cutoff,
    pred_months: result.predMonths,
    window_end: result.windowEnd,
    model_id: result.modelId,
    status: isAlert(result) ? 'alert' : 'ok',
    reasons: comparison.reasons,
    rmse: metrics.rmse,
    baseline_rmse: baseline.rmse,
    rmse_rise: comparison.rmseRise,
    rmse_threshold: thresholds.rmse,
    r2: metrics.r2,
    baseline_r2: baseline.r2,
    r2_drop: comparison.r2Drop,
    r2_basis: comparison.r2Basis,
    r2_threshold: thresholds.r2,
    customers: metrics.customers,
    mae: metrics.mae,
    bias: metrics.bias,
    spearman: metrics.spearman,
    normalized_gini: metrics.normalizedGini,
    mean_actual: metrics.meanActual,
    mean_predicted: metrics.meanPredicted,
    new_customers: newCustomers.customers,
    new_customers_revenue: newCustomers.revenue,
    actual_sha256: result.actualSha256,
  };
}
