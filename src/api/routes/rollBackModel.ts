import { z } from 'zod';
import { answerDecision, MODEL_DECIDED, MODEL_REFUSALS, signatureShape } from '../modelDecision.ts';
import { route } from '../route.ts';

/** Puts an earlier champion back into service. */
export const rollBackModel = route({
  operationId: 'rollBackModel',
  method: 'post',
  path: '/api/models/:id/rollback',
  summary: 'A named person puts an earlier champion back into service.',
  params: { id: 'Id of the model.' },
  body: z.strictObject(signatureShape),
  answers: MODEL_DECIDED,
  refusals: [...MODEL_REFUSALS, 'ALREADY_IN_SERVICE', 'NEVER_IN_SERVICE', 'BINARY_PURGED'],
  handler: ({ params, body }, api) =>
    answerDecision({ gate: 'rollback', modelId: params.id, decision: 'approve', ...body }, api),
});
