import type { DriftFacts } from '../../../web/dashboardFacts.ts';
import { readDriftHistory } from '../../alerts/driftHistory.ts';
import { listAlerts } from '../../alerts/listAlerts.ts';
import type { Home } from '../../config/home.ts';
import { standingResults } from '../../domain/drift/driftResult.ts';
import { isInSample } from '../../domain/drift/inSample.ts';
import { labelsEnds } from '../../registry/labelsEnds.ts';

/** What became of predictions, and who takes care of it. Throws DriftHistoryDamagedError, RecordsDamagedError. */
export async function driftFacts(home: Home): Promise<DriftFacts> {
  const [history, alerts] = await Promise.all([readDriftHistory(home), listAlerts(home)]);
  const results = standingResults(history);
  const ends = await labelsEnds(
    home,
    results.map(({ modelId }) => modelId),
  );
  return {
    results: results.map((it) => ({ ...it, isInSample: isInSample(it, ends.get(it.modelId)) })),
    alerts: alerts.map(({ id, result, acknowledgement }) => ({
      id,
      cutoff: result.cutoff,
      predMonths: result.predMonths,
      windowEnd: result.windowEnd,
      reasons: result.comparison.reasons,
      rmseRise: result.comparison.rmseRise,
      r2: result.metrics.r2,
      baselineR2: result.baseline.r2,
      acknowledgedBy: acknowledgement?.by ?? null,
    })),
  };
}
