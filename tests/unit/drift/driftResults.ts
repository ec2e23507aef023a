import { addMonths } from '../../../src/domain/calendar/dates.ts';
import { compareWithBaseline } from '../../../src/domain/drift/compareWithBaseline.ts';
import type { DriftResult } from '../../../src/domain/drift/driftResult.ts';

export const BASELINE = {
  customers: 900,
  rmse: 50,
  mae: 20,
  bias: 0.01,
  r2: 0.4,
  spearman: 0.5,
  normalizedGini: 0.6,
  meanActual: 80,
  meanPredicted: 80.8,
};
const THRESHOLDS = { rmse: 0.2, r2: 0.15 };

/** A result whose RMSE alone decides: 50 is the baseline, more than 60 is an alert. */
export function resultOf(cutoff: string, rmse: number, more: Partial<DriftResult> = {}): DriftResult {
  const metrics = { ...BASELINE, customers: 1234, rmse, ...more.metrics };
  const baseline = more.baseline ?? { rmse: BASELINE.rmse, r2: BASELINE.r2 };
  return {
    cutoff,
    predMonths: 6,
    windowEnd: addMonths(cutoff, 6),
    modelId: 'clv_model_20250101_000000',
    thresholds: THRESHOLDS,
    newCustomers: { customers: 0, revenue: 0 },
    actualSha256: `sha of ${cutoff} ${rmse}`,
    ...more,
    metrics,
    baseline,
    comparison: compareWithBaseline(metrics, baseline, THRESHOLDS),
  };
}
