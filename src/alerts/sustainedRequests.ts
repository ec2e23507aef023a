import { z } from 'zod';
import { alertIdOf } from '../artefacts/names.ts';
import type { Home } from '../config/home.ts';
import type { DriftResult } from '../domain/drift/driftResult.ts';
import type { DriftEpisode } from '../domain/drift/sustainedDrift.ts';
import { openRequest, type ReviewRequest, readRequest, requestIds } from '../registry/requests.ts';
import { driftFigures } from './driftFigures.ts';

const KIND = 'sustained-drift';

/** The part of such a request's evidence that is read back. */
const evidenceSchema = z.looseObject({
  model_id: z.string(),
  windows: z.array(z.looseObject({ cutoff: z.string(), pred_months: z.int() })),
});

/**
 * Asks a person for a search because of alerts in a row. Calling it twice with the same id opens one request.
 * Throws RegistryBusyError, ReviewRequestDamagedError, FileWriteError.
 *
 * @param inARow alerts in consecutive windows of one model, at least one.
 */
export async function openSustainedRequest(
  home: Home,
  id: string,
  inARow: readonly DriftResult[],
  nowMs: number,
): Promise<void> {
  const { modelId } = inARow[0];
  await openRequest(home, {
    id,
    kind: KIND,
    reason: `${inARow.length} alerts in consecutive windows of ${modelId}: a grid search is recommended.`,
    evidence: {
      model_id: modelId,
      windows: inARow.map((row) => ({ alert: alertIdOf(row), ...driftFigures(row) })),
    },
    nowMs,
  });
}

/**
 * The rows of alerts that people were asked about, decided or not, the oldest first. Damaged files are skipped, because
 * they must not keep windows from being measured.
 */
export async function readAskedEpisodes(home: Home): Promise<DriftEpisode[]> {
  const ids = (await requestIds(home)).filter((id) => id.startsWith(`${KIND}-`));
  const requests = await Promise.all(ids.sort().map((id) => readRequest(home, id).catch(() => null)));
  return requests
    .filter((request) => request !== null)
    .sort((a, b) => Date.parse(a.opened_at) - Date.parse(b.opened_at))
    .flatMap(episodeOf);
}

function episodeOf({ id, evidence }: ReviewRequest): DriftEpisode[] {
  const { success, data } = evidenceSchema.safeParse(evidence);
  if (!success) return [];
  const { model_id: modelId, windows } = data;
  return [
    {
      id,
      alerts: windows.map(({ cutoff, pred_months: predMonths }) => ({ modelId, cutoff, predMonths })),
    },
  ];
}
