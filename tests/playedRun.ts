import { readFile } from 'node:fs/promises';
import { plainTraining } from '../queues/modelBuild.ts';
import type { ScoreRun } from '../queues/scoring.ts';
import { csvText } from '../src/artefacts/files/csvFile.ts';
import { splitCsvLine } from '../src/artefacts/files/csvLine.ts';
import { type RunFileKind, runFileName } from '../src/artefacts/names.ts';
import type { Home } from '../src/config/home.ts';
import { readChampion } from '../src/registry/champion.ts';
import { scoreRunOf } from '../src/registry/scoreRunOf.ts';
import { mergeActualsProcessor } from '../workers/maturity/mergeActuals.ts';
import { monitorDriftProcessor } from '../workers/maturity/monitorDrift.ts';
import { trainChampionProcessor } from '../workers/modelBuild/trainChampion.ts';
import type { ComputePool } from '../workers/pool.ts';
import { clusterCustomersProcessor } from '../workers/scoring/clusterCustomers.ts';
import { rankClustersProcessor } from '../workers/scoring/rankClusters.ts';
import { rankCustomersProcessor } from '../workers/scoring/rankCustomers.ts';
import { scoreCustomersProcessor } from '../workers/scoring/scoreCustomers.ts';
import { openProcessorBench } from './maturedWindow.ts';
import type { OddOrder } from './oddShops.ts';
import { filePrints, TEST_CLOCK } from './runOnQueues.ts';
import { makeHome } from './temporaryHome.ts';

/** What a whole run left: a training, a scored cutoff whose months have passed, and the comparison with them. */
export interface PlayedRun {
  readonly home: Home;
  readonly run: ScoreRun;
  /** The rows of a file of the run, by the names of the columns. */
  rows(kind: RunFileKind): Promise<Record<string, string>[]>;
  /** SHA-256 of every file that was written, model and card included. */
  prints(): Promise<Record<string, string>>;
  remove(): Promise<void>;
}

const MODEL_ID = 'clv_model_20260101_120000';
const NOW = TEST_CLOCK.now();

/**
 * Plays train, score, rank, cluster, merge and drift on a shop, each by its own processor and without a queue. The model has
 * three months of history and predicts one, with few trees. Throws what the queue would be given.
 */
export async function playRun(orders: readonly OddOrder[], pool: ComputePool): Promise<PlayedRun> {
  const { home, configure, write, remove } = await makeHome();
  try {
    const header = ['customer_id', 'order_date', 'revenue', 'order_id'];
    const rows = orders.map(({ customer, date, revenue, id }) => [customer, date, revenue, id]);
    await write('orders.csv', csvText([header, ...rows]));
    await configure('  orders: null', '  orders: orders.csv');
    await configure('trees: 200', 'trees: 4');
    const bench = openProcessorBench(home, pool);
    await bench.run(
      trainChampionProcessor,
      {
        ...plainTraining(MODEL_ID),
        ...{ historyMonths: 3, predMonths: 1, overrideEligibility: 'an odd shop' },
        signOff: { approver: 'Test Person', note: 'for the test', ticket: null, override: 'for the test' },
      },
      NOW,
    );
    const champion = await readChampion(home);
    const run = scoreRunOf(champion, champion.cutoff);
    const steps = [
      scoreCustomersProcessor,
      rankCustomersProcessor,
      clusterCustomersProcessor,
      rankClustersProcessor,
    ];
    for (const step of steps) await bench.run(step, run, NOW);
    const window = { cutoff: run.cutoff, predMonths: run.predMonths };
    for (const step of [mergeActualsProcessor, monitorDriftProcessor]) await bench.run(step, window, NOW);
    return {
      home,
      run,
      rows: (kind) => readRows(`${home.outputs}/${runFileName(kind, run)}`),
      prints: async () => ({ ...(await filePrints(home.outputs)), ...(await filePrints(home.models)) }),
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function readRows(path: string): Promise<Record<string, string>[]> {
  const [header, ...lines] = (await readFile(path, 'utf8')).trimEnd().split('\n').map(splitCsvLine);
  return lines.map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i]])));
}
