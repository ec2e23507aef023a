import { findComparisonJob } from '../../../queues/startComparison.ts';
import { lookUpComparison } from '../../shop/lookUpComparison.ts';
import { COMPARISON_ANSWERS, COMPARISON_PARAMS, COMPARISON_REFUSALS } from '../comparisonAnswers.ts';
import { demandRedis } from '../demandRedis.ts';
import { ComparisonUnknownError } from '../errors/errors.ts';
import { referToJob } from '../references/jobReference.ts';
import { route } from '../route.ts';

/** Two models side by side, where somebody had them compared. Starts nothing: a browser may ask for a page by itself. */
export const showComparison = route({
  operationId: 'showComparison',
  method: 'get',
  path: '/api/models/:id/compare/:other',
  summary: 'Shows two models side by side, measured on the same customers and months.',
  params: COMPARISON_PARAMS,
  answers: COMPARISON_ANSWERS,
  refusals: [...COMPARISON_REFUSALS, 'COMPARISON_UNKNOWN'],
  async handler({ params: { id, other } }, { home, queues }) {
    const found = await lookUpComparison(home, id, other, null);
    if (found.record !== null) return { status: 200, body: found.record };
    await demandRedis(queues);
    const before = await findComparisonJob(queues, found.request, found.signature);
    if (before?.isInProgress !== true) throw new ComparisonUnknownError(id, other, before?.failure ?? null);
    const job = referToJob(before.id);
    return { status: 202, body: { job }, headers: { Location: job.url } };
  },
});
