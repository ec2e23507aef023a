import { z } from 'zod';
import { answerDecision, MODEL_DECIDED, MODEL_REFUSALS, signatureShape } from '../modelDecision.ts';
import { route } from '../route.ts';

/** Gate 2: signs a candidate off, or rejects it. */
export const decideModel = route({
  operationId: 'decideModel',
  method: 'post',
  path: '/api/models/:id/approval',
  summary: 'Gate 2: a named person signs a candidate off, or rejects it.',
  params: { id: 'Id of the model.' },
  body: z.strictObject({
    decision: z.enum(['approve', 'reject'], 'is not one of approve, reject'),
    ...signatureShape,
    override: z
      .string()
      .trim()
      .min(1, 'is empty')
      .nullable()
      .default(null)
      .describe('Why a candidate is to serve although it lost to a benchmark.'),
  }),
  answers: MODEL_DECIDED,
  refusals: [...MODEL_REFUSALS, 'ALREADY_DECIDED', 'CONTEST_LOST'],
  handler: ({ params, body }, api) => answerDecision({ gate: 'sign-off', modelId: params.id, ...body }, api),
});
