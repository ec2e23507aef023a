import type { Queues } from '../../../queues/openQueues.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { readChampion } from '../../registry/champion.ts';
import type { Api } from '../api.ts';
import { demandRedis } from '../demandRedis.ts';
import { describeError } from '../describeError.ts';
import { logIfOwnFault } from '../logIfOwnFault.ts';
import type { Answer, ApiRequest } from '../route.ts';

/** Whether a run could be started now; what is missing says how to mend it. */
export async function showReadiness(_request: ApiRequest, { queues, home, log }: Api): Promise<Answer> {
  const check = async <T extends object>(work: Promise<T>) => {
    try {
      return { ok: true, ...(await work) };
    } catch (error) {
      const answer = describeError(error);
      logIfOwnFault(log, error, answer);
      return { ok: false, ...answer.body.error };
    }
  };
  const [redis, config, champion] = await Promise.all([
    check(demandWritable(queues)),
    check(loadConfig(home).then(() => ({}))),
    check(readChampion(home).then(({ model_id }) => ({ model_id }))),
  ]);
  const isReady = redis.ok && config.ok && champion.ok;
  return { status: isReady ? 200 : 503, body: { redis, config, champion } };
}

/** A server that answers a PING may still refuse every write. */
async function demandWritable(queues: Queues): Promise<object> {
  await demandRedis(queues);
  await queues.redis.set(`${queues.prefix}:ready`, '1', 'PX', 1000);
  return {};
}
