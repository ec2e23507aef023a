import { Worker } from 'bullmq';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { reconcile } from '../../queues/maintenance.ts';
import { openQueues, type Queues } from '../../queues/openQueues.ts';
import { repeatStrategy } from '../../queues/repeatStrategy.ts';
import { homeAt } from '../../src/config/home.ts';
import { claimHome } from '../../src/schedule/claimHome.ts';
import { startWorkers, type WorkerHost } from '../../workers/host.ts';
import { type ForeignRedis, startForeignRedis } from '../redis.ts';
import { TEST_CLOCK } from '../runOnQueues.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

const ID = 'shop';

let server: ForeignRedis;
let folder: TemporaryHome;
let other: TemporaryHome;
let queues: Queues;
let host: WorkerHost;
let lines: Record<string, unknown>[];
const said = (text: string) => lines.filter(({ msg }) => String(msg).includes(text));

/** Starts the workers of a home that keep its id claimed; looks every few milliseconds. */
const keepWorking = ({ home }: TemporaryHome, log: pino.Logger) =>
  startWorkers({
    home: homeAt(home.root, ID),
    redisUrl: server.url,
    clock: TEST_CLOCK,
    log,
    threads: 1,
    keepsSchedule: true,
    guardsHomeId: true,
    watchMs: 10,
  });

/** Takes so many jobs as a worker of the other home would; a second worker on the queue would get some of them. */
async function takeAll(count: number): Promise<string[]> {
  const taken: string[] = [];
  const theirs = new Worker(reconcile.queue, async (job) => void taken.push(String(job.id)), {
    connection: { url: server.url, maxRetriesPerRequest: null },
    prefix: queues.prefix,
    settings: { repeatStrategy },
  });
  await expect.poll(() => taken.length, { timeout: 20_000 }).toBe(count);
  await theirs.close();
  return taken;
}

beforeEach(async () => {
  [server, folder, other] = await Promise.all([startForeignRedis(), makeHome(), makeHome()]);
  queues = await openQueues(server.url, ID, () => undefined);
  await claimHome(queues.redis, homeAt(folder.home.root, ID));
  lines = [];
  host = await keepWorking(
    folder,
    pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) }),
  );
});
afterEach(async () => {
  await host?.close();
  await queues?.close();
  await server?.stop();
  await Promise.all([folder?.remove(), other?.remove()]);
});

test('a Redis that is emptied under running workers is told again whose the id is, so that another home is refused', async () => {
  const claim = await queues.redis.get(`clv:${ID}:home`);
  await queues.redis.flushall();
  await expect.poll(() => queues.redis.get(`clv:${ID}:home`), { timeout: 20_000 }).toBe(claim);
  await expect(claimHome(queues.redis, homeAt(other.home.root, ID))).rejects.toMatchObject({
    code: 'HOME_ID_TAKEN',
  });
});

test('where another home took the id of an emptied Redis first, workers begin no more jobs until it is given back', async () => {
  const identity = await queues.redis.get(`clv:${ID}:home`);
  await queues.redis.set(`clv:${ID}:home`, 'the other one');
  await expect.poll(() => said('belongs to other files').length, { timeout: 20_000 }).toBe(1);
  await expect.poll(() => said('the workers are paused').length, { timeout: 20_000 }).toBe(1);
  const queue = queues.byName[reconcile.queue];
  const ids = Array.from({ length: 30 }, (_, i) => `of-the-other-${i}`);
  for (const jobId of ids) await queue.add(reconcile.name, {}, { jobId });
  expect(await takeAll(ids.length)).toEqual(ids);

  await queues.redis.set(`clv:${ID}:home`, String(identity));
  await expect.poll(() => said('belongs to this home again').length, { timeout: 20_000 }).toBe(1);
  await queue.add(reconcile.name, {}, { jobId: 'of-this-one' });
  await expect.poll(() => queue.getJobState('of-this-one'), { timeout: 20_000 }).toBe('completed');
});
