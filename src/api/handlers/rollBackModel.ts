import { z } from 'zod';
import type { Api } from '../api.ts';
import { parseBody } from '../parseBody.ts';
import type { Answer, ApiRequest } from '../route.ts';
import { answerDecision, signatureShape } from './modelDecision.ts';

const requestSchema = z.strictObject(signatureShape);

/** Puts an earlier champion back into service. */
export async function rollBackModel({ params, body }: ApiRequest, api: Api): Promise<Answer> {
  const asked = parseBody(requestSchema, body);
  return answerDecision({ gate: 'rollback', modelId: params.id, decision: 'approve', ...asked }, api);
}
