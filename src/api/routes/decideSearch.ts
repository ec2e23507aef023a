import { z } from 'zod';
import { trainingJobId, trainingQueue } from '../../../queues/startTraining.ts';
import { gridSearchProposalSchema } from '../../artefacts/search/gridSearchProposal.ts';
import { decideOnSearch } from '../../registry/decideOnSearch.ts';
import { demandRedis } from '../demandRedis.ts';
import { RequestInvalidError } from '../errors/errors.ts';
import { REDIS_CODES } from '../errors/statusOfCode.ts';
import { decidedShape, signatureShape } from '../modelDecision.ts';
import { jobReferenceSchema, referToJob } from '../references/jobReference.ts';
import { searchUrl } from '../references/searchUrl.ts';
import { route } from '../route.ts';
import { addressSchema } from '../textFormats.ts';

const rejectedSchema = z.strictObject({
  search: z.strictObject({
    id: z.string(),
    url: addressSchema,
    state: gridSearchProposalSchema.shape.status,
  }),
  ...decidedShape,
});

/** Gate 1: approves a window, which is then trained, or rejects the search. */
export const decideSearch = route({
  operationId: 'decideSearch',
  method: 'post',
  path: '/api/grid-searches/:id/approval',
  summary: 'Gate 1: a named person approves a window and has it trained, or rejects the search.',
  params: { id: 'Id of the search.' },
  body: z.strictObject({
    decision: z.enum(['approve', 'reject'], 'is not one of approve, reject'),
    window: z
      .strictObject({ history_months: z.int(), pred_months: z.int() })
      .nullable()
      .default(null)
      .describe('Another evaluated window than the proposed one; with approve only.'),
    ...signatureShape,
  }),
  answers: {
    200: { description: 'The search is rejected.', body: rejectedSchema },
    202: {
      description: 'The window is approved, and its training is queued.',
      body: rejectedSchema.extend({
        model_id: z.string().describe('The model that is trained.'),
        job: jobReferenceSchema,
      }),
      headers: { Location: 'Where the training can be followed.' },
    },
  },
  refusals: [
    'SIGNATURE_MISSING',
    'WINDOW_NOT_EVALUATED',
    'GRID_SEARCH_UNKNOWN',
    'ALREADY_DECIDED',
    'GRID_SEARCH_SUPERSEDED',
    'REGISTRY_BUSY',
    ...REDIS_CODES,
  ],
  async handler({ params, body: asked }, { home, queues, clock, log }) {
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
    const body = { search, decision, mended: [...mended] };
    const modelId = proposal.decision?.model_id ?? null;
    if (modelId === null) return { status: 200, body };
    const job = referToJob(trainingJobId(modelId));
    return {
      status: 202,
      body: { ...body, model_id: modelId, job },
      headers: { Location: job.url },
    };
  },
});
