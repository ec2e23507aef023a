import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import pino from 'pino';
import type { JobContract } from '../queues/jobContract.ts';
import { plainTraining, type TrainingRequest, trainChampion } from '../queues/modelBuild.ts';
import { openQueues, type Queues } from '../queues/openQueues.ts';
import type { ScoreRun } from '../queues/scoring.ts';
import { SCORING_STEPS, scoringJobId } from '../queues/scoring.ts';
import { startScoreRun } from '../queues/startScoreRun.ts';
import { followJobs, type JobNews } from '../src/cli/followJobs.ts';
import type { Home } from '../src/config/home.ts';
import { readChampion } from '../src/registry/champion.ts';
import { scoreRunOf } from '../src/registry/scoreRunOf.ts';
import { startWorkers, type WorkerHost } from '../workers/host.ts';

/** A home's queues and, on demand, workers, for tests of whole flows. */
export interface Bench {
  readonly queues: Queues;
  /** What the workers logged so far, a line each, as they wrote it. */
  readonly log: readonly string[];
  startWorkers(threads?: number): Promise<WorkerHost>;
  /** Trains and signs off; `change` asks for something else than the config does. */
  train(modelId?: string, change?: Partial<TrainingRequest>): Promise<unknown>;
  /** Queues one job of the queue of model builds and gives its result. */
  build(contract: JobContract, payload: object): Promise<unknown>;
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
  const log: string[] = [];
  const build: Bench['build'] = ({ queue, name }, payload) => {
    const jobId = `${name}-${randomUUID()}`;
    const start = async () => {
      await queues.byName[queue].add(name, payload, { jobId });
      return jobId;
    };
    return followJobs(queues, queue, [jobId], start, () => undefined);
  };
  return {
    queues,
    log,
    async startWorkers(threads = 2) {
      const host = await startWorkers({
        home,
        redisUrl: url,
        clock: TEST_CLOCK,
        log: pino({ level: 'info' }, { write: (line: string) => log.push(line) }),
        threads,
      });
      hosts.push(host);
      return host;
    },
    train(modelId = 'clv_model_20260101_120000', change = {}) {
      const request = {
        ...plainTraining(modelId),
        signOff: { approver: 'Test Person', note: 'for the test', ticket: null, override: 'for the test' },
        ...change,
      };
      return build(trainChampion, request);
    },
    build,
    async runOf(cutoff) {
      return scoreRunOf(await readChampion(home), cutoff);
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
export const outputPrints = (home: Home): Promise<Record<string, string>> => filePrints(home.outputs);

/** SHA-256 of every file below a folder, by name. The mark of a home, which no two homes share, is none of them. */
export async function filePrints(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const prints: Record<string, string> = {};
  for (const entry of entries.filter((it) => it.isFile() && !it.name.startsWith('.'))) {
    const path = `${entry.parentPath}/${entry.name}`;
    prints[path.slice(folder.length + 1)] = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  }
  return prints;
}
