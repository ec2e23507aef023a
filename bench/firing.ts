import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { type Job, Worker } from 'bullmq';
import { mergeActuals } from '../queues/maturity.ts';
import { openQueues } from '../queues/openQueues.ts';
import { repeatStrategy } from '../queues/repeatStrategy.ts';
import { acquireRedis } from '../src/redis/acquireRedis.ts';

/**
 * How late alarms fire: delayed jobs that are due at instants spread over a minute, on an idle worker of the queue
 * `maturity`, with a private Redis as the program starts it. Prints a table; exits with 1 if one fired before its
 * instant, or if the 99th percentile is 50 ms or more.
 */
const JOBS = 200;
const SPREAD_MS = 60_000;
const LEAD_MS = 2_000;
const ALLOWED_P99_MS = 50;

const homeRoot = await mkdtemp(`${tmpdir()}/clv-firing-`);
const lease = await acquireRedis({
  homeRoot,
  env: { ...process.env, REDIS_URL: undefined },
  log: console.error,
});
const queues = await openQueues(lease.url, 'firing', console.error);
const lateMs: number[] = [];
let finish: () => void;
const finished = new Promise<void>((resolve) => {
  finish = resolve;
});
const worker = new Worker(
  mergeActuals.queue,
  async (job: Job<{ dueMs: number }>) => {
    lateMs.push(Date.now() - job.data.dueMs);
    if (lateMs.length === JOBS) finish();
  },
  {
    connection: { url: lease.url, maxRetriesPerRequest: null },
    prefix: queues.prefix,
    concurrency: 1,
    settings: { repeatStrategy },
  },
);
await worker.waitUntilReady();
const startMs = Date.now() + LEAD_MS;
for (let i = 0; i < JOBS; i++) {
  // A step that is not a multiple of any timer's interval, so that instants fall anywhere between two ticks.
  const dueMs = startMs + Math.floor(((i * 0.618_033_988_75) % 1) * SPREAD_MS);
  const timestamp = Date.now();
  await queues.byName.maturity.add(mergeActuals.name, { dueMs }, { timestamp, delay: dueMs - timestamp });
}
await finished;
await worker.close();
await queues.close();
await lease.release();
await rm(homeRoot, { recursive: true, force: true });

lateMs.sort((a, b) => a - b);
const percentile = (share: number): number => lateMs[Math.ceil(share * lateMs.length) - 1];
const [p50, p90, p99] = [0.5, 0.9, 0.99].map(percentile);
const [earliest, latest] = [lateMs[0], lateMs[lateMs.length - 1]];
console.log('| jobs | fired before due | earliest | p50 | p90 | p99 | max |');
console.log('| ---: | ---------------: | -------: | --: | --: | --: | --: |');
const early = lateMs.filter((ms) => ms < 0).length;
console.log(`| ${JOBS} | ${early} | ${earliest} ms | ${p50} ms | ${p90} ms | ${p99} ms | ${latest} ms |`);
if (early > 0 || p99 >= ALLOWED_P99_MS) process.exitCode = 1;
