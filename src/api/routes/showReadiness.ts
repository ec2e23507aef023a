import { z } from 'zod';
import type { Queues } from '../../../queues/openQueues.ts';
import type { Home } from '../../config/home.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { readChampion } from '../../registry/champion.ts';
import { demandBinaryUnchanged } from '../../registry/modelBinary.ts';
import { checkHome } from '../../schedule/claimHome.ts';
import { demandWritable } from '../demandRedis.ts';
import { describeError } from '../errors/describeError.ts';
import { errorDetailSchema } from '../errors/errorBody.ts';
import { logIfOwnFault } from '../errors/logIfOwnFault.ts';
import { route } from '../route.ts';

const missingSchema = errorDetailSchema.extend({ ok: z.literal(false) });
const checkSchema = z.discriminatedUnion('ok', [z.strictObject({ ok: z.literal(true) }), missingSchema]);
const readinessSchema = z
  .strictObject({
    redis: checkSchema,
    config: checkSchema,
    champion: z.discriminatedUnion('ok', [
      z.strictObject({ ok: z.literal(true), model_id: z.string() }),
      missingSchema,
    ]),
  })
  .meta({ id: 'Readiness' });

/** Whether a run could be started now; what is missing says how to mend it. */
export const showReadiness = route({
  operationId: 'showReadiness',
  method: 'get',
  path: '/readyz',
  summary:
    'Tells whether a run can be started: Redis answers and no other home has taken the id of this one there, the config can be used, and the binary of the champion is as it was trained.',
  params: {},
  answers: {
    200: { description: 'A run can be started.', body: readinessSchema },
    503: { description: 'Something is missing for a run, and how to mend it.', body: readinessSchema },
  },
  async handler(_request, { queues, home, log }) {
    const check = async <T extends object>(work: Promise<T>) => {
      try {
        return { ok: true as const, ...(await work) };
      } catch (error) {
        const answer = describeError(error, home);
        logIfOwnFault(log, error, answer);
        return { ok: false as const, ...answer.body.error };
      }
    };
    const [redis, config, champion] = await Promise.all([
      check(demandOurs(queues, home)),
      check(loadConfig(home).then(() => ({}))),
      check(demandServiceable(home)),
    ]);
    const isReady = redis.ok && config.ok && champion.ok;
    return { status: isReady ? 200 : 503, body: { redis, config, champion } };
  },
});

/** A champion whose binary is gone or is another one lets every run fail at its first step. */
async function demandServiceable(home: Home): Promise<{ model_id: string }> {
  const card = await readChampion(home);
  await demandBinaryUnchanged(home, card);
  return { model_id: card.model_id };
}

/** A Redis that was emptied may have been taken by another home of the same id: its jobs are not to be done here. */
async function demandOurs(queues: Queues, home: Home): Promise<object> {
  await demandWritable(queues);
  await checkHome(queues.redis, home);
  return {};
}
