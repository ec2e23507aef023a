import type { Job, JobType } from 'bullmq';
import { ClvError } from '../src/domain/errors.ts';
import {
  cellsOf,
  type GridSearch,
  gridCellJobId,
  gridSearch,
  gridSearchFlow,
  gridSearchJobId,
  searchIdOfJob,
} from './gridSearch.ts';
import { isMoving, MOVING_STATES } from './movingStates.ts';
import type { Queues } from './openQueues.ts';
import { withLock } from './withLock.ts';

/** A search is in progress, and a shop makes only one at a time. */
export class GridSearchBusyError extends ClvError {
  readonly jobId: string;
  readonly searchId: string;

  constructor(jobId: string) {
    super('GRID_SEARCH_BUSY', `A grid search is in progress already: job ${jobId}.`, {
      remedy:
        'Wait for it, or look at it on the board. If no process works on it, because its command was cut off, clv worker goes on with it.',
      values: { jobId },
    });
    this.jobId = jobId;
    this.searchId = searchIdOfJob(jobId);
  }
}

/**
 * Queues a search; returns the id of the job that completes when the search is complete. An earlier search that is
 * stuck, because all cells that it waits for have failed for good, makes way: its jobs are removed, its files stay.
 * Throws GridSearchBusyError.
 */
export async function startGridSearch(queues: Queues, search: GridSearch): Promise<string> {
  const jobId = gridSearchJobId(search.searchId);
  return withLock(
    queues,
    `${queues.prefix}:lock:${gridSearch.name}`,
    async () => {
      for (const job of await searchJobs(queues, UNFINISHED)) {
        if (await isInProgress(queues, job)) throw new GridSearchBusyError(String(job.id));
        await job.remove({ removeChildren: true });
      }
      if (await queues.byName[gridSearch.queue].getJob(jobId)) throw new GridSearchBusyError(jobId);
      await queues.flows.add(gridSearchFlow(search, queues.prefix));
      return jobId;
    },
    () => new GridSearchBusyError(jobId),
  );
}

/** The search that is in progress; null for none. */
export async function findRunningSearch(queues: Queues): Promise<Job<GridSearch> | null> {
  for (const job of await searchJobs(queues, UNFINISHED)) if (await isInProgress(queues, job)) return job;
  return null;
}

/** The searches without results: those that are not finished, and those that failed. */
export function searchesWithoutResults(queues: Queues): Promise<Job<GridSearch>[]> {
  return searchJobs(queues, [...UNFINISHED, 'failed']);
}

const UNFINISHED: readonly JobType[] = ['waiting-children', ...MOVING_STATES];

async function searchJobs(queues: Queues, states: readonly JobType[]): Promise<Job<GridSearch>[]> {
  const jobs = await queues.byName[gridSearch.queue].getJobs([...states]);
  // A job that is removed meanwhile is undefined in the list.
  return jobs.filter((job) => job?.name === gridSearch.name);
}

/** Whether any job of a search still goes on by itself. */
async function isInProgress(queues: Queues, job: Job<GridSearch>): Promise<boolean> {
  const queue = queues.byName[gridSearch.queue];
  const ids = [...cellsOf(job.data).map((cell) => gridCellJobId(job.data.searchId, cell)), String(job.id)];
  // In the order of the work: if a job ends after it was looked at, the job that follows it is looked at later.
  for (const id of ids) if (isMoving(await queue.getJobState(id))) return true;
  return false;
}
