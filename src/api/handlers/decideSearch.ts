import { z } from 'zod';
import { trainingJobId, trainingQueue } from '../../../queues/startTraining.ts';
import { decideOnSearch } from '../../registry/decideOnSearch.ts';
import type { Api } from '../api.ts';
import { demandRedis } from '../demandRedis.ts';
import { RequestInvalidError } from '../errors.ts';
import { jobUrl } from '../jobUrl.ts';
import { parseBody } from '../parseBody.ts';
import type { Answer, ApiRequest } from '../route.ts';
import { searchUrl } from '../searchUrl.ts';
import { signatureShape } from './modelDecision.ts';

const requestSchema = z.strictObject({
  decision: z.enum(['approve', 'reject'], 'is not one of approve, reject'),
  window: z.strictObject({ history_months: z.int(), pred_months: z.int() }).nullable().default(null),
  ...signatureShape,
});

/** Gate 1: approves a window, which is then trained, or rejects the search. */
export async function decideSearch({ params, body }: ApiRequest, api: Api): Promise<Answer> {
  const { home, queues, clock, log } = api;
  const asked = parseBody(requestSchema, body);
  if (asked.decision === 'reject' && asked.window !== null)
    throw new RequestInvalidError([{ path: 'window', message: 'goes with approve only' }]);
  // An approval queues a training: without Redis nothing is decided.
  if (asked.decision === 'approve') await demandRedis(queues);
  const { decision, proposal, mended } = await decideOnSearch(
    home,
    { searchId: params.id, ...asked },
    { nowMs: clock.now(), trainings: trainingQueue(queues) },
  );
  for (const sentence of mended) log.warn({ searchId: params.id }, sentence);
  log.info(
    {
      searchId: params.id,
      decision: decision.decision,
      approver: decision.approver,
      window: decision.window,
    },
    'a person decided on a search',
  );
  const search = { id: params.id, url: searchUrl(params.id), state: proposal.status };
  const modelId = proposal.decision?.model_id ?? null;
  if (modelId === null) return { status: 200, body: { search, decision, mended } };
  const jobId = trainingJobId(modelId);
  return {
    status: 202,
    body: { search, decision, model_id: modelId, job: { id: jobId, url: jobUrl(jobId) }, mended },
    headers: { Location: jobUrl(jobId) },
  };
}
