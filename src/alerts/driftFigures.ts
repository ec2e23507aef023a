import { z } from 'zod';
import { type DriftResult, isAlert } from '../domain/drift/driftResult.ts';

/** The shape of a drift result as programs get it; docs/drift.md says what the figures mean. */
export const driftFiguresSchema = z.strictObject({
  cutoff: z.string(),
  pred_months: z.int(),
  window_end: z.string(),
  model_id: z.string(),
  status: z.enum(['alert', 'ok']),
  reasons: z.array(z.enum(['rmse', 'r2'])),
  rmse: z.number(),
  baseline_rmse: z.number(),
  rmse_rise: z.number().nullable(),
  rmse_threshold: z.number(),
  r2: z.number().nullable(),
  baseline_r2: z.number().nullable(),
  r2_drop: z.number().nullable(),
  r2_basis: z.enum(['relative', 'absolute']).nullable(),
  r2_threshold: z.number(),
  customers: z.int(),
  mae: z.number(),
  bias: z.number().nullable(),
  spearman: z.number().nullable(),
  normalized_gini: z.number().nullable(),
  mean_actual: z.number(),
  mean_predicted: z.number(),
  new_customers: z.int(),
  new_customers_revenue: z.number(),
  actual_sha256: z.string(),
});

/** A drift result with the names that files and API use. */
export function driftFigures(result: DriftResult): z.infer<typeof driftFiguresSchema> {
  const { metrics, baseline, comparison, thresholds, newCustomers } = result;
  return {
    cutoff: result.cutoff,
    pred_months: result.predMonths,
    window_end: result.windowEnd,
    model_id: result.modelId,
    status: isAlert(result) ? 'alert' : 'ok',
    reasons: [...comparison.reasons],
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
