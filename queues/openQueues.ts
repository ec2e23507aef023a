import { FlowProducer, type Job, Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { QUEUE_NAMES, type QueueName } from './jobContract.ts';
import { asRedisAway } from './redisAwayError.ts';
import { repeatStrategy } from './repeatStrategy.ts';

/** The producers' side of all queues of one home. */
export interface Queues {
  readonly prefix: string;
  readonly url: string;
  readonly byName: Readonly<Record<QueueName, Queue>>;
  readonly flows: FlowProducer;
  /** A plain connection to Redis, for locks and health checks. */
  readonly redis: Redis;
  /** Looks a job up in every queue; null where there is none. */
  findJob(id: string): Promise<Job | null>;
  close(): Promise<void>;
}

/** The prefix of a home's keys: homes that share a Redis do not see each other's jobs. */
export function queuePrefix(homeId: string): string {
  return `clv:${homeId}`;
}

/**
 * A server that takes a command but does not answer (stopped, or behind a dead network) counts as away after this time.
 */
const ANSWER_PATIENCE_MS = 5_000;
/** The longest time that a broken connection waits before it tries again, so that it is back soon after Redis is. */
const RECONNECT_MS = 1_000;

/**
 * Opens the queues for adding and looking up jobs. While Redis is away, every call fails at once instead of waiting for
 * it; the connection restores itself. Throws RedisAwayError.
 *
 * @param onError called with the errors of a connection that breaks later.
 */
export async function openQueues(
  url: string,
  homeId: string,
  onError: (error: Error) => void,
): Promise<Queues> {
  const prefix = queuePrefix(homeId);
  const redis = await openConnection(url, onError);
  const options = { connection: redis, prefix, skipWaitingForReady: true, settings: { repeatStrategy } };
  const queues = QUEUE_NAMES.map((name) => new Queue(name, options));
  const flows = new FlowProducer(options);
  for (const queue of queues) queue.on('error', onError);
  flows.on('error', onError);
  return {
    prefix,
    url,
    byName: Object.fromEntries(queues.map((queue) => [queue.name, queue])) as Record<QueueName, Queue>,
    flows,
    redis,
    async findJob(id) {
      for (const queue of queues) {
        const job = await queue.getJob(id);
        if (job) return job;
      }
      return null;
    },
    async close() {
      await Promise.all([...queues.map((queue) => queue.close()), flows.close()]);
      redis.disconnect();
    },
  };
}

/** A plain connection like that of `openQueues`; to be disconnected when done. Throws RedisAwayError. */
export async function openConnection(url: string, onError: (error: Error) => void): Promise<Redis> {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    lazyConnect: true,
    commandTimeout: ANSWER_PATIENCE_MS,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, RECONNECT_MS),
  });
  redis.on('error', onError);
  try {
    await redis.connect();
  } catch (error) {
    // Without this it would go on trying for ever.
    redis.disconnect();
    throw asRedisAway(error);
  }
  return redis;
}
