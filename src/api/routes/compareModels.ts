import { startComparison } from '../../../queues/startComparison.ts';
import { lookUpComparison } from '../../shop/lookUpComparison.ts';
import { COMPARISON_ANSWERS, COMPARISON_PARAMS, COMPARISON_REFUSALS } from '../comparisonAnswers.ts';
import { demandRedis } from '../demandRedis.ts';
import { referToJob } from '../references/jobReference.ts';
import { route } from '../route.ts';

/** Has two models compared: at once where the comparison is there, else by the job whose address is given. */
export const compareModels = route({
  operationId: 'compareModels',
  method: 'post',
  path: '/api/models/:id/compare/:other',
  summary: 'Has two models compared on the same customers and months.',
  params: COMPARISON_PARAMS,
  answers: COMPARISON_ANSWERS,
  refusals: COMPARISON_REFUSALS,
  async handler({ params }, { home, queues }) {
    const found = await lookUpComparison(home, params.id, params.other, null);
    if (found.record !== null) return { status: 200, body: found.record };
    await demandRedis(queues);
    const job = referToJob(await startComparison(queues, found.request, found.signature));
    return { status: 202, body: { job }, headers: { Location: job.url } };
  },
});
