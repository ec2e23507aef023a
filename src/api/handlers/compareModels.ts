import { startComparison } from '../../../queues/startComparison.ts';
import { lookUpComparison } from '../../shop/lookUpComparison.ts';
import type { Api } from '../api.ts';
import { demandRedis } from '../demandRedis.ts';
import { jobUrl } from '../jobUrl.ts';
import type { Answer, ApiRequest } from '../route.ts';

/** Two models side by side: at once where the comparison is there, else the address of the job that makes it. */
export async function compareModels({ params }: ApiRequest, { home, queues }: Api): Promise<Answer> {
  const found = await lookUpComparison(home, params.id, params.other, null);
  if (found.record !== null) return { status: 200, body: found.record };
  await demandRedis(queues);
  const id = await startComparison(queues, found.request, found.signature);
  const job = { id, url: jobUrl(id) };
  return { status: 202, body: { job }, headers: { Location: job.url } };
}
