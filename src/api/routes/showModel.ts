import { z } from 'zod';
import { cardSchema, type ModelCard, readCard } from '../../registry/modelCard.ts';
import { readRegistry } from '../../registry/registryState.ts';
import { modelUrl } from '../references/modelUrl.ts';
import { route } from '../route.ts';
import { addressSchema } from '../textFormats.ts';

const reportSchema = z.strictObject({ html: addressSchema, csv: addressSchema });

/** One model: where it stands, its whole card, and where the report of its training is; null for a card without one. */
export const showModel = route({
  operationId: 'showModel',
  method: 'get',
  path: '/api/models/:id',
  summary: 'Shows the card of a model and where it stands.',
  params: { id: 'Id of the model.' },
  answers: {
    200: {
      description: 'The model.',
      body: z
        .strictObject({
          id: z.string(),
          url: addressSchema,
          status: cardSchema.shape.status,
          report: reportSchema
            .nullable()
            .describe('Where the report of its training is; null for a card without one.'),
          card: cardSchema.meta({ id: 'ModelCard' }),
        })
        .meta({ id: 'Model' }),
    },
  },
  refusals: ['MODEL_UNKNOWN'],
  async handler({ params: { id } }, { home }) {
    const card = await readCard(home, id);
    const status = (await readRegistry(home)).statusOf(id);
    return { status: 200, body: { id, url: modelUrl(id), status, report: reportUrls(card), card } };
  },
});

function reportUrls({ model_id, report }: ModelCard): z.infer<typeof reportSchema> | null {
  const html = `${modelUrl(model_id)}/report`;
  return report === undefined ? null : { html, csv: `${html}.csv` };
}
