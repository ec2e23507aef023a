import { replaceFile } from '../artefacts/replaceFile.ts';
import type { Home } from '../config/home.ts';
import { ClvError } from '../domain/errors.ts';
import { appendToManifest, lastManifestRow } from './championManifest.ts';
import { type ModelCard, readCard } from './modelCard.ts';

/** No model is in service yet. */
export class ChampionMissingError extends ClvError {}

/** The card of the model in service, or null before the first. */
export async function findChampion(home: Home): Promise<ModelCard | null> {
  const row = await lastManifestRow(home);
  return row === null ? null : readCard(home, row.model_id);
}

/** The card of the model in service. Throws ChampionMissingError. */
export async function readChampion(home: Home): Promise<ModelCard> {
  const champion = await findChampion(home);
  if (champion !== null) return champion;
  throw new ChampionMissingError(
    'CHAMPION_MISSING',
    `${home.root} has no champion: no model has been trained in it.`,
    {
      remedy: 'Train one first: clv train',
    },
  );
}

/**
 * Puts a trained model into service. The baseline is written first and the manifest's row last: until that line stands,
 * the champion before is in service. Deploying the champion again changes nothing.
 */
export async function deployChampion(
  home: Home,
  card: ModelCard,
  deployment: { by: string; note: string; at: string },
): Promise<void> {
  if ((await lastManifestRow(home))?.model_id === card.model_id) return;
  const { out_of_time, out_of_bag } = card.metrics;
  const baseline = { model_id: card.model_id, pred_months: card.pred_months, out_of_time, out_of_bag };
  await replaceFile(`${home.models}/clv_model_latest.metrics.json`, `${JSON.stringify(baseline, null, 2)}\n`);
  await appendToManifest(home, {
    deployed_at: deployment.at,
    model_id: card.model_id,
    cutoff: card.cutoff,
    history_months: String(card.history_months),
    pred_months: String(card.pred_months),
    rmse: String(out_of_time.rmse),
    r2: String(out_of_time.r2 ?? ''),
    forest_sha256: card.forest.sha256,
    deployed_by: deployment.by,
    note: deployment.note,
  });
}
