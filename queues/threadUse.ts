import { hostname } from 'node:os';
import type { Queues } from './openQueues.ts';

/** How many threads a process has for computing, and how many of them are busy. */
export interface ThreadUse {
  readonly threads: number;
  readonly busy: number;
}

/** How often a process reports its threads. */
export const THREAD_REPORT_MS = 5_000;
/** A process that has not reported for this long counts as gone. */
const SILENCE_MS = 3 * THREAD_REPORT_MS;

function keyOf({ prefix }: Queues): string {
  return `${prefix}:metrics:threads`;
}

function fieldOf(instance: string): string {
  return `${hostname()}:${process.pid}:${instance}`;
}

/**
 * Reports to Redis how the threads of this process are used.
 * @param instance distinguishes several pools of one process.
 */
export async function tellThreadUse(queues: Queues, instance: string, use: ThreadUse): Promise<void> {
  await queues.redis.hset(keyOf(queues), fieldOf(instance), JSON.stringify({ ...use, at: Date.now() }));
}

/** Removes the report, when the process stops. */
export async function forgetThreadUse(queues: Queues, instance: string): Promise<void> {
  await queues.redis.hdel(keyOf(queues), fieldOf(instance));
}

/** The threads of all processes that work for the home, added up. Reports of processes that died are removed. */
export async function readThreadUse(queues: Queues): Promise<ThreadUse> {
  let threads = 0;
  let busy = 0;
  for (const [field, text] of Object.entries(await queues.redis.hgetall(keyOf(queues)))) {
    const told = JSON.parse(text) as ThreadUse & { at: number };
    if (Date.now() - told.at > SILENCE_MS) {
      await queues.redis.hdel(keyOf(queues), field);
    } else {
      threads += told.threads;
      busy += told.busy;
    }
  }
  return { threads, busy };
}
