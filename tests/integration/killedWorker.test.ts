import { once } from 'node:events';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { driftJobId, mergeJobId } from '../../queues/maturity.ts';
import { bumpCutoff, clusterCustomers, scoreCustomers, scoringJobId } from '../../queues/scoring.ts';
import { temporaryName } from '../../src/artefacts/files/temporaryFiles.ts';
import { type Home, homeAt } from '../../src/config/home.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { writeSampleShop } from '../../src/sample/writeSampleShop.ts';
import { keepAlarm } from '../../src/schedule/alarms.ts';
import { killableWorkers } from '../killableWorkers.ts';
import { startTestRedis, type TestRedis } from '../redis.ts';
import { type Bench, openBench, outputPrints, TEST_CLOCK } from '../runOnQueues.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

const STEPS = [scoreCustomers.name, clusterCustomers.name, bumpCutoff.name];
/** The home of the test in which the alarm is set and the cutoff is not moved yet. */
const BETWEEN = 'between-alarm-and-bump';
const WINDOW = { cutoff: '2026-01-01', predMonths: 6 };

let redis: TestRedis;
let undisturbed: TemporaryHome;
const workers = killableWorkers();

beforeAll(async () => {
  redis = await startTestRedis();
  undisturbed = await makeHome();
  await writeSampleShop({
    out: `${undisturbed.home.root}/orders.csv`,
    end: '2026-01-01',
    customers: 4000,
    months: 30,
  });
  await undisturbed.configure('  orders: null', '  orders: orders.csv');
  await undisturbed.configure('trees: 200', 'trees: 10');
  await undisturbed.configure('engine: tournament', 'engine: forest');
  const bench = await openBench(undisturbed.home, redis.url);
  await bench.startWorkers();
  await bench.train();
  for (const step of [...STEPS, BETWEEN])
    await cp(undisturbed.home.root, copyOf(step).root, { recursive: true });
  await bench.score(await bench.runOf('2026-01-01'));
  await bench.close();
});
afterAll(async () => {
  workers.endAll();
  await redis?.stop();
  for (const step of [...STEPS, BETWEEN]) await rm(copyOf(step).root, { recursive: true, force: true });
  await undisturbed?.remove();
});

/** The home as it was before the run, once for each step in which the worker is killed. */
function copyOf(step: string): Home {
  return homeAt(`${undisturbed.home.root}-${step}`);
}

// Side by side: each waits for the lock of the job whose worker died.
test.concurrent.each(STEPS)(
  'a worker killed in %s and started again leaves the files of an undisturbed run',
  async (step) => {
    const killed = copyOf(step);
    const bench = await openBench(killed, redis.url);
    const run = await bench.runOf('2026-01-01');
    let worker = workers.start(killed.root, redis.url);
    let kills = 0;
    await bench.score(run, (news) => {
      if (kills > 0 || news.jobId !== scoringJobId(step, run) || news.state !== 'started') return;
      kills++;
      worker.kill('SIGKILL');
      once(worker, 'exit').then(async () => {
        await leaveHalfAFile(killed);
        worker = workers.start(killed.root, redis.url);
      });
    });
    expect(kills).toBe(1);
    worker.kill('SIGTERM');
    await once(worker, 'exit');
    await expectOneAlarm(bench);
    await bench.close();
    await expectUndisturbed(killed);
  },
);

test.concurrent('a worker killed after the alarm was set and before the cutoff moved leaves one alarm, and a cutoff that moved once', async () => {
  const killed = copyOf(BETWEEN);
  const bench = await openBench(killed, redis.url);
  const run = await bench.runOf(WINDOW.cutoff);
  let worker = workers.start(killed.root, redis.url);
  let restarted: Promise<void> | undefined;
  await bench.score(run, (news) => {
    if (restarted || news.jobId !== scoringJobId(bumpCutoff.name, run) || news.state !== 'started') return;
    worker.kill('SIGKILL');
    restarted = once(worker, 'exit').then(async () => {
      // Wherever in the step the worker died: now it has got as far as the alarm.
      const means = { home: killed, queues: bench.queues, clock: TEST_CLOCK };
      await keepAlarm(means, await loadConfig(killed), WINDOW);
      await expectOneAlarm(bench);
      worker = workers.start(killed.root, redis.url);
    });
  });
  await restarted;
  worker.kill('SIGTERM');
  await once(worker, 'exit');
  await expectOneAlarm(bench);
  await bench.close();
  await expectUndisturbed(killed);
});

/** What a process that was killed before the rename leaves, wherever the worker of the test was killed. */
async function leaveHalfAFile({ root, outputs }: Home): Promise<void> {
  for (const path of [`${outputs}/clv_predictions_20260101_pred6m.csv`, `${root}/.orders.csv.gz`]) {
    const ofThisProcess = temporaryName(path);
    await writeFile(ofThisProcess.replace(/[0-9a-f]{8}(\.[0-9a-f]{8}\.tmp)$/, '00000000$1'), 'customer_id');
  }
}

/** One merge that waits for the window to pass, and one drift monitor that waits for it. */
async function expectOneAlarm({ queues }: Bench): Promise<void> {
  const jobs = await queues.byName.maturity.getJobs(['delayed', 'waiting-children', 'waiting', 'active']);
  expect(jobs.map((job) => job.id).sort()).toEqual([driftJobId(WINDOW), mergeJobId(WINDOW)]);
}

async function expectUndisturbed(killed: Home): Promise<void> {
  expect(await outputPrints(killed)).toEqual(await outputPrints(undisturbed.home));
  expect((await readdir(killed.root)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  const cutoffLine = async (file: string) =>
    (await readFile(file, 'utf8')).match(/last_score_cutoff: .*/)?.[0];
  expect(await cutoffLine(killed.configFile)).toBe('last_score_cutoff: 2026-01-31');
}
