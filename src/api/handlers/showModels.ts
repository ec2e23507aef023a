import { listModels, readCard } from '../../registry/modelCard.ts';
import { readRegistry } from '../../registry/registryState.ts';
import type { Api } from '../api.ts';
import { describeError } from '../describeError.ts';
import { modelUrl } from '../modelUrl.ts';
import type { Answer, ApiRequest } from '../route.ts';

/** All models, newest first, each with where it stands and its out-of-time figures. */
export async function showModels(_request: ApiRequest, { home }: Api): Promise<Answer> {
  const state = await readRegistry(home);
  const models = await Promise.all(
    (await listModels(home)).reverse().map(async (id) => {
      const found = { id, url: modelUrl(id), status: state.statusOf(id) };
      try {
        const card = await readCard(home, id);
        const { rmse, r2 } = card.metrics.out_of_time;
        const { created_at, cutoff, history_months, pred_months } = card;
        const search_id = card.search?.id ?? null;
        return { ...found, created_at, cutoff, history_months, pred_months, rmse, r2, search_id };
      } catch (error) {
        // One damaged card must not hide the others.
        return { ...found, ...describeError(error).body };
      }
    }),
  );
  return { status: 200, body: { models, champion: state.championId } };
}
