import type { Queue } from 'bullmq';
import { HomeCopiedError, HomeIdTakenError } from '../../../queues/homeClaim.ts';
import { pausedQueues } from '../../../queues/pausedQueues.ts';
import { asRedisAway, RedisAwayError, RedisRefusesError } from '../../../queues/redisAwayError.ts';
import { scoreCustomers, scoreRunSchema } from '../../../queues/scoring.ts';
import { readThreadUse } from '../../../queues/threadUse.ts';
import type { QueueFacts, QueuesFacts, Trouble } from '../../../web/dashboardFacts.ts';
import type { Home } from '../../config/home.ts';
import type { IsoDate } from '../../domain/calendar/dates.ts';
import { checkHome } from '../../schedule/claimHome.ts';
import type { Api } from '../api.ts';
import { demandRedis, demandWritable } from '../demandRedis.ts';
import { failureOf } from '../jobView.ts';
import { within } from '../within.ts';
import { troubleOf } from './tellPart.ts';

/** A Redis that answers a PING and then nothing for so long does not hold the page up. */
const PATIENCE_MS = 1_000;

/** What Redis knows of the jobs. Throws RedisAwayError. */
export async function queuesFacts(api: Pick<Api, 'queues' | 'home' | 'log'>): Promise<QueuesFacts> {
  const { queues, home } = api;
  await demandRedis(queues);
  const asked = Promise.all([
    Promise.all(Object.values(queues.byName).map((queue) => queueFacts(queue, home))),
    pausedQueues(queues),
    queuedCutoffs(queues.byName[scoreCustomers.queue]),
    readThreadUse(queues),
    idTaken(api),
    refusal(api),
  ]);
  const [facts, paused, cutoffs, { threads }, taken, refused] = await within(
    PATIENCE_MS,
    asked,
    `no answer in ${PATIENCE_MS} ms`,
  ).catch((error) => {
    throw new RedisAwayError(error);
  });
  return {
    queues: facts.map((it) => ({ ...it, isPaused: paused.some((name) => name === it.name) })),
    queuedCutoffs: cutoffs,
    threads,
    idTaken: taken,
    refusal: refused,
  };
}

/** Why the workers of this home are paused, if other files have its id on this Redis; null while it is its own. */
async function idTaken(api: Pick<Api, 'queues' | 'home' | 'log'>): Promise<Trouble | null> {
  try {
    await checkHome(api.queues.redis, api.home);
    return null;
  } catch (error) {
    if (!(error instanceof HomeIdTakenError || error instanceof HomeCopiedError)) throw error;
    return troubleOf(error, api);
  }
}

/** So many delayed jobs are looked at: a shop has a few, each for a day of its own. */
const LOOKED_AT = 50;

/** A step that waits for its next attempt has begun before. */
async function queuedCutoffs(scoring: Queue): Promise<IsoDate[]> {
  const delayed = await scoring.getDelayed(0, LOOKED_AT - 1);
  return delayed
    .filter(({ name, attemptsMade }) => name === scoreCustomers.name && attemptsMade === 0)
    .flatMap(({ data }) => {
      const run = scoreRunSchema.safeParse(data);
      return run.success ? [run.data.cutoff] : [];
    })
    .sort();
}

/** What Redis says in place of taking a write; null where it takes one. */
async function refusal(api: Pick<Api, 'queues' | 'home' | 'log'>): Promise<Trouble | null> {
  try {
    await demandWritable(api.queues);
    return null;
  } catch (error) {
    const reason = asRedisAway(error);
    if (!(reason instanceof RedisRefusesError)) throw error;
    return troubleOf(reason, api);
  }
}

async function queueFacts(queue: Queue, home: Home): Promise<Omit<QueueFacts, 'isPaused'>> {
  const [counts, [newest]] = await Promise.all([queue.getJobCounts(), queue.getFailed(0, 0)]);
  return {
    name: queue.name,
    waiting: (counts.waiting ?? 0) + (counts.prioritized ?? 0) + (counts.paused ?? 0),
    behindOthers: counts['waiting-children'] ?? 0,
    active: counts.active ?? 0,
    delayed: counts.delayed ?? 0,
    failed: counts.failed ?? 0,
    lastFailure:
      newest === undefined
        ? null
        : {
            job: newest.id ?? newest.name,
            failedMs: newest.finishedOn ?? newest.timestamp,
            reason: failureOf(newest, home) ?? '',
          },
  };
}
