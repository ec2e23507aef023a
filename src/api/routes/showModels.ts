import { z } from 'zod';
import { cardSchema, listModels, readCard } from '../../registry/modelCard.ts';
import { readRegistry } from '../../registry/registryState.ts';
import { describeError } from '../errors/describeError.ts';
import { errorDetailSchema } from '../errors/errorBody.ts';
import { modelUrl } from '../references/modelUrl.ts';
import { route } from '../route.ts';
import { addressSchema } from '../textFormats.ts';

const { status, created_at, cutoff, history_months, pred_months, metrics } = cardSchema.shape;
const { rmse, r2 } = metrics.shape.out_of_time.shape;

const listedShape = { id: z.string(), url: addressSchema, status };
const listedModelSchema = z.union([
  z.strictObject({
    ...listedShape,
    created_at,
    cutoff,
    history_months,
    pred_months,
    rmse: rmse.describe('Out of time.'),
    r2: r2.describe('Out of time.'),
    search_id: z.string().nullable().describe('The search that it came from; null for none.'),
  }),
  z.strictObject({ ...listedShape, error: errorDetailSchema }).describe('A model whose card cannot be read.'),
]);

/** All models, newest first, each with where it stands and its out-of-time figures. */
export const showModels = route({
  operationId: 'showModels',
  method: 'get',
  path: '/api/models',
  summary: 'Lists all models, newest first.',
  params: {},
  answers: {
    200: {
      description: 'The models.',
      body: z.strictObject({
        models: z.array(listedModelSchema),
        champion: z.string().nullable().describe('The model in service; null for none.'),
      }),
    },
  },
  async handler(_request, { home }) {
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
          return { ...found, error: describeError(error, home).body.error };
        }
      }),
    );
    return { status: 200, body: { models, champion: state.championId } };
  },
});
