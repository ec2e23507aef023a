import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clusterCustomers, scoreCustomers, scoringJobId } from '../../queues/scoring.ts';
import { type Home, homeAt } from '../../src/config/home.ts';
import { writeSampleShop } from '../../src/sample/writeSampleShop.ts';
import { startTestRedis, type TestRedis } from '../redis.ts';
import { openBench, outputPrints } from '../runOnQueues.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

const STEPS = [scoreCustomers.name, clusterCustomers.name];

let redis: TestRedis;
let undisturbed: TemporaryHome;
const started: ChildProcess[] = [];

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
  await undisturbed.configure('trees: 200', 'trees: 50');
  const bench = await openBench(undisturbed.home, redis.url);
  await bench.startWorkers();
  await bench.train();
  for (const step of STEPS) await cp(undisturbed.home.root, copyOf(step).root, { recursive: true });
  await bench.score(await bench.runOf('2026-01-01'));
  await bench.close();
});
afterAll(async () => {
  for (const worker of started) worker.kill('SIGKILL');
  await redis?.stop();
  for (const step of STEPS) await rm(copyOf(step).root, { recursive: true, force: true });
  await undisturbed?.remove();
});

/** The home as it was before the run, once for each step in which the worker is killed. */
function copyOf(step: string): Home {
  return homeAt(`${undisturbed.home.root}-${step}`);
}

function startWorkerProcess(root: string): ChildProcess {
  const worker = spawn(process.execPath, ['dist/src/cli/main.js', 'worker', '--home', root], {
    env: { ...process.env, REDIS_URL: redis.url },
    stdio: 'ignore',
  });
  started.push(worker);
  return worker;
}

test.each(STEPS)(
  'a worker killed in %s and started again leaves the files of an undisturbed run',
  async (step) => {
    const killed = copyOf(step);
    const bench = await openBench(killed, redis.url);
    const run = await bench.runOf('2026-01-01');
    let worker = startWorkerProcess(killed.root);
    let kills = 0;
    await bench.score(run, (news) => {
      if (kills > 0 || news.jobId !== scoringJobId(step, run) || news.state !== 'started') return;
      kills++;
      worker.kill('SIGKILL');
      once(worker, 'exit').then(() => {
        worker = startWorkerProcess(killed.root);
      });
    });
    expect(kills).toBe(1);
    worker.kill('SIGTERM');
    await once(worker, 'exit');
    await bench.close();

    expect(await outputPrints(killed)).toEqual(await outputPrints(undisturbed.home));
    const cutoffLine = async (file: string) =>
      (await readFile(file, 'utf8')).match(/last_score_cutoff: .*/)?.[0];
    expect(await cutoffLine(killed.configFile)).toBe('last_score_cutoff: 2026-01-31');
  },
);
