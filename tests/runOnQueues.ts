import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import pino from 'pino';
import { trainChampion } from '../queues/modelBuild.ts';
import { openQueues, type Queues } from '../queues/openQueues.ts';
import type { ScoreRun } from '../queues/scoring.ts';
import { SCORING_STEPS, scoringJobId } from '../queues/scoring.ts';
import { startScoreRun } from '../queues/startScoreRun.ts';
import { followJobs, type JobNews } from '../src/cli/followJobs.ts';
import type { Home } from '../src/config/home.ts';
import { readChampion } from '../src/registry/champion.ts';
import { startWorkers, type WorkerHost } from '../workers/host.ts';

/** A home's queues and, on demand, workers, for tests of whole flows. */
export interface Bench {
  readonly queues: Queues;
  startWorkers(threads?: number): Promise<WorkerHost>;
  train(modelId?: string): Promise<unknown>;
  /** The run that the champion makes of `cutoff`. */
  runOf(cutoff: string): Promise<ScoreRun>;
  /** Queues a run and waits for its last step. */
  score(run: ScoreRun, onNews?: (news: JobNews) => void): Promise<unknown>;
  close(): Promise<void>;
}

/** The present of every test: after all its orders. */
export const TEST_CLOCK = { now: () => Date.UTC(2026, 0, 1, 12) };

export async function openBench(home: Home, url: string): Promise<Bench> {
  const queues = await openQueues(url, home.id, () => undefined);
  const hosts: WorkerHost[] = [];
  return {
    queues,
    async startWorkers(threads = 2) {
      const host = await startWorkers({
        home,
        redisUrl: url,
        clock: TEST_CLOCK,
        log: pino({ level: 'silent' }),
        threads,
      });
      hosts.push(host);
      return host;
    },
    train(modelId = 'clv_model_20260101_120000') {
      const jobId = `train-${modelId}`;
      const request = {
        modelId,
        cutoff: null,
        historyMonths: null,
        predMonths: null,
        orders: null,
        search: null,
        overrideEligibility: null,
        hyperParameters: null,
        signOff: { approver: 'Test Person', note: 'for the test', ticket: null },
      };
      const start = async () => {
        await queues.byName['model-build'].add(trainChampion.name, request, { jobId });
        return jobId;
      };
      return followJobs(queues, 'model-build', [jobId], start, () => undefined);
    },
    async runOf(cutoff) {
      const { model_id, history_months, pred_months } = await readChampion(home);
      return {
        cutoff,
        modelId: model_id,
        historyMonths: history_months,
        predMonths: pred_months,
        orders: null,
      };
    },
    score(run, onNews = () => undefined) {
      const ids = SCORING_STEPS.map((step) => scoringJobId(step.name, run));
      return followJobs(queues, 'scoring', ids, () => startScoreRun(queues, run), onNews);
    },
    async close() {
      await Promise.all(hosts.map((host) => host.close()));
      await queues.close();
    },
  };
}

/** SHA-256 of every file under `outputs`, by name: what must not change when something is done twice. */
export async function outputPrints(home: Home): Promise<Record<string, string>> {
  const entries = await readdir(home.outputs, { recursive: true, withFileTypes: true });
  const prints: Record<string, string> = {};
  for (const entry of entries.filter((it) => it.isFile() && it.name !== '.gitkeep')) {
    const path = `${entry.parentPath}/${entry.name}`;
    prints[path.slice(home.outputs.length + 1)] = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  }
  return prints;
}
