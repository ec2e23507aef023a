import { z } from 'zod';
import { startComparison } from '../../../queues/startComparison.ts';
import { comparisonSchema } from '../../registry/comparisonRecord.ts';
import { lookUpComparison } from '../../shop/lookUpComparison.ts';
import { demandRedis } from '../demandRedis.ts';
import { jobReferenceSchema, referToJob } from '../jobReference.ts';
import { route } from '../route.ts';
import { REDIS_CODES } from '../statusOfCode.ts';

/** Two models side by side: at once where the comparison is there, else the address of the job that makes it. */
export const compareModels = route({
  operationId: 'compareModels',
  method: 'get',
  path: '/api/models/:id/compare/:other',
  summary: 'Holds two models against each other on the same customers and months.',
  params: { id: 'Id of the first model.', other: 'Id of the second model.' },
  answers: {
    200: { description: 'The comparison.', body: comparisonSchema.meta({ id: 'Comparison' }) },
    202: {
      description: 'The comparison has to be made; ask again when its job has succeeded.',
      body: z.strictObject({ job: jobReferenceSchema }),
      headers: { Location: 'Where the job can be followed.' },
    },
  },
  refusals: [
    'SAME_MODEL',
    'MODEL_UNKNOWN',
    'ORDERS_NOT_NAMED',
    // What is told of files by their names, sizes and first bytes; the rest is told by the job.
    'ORDERS_FILE_MISSING',
    'ORDERS_FILE_KIND',
    'ORDERS_FILE_EMPTY',
    'ORDERS_FILE_DAMAGED',
    'ORDERS_FILE_UNREADABLE',
    ...REDIS_CODES,
  ],
  async handler({ params }, { home, queues }) {
    const found = await lookUpComparison(home, params.id, params.other, null);
    if (found.record !== null) return { status: 200, body: found.record };
    await demandRedis(queues);
    const job = referToJob(await startComparison(queues, found.request, found.signature));
    return { status: 202, body: { job }, headers: { Location: job.url } };
  },
});
