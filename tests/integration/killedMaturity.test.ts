import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { driftJobId, mergeJobId } from '../../queues/maturity.ts';
import { alarmFault } from '../../queues/maturityFlow.ts';
import { followJobs, type JobNews } from '../../src/cli/followJobs.ts';
import { type Home, homeAt } from '../../src/config/home.ts';
import { writeSampleShop } from '../../src/sample/writeSampleShop.ts';
import { killableWorkers } from '../killableWorkers.ts';
import { writeTestPredictions } from '../maturedWindow.ts';
import { startTestRedis, type TestRedis } from '../redis.ts';
import { type Bench, openBench, outputPrints, TEST_CLOCK } from '../runOnQueues.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';
import { writeTestCandidate } from '../testModel.ts';

const WINDOW = { cutoff: '2025-06-01', predMonths: 6 };
const MODEL = 'clv_model_20250601_120000';
const [MERGE, DRIFT] = [mergeJobId(WINDOW), driftJobId(WINDOW)];

/** The news at which the worker is killed. */
const MOMENTS = [
  ['in the merge', MERGE, 'started'],
  ['between merge and drift monitor', MERGE, 'completed'],
  ['in the drift monitor', DRIFT, 'started'],
] as const;

let redis: TestRedis;
let undisturbed: TemporaryHome;
const workers = killableWorkers();

beforeAll(async () => {
  redis = await startTestRedis();
  undisturbed = await makeHome();
  const { home } = undisturbed;
  const customers = 4000;
  // Without rejected rows: their file carries the time, which is another in a process of its own.
  const out = `${home.root}/orders.csv`;
  await writeSampleShop({ out, end: '2026-01-01', customers, months: 24, dirtyShare: 0 });
  await undisturbed.configure('  orders: null', '  orders: orders.csv');
  await writeTestCandidate(home, MODEL);
  const ids = Array.from({ length: customers }, (_, i) => String(i + 1).padStart(8, '0'));
  const predicted = Object.fromEntries(ids.map((id, i) => [id, i % 300]));
  await writeTestPredictions(home, { ...WINDOW, modelId: MODEL }, predicted);
  for (const [moment] of MOMENTS) await cp(home.root, copyOf(moment).root, { recursive: true });
  const bench = await openBench(home, redis.url);
  await bench.startWorkers();
  await mature(bench, () => undefined);
  await bench.close();
});
afterAll(async () => {
  workers.endAll();
  await redis?.stop();
  for (const [moment] of MOMENTS) await rm(copyOf(moment).root, { recursive: true, force: true });
  await undisturbed?.remove();
});

/** The home with predictions that have matured, once for each moment at which the worker is killed. */
function copyOf(moment: string): Home {
  return homeAt(`${undisturbed.home.root}-${moment.replaceAll(' ', '-')}`);
}

/** Sets the alarm of the window, which is due at once, and waits until all is done. */
async function mature({ queues }: Bench, onNews: (news: JobNews) => void): Promise<void> {
  const start = async (): Promise<string> => {
    const dataWait = { attempts: 2, minutes: 1 };
    const wanted = {
      window: WINDOW,
      dueMs: TEST_CLOCK.now(),
      stage: 'maturing',
      dataWait,
      isScoredAnew: false,
    } as const;
    await (await alarmFault(queues, wanted, TEST_CLOCK))?.mend();
    return DRIFT;
  };
  await followJobs(queues, 'maturity', [MERGE, DRIFT], start, onNews);
}

// Side by side: each waits for the lock of the job whose worker died.
test.concurrent.each(MOMENTS)(
  'a worker killed %s and started again leaves the files of an undisturbed run, and one row',
  async (moment, jobId, state) => {
    const killed = copyOf(moment);
    const bench = await openBench(killed, redis.url);
    let worker: ChildProcess | null = null;
    let kills = 0;
    const done = mature(bench, (news) => {
      if (kills > 0 || news.jobId !== jobId || news.state !== state) return;
      kills++;
      worker?.kill('SIGKILL');
      once(worker as ChildProcess, 'exit').then(() => {
        worker = workers.start(killed.root, redis.url);
      });
    });
    worker = workers.start(killed.root, redis.url);
    await done;
    expect(kills).toBe(1);
    worker.kill('SIGTERM');
    await once(worker, 'exit');
    await bench.close();

    const prints = await outputPrints(killed);
    expect(prints).toEqual(await outputPrints(undisturbed.home));
    expect(Object.keys(prints)).toContain('drift_alert_clv_predictions_actual_20250601_pred6m.md');
    const history = await readFile(`${killed.outputs}/monitoring/drift_history.csv`, 'utf8');
    expect(history.trimEnd().split('\n')).toHaveLength(2);
  },
);
