import { z } from 'zod';
import type { Api } from '../api.ts';
import { parseBody } from '../parseBody.ts';
import type { Answer, ApiRequest } from '../route.ts';
import { answerDecision, signatureShape } from './modelDecision.ts';

const requestSchema = z.strictObject({
  decision: z.enum(['approve', 'reject'], 'is not one of approve, reject'),
  ...signatureShape,
  /** Why a candidate is to serve although it lost to a benchmark. */
  override: z.string().trim().min(1, 'is empty').nullable().default(null),
});

/** Gate 2: signs a candidate off, or rejects it. */
export async function decideModel({ params, body }: ApiRequest, api: Api): Promise<Answer> {
  const asked = parseBody(requestSchema, body);
  return answerDecision({ gate: 'sign-off', modelId: params.id, ...asked }, api);
}
