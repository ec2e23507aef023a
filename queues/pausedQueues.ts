import { QueueKeys } from 'bullmq';
import { QUEUE_NAMES, type QueueName } from './jobContract.ts';
import type { Queues } from './openQueues.ts';

/**
 * The queues that somebody paused on the board: whatever is put into them waits until somebody resumes them. Only reads:
 * to open a queue would write its key.
 */
export async function pausedQueues({
  redis,
  prefix,
}: Pick<Queues, 'redis' | 'prefix'>): Promise<QueueName[]> {
  // BullMQ's own question waits for a connection to be looked over, and says to the terminal what it thinks of the server.
  const keys = new QueueKeys(prefix);
  const marks = await Promise.all(
    QUEUE_NAMES.map((name) => redis.hexists(keys.toKey(name, 'meta'), 'paused')),
  );
  return QUEUE_NAMES.filter((_, i) => marks[i] === 1);
}

/** What somebody has to know who puts a job into a queue that is paused. */
export function tellPaused(queue: QueueName): string {
  return `The queue ${queue} is paused: nothing in it begins until somebody resumes it on the board (clv serve, /queues).`;
}
