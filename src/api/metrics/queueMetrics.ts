import type { Queue } from 'bullmq';
import { DURATION_BOUNDS, readDurations } from '../../../queues/jobDurations.ts';
import type { Queues } from '../../../queues/openQueues.ts';
import { pausedQueues } from '../../../queues/pausedQueues.ts';
import { readThreadUse } from '../../../queues/threadUse.ts';
import { gauge, type Metric, type Sample } from './exposition.ts';

/** What Redis knows: jobs, how long they took, alarms that are late, threads. @param nowMs since 1970 UTC. */
export async function queueMetrics(queues: Queues, nowMs: number): Promise<Metric[]> {
  const all = Object.values(queues.byName);
  const [counts, paused, late, durations, use] = await Promise.all([
    Promise.all(all.map(jobCounts)),
    pausedQueues(queues),
    Promise.all(all.map((queue) => overdue(queues, queue, nowMs))),
    readDurations(queues),
    readThreadUse(queues),
  ]);
  return [
    { name: 'clv_jobs', type: 'gauge', help: 'Jobs in the queue, by state.', samples: counts.flat() },
    {
      name: 'clv_queue_paused',
      type: 'gauge',
      help: '1 where somebody paused the queue, so that nothing in it begins, else 0.',
      samples: all.map(({ name }) => ({
        labels: { queue: name },
        value: paused.some((it) => it === name) ? 1 : 0,
      })),
    },
    {
      name: 'clv_overdue_seconds',
      type: 'gauge',
      help: 'Seconds since the oldest delayed job of the queue was due; 0 where none is late.',
      samples: late,
    },
    {
      name: 'clv_job_duration_seconds',
      type: 'histogram',
      help: 'How long attempts at jobs took, in seconds, by how they ended.',
      samples: durations.flatMap(({ queue, job, outcome, counts: inBucket, sumSeconds }) => {
        const labels = { queue, job, outcome };
        let upTo = 0;
        const buckets = [...DURATION_BOUNDS, Number.POSITIVE_INFINITY].map((bound, i): Sample => {
          upTo += inBucket[i];
          const le = bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound);
          return { suffix: '_bucket', labels: { ...labels, le }, value: upTo };
        });
        return [
          ...buckets,
          { suffix: '_sum', labels, value: sumSeconds },
          { suffix: '_count', labels, value: upTo },
        ];
      }),
    },
    gauge('clv_threads', 'Threads for computing, in all processes that work.', use.threads),
    gauge(
      'clv_threads_busy',
      'Threads that were computing when their process last told, every 5 seconds.',
      use.busy,
    ),
  ];
}

async function jobCounts(queue: Queue): Promise<Sample[]> {
  const counts = await queue.getJobCounts();
  return Object.entries(counts).map(([state, value]) => ({ labels: { queue: queue.name, state }, value }));
}

/** BullMQ keeps delayed jobs by due instant: milliseconds since 1970 UTC times this, plus a number among equals. */
const SCORES_PER_MS = 4096;

async function overdue({ redis }: Queues, queue: Queue, nowMs: number): Promise<Sample> {
  const [, score] = await redis.zrange(queue.toKey('delayed'), '0', '0', 'WITHSCORES');
  const lateMs = score === undefined ? 0 : nowMs - Math.floor(Number(score) / SCORES_PER_MS);
  return { labels: { queue: queue.name }, value: Math.max(0, lateMs) / 1000 };
}
