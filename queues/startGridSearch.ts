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

/** A shop makes one search at a time. */
export class GridSearchBusyError extends ClvError {
  readonly jobId: string;
  readonly searchId: string;

  constructor(jobId: string) {
    super('GRID_SEARCH_BUSY', `A grid search is in progress already: job ${jobId}.`, {
      remedy: 'Wait for it, or look at it on the board.',
      values: { jobId },
    });
    this.jobId = jobId;
    this.searchId = searchIdOfJob(jobId);
  }
}

/**
 * Queues a search; gives the id of the job that completes when the search is complete. A search that waits for cells
 * that have all failed for good makes way: its jobs are removed, its files stay. Throws GridSearchBusyError.
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

/** The searches whose results are not there: those that are not finished, and those that failed. */
export function searchesWithoutResults(queues: Queues): Promise<Job<GridSearch>[]> {
  return searchJobs(queues, [...UNFINISHED, 'failed']);
}

const UNFINISHED: readonly JobType[] = ['waiting-children', ...MOVING_STATES];

async function searchJobs(queues: Queues, states: readonly JobType[]): Promise<Job<GridSearch>[]> {
  const jobs = await queues.byName[gridSearch.queue].getJobs([...states]);
  // A job that is removed meanwhile leaves a gap.
  return jobs.filter((job) => job?.name === gridSearch.name);
}

/** Whether anything of a search still moves by itself. */
async function isInProgress(queues: Queues, job: Job<GridSearch>): Promise<boolean> {
  const queue = queues.byName[gridSearch.queue];
  const ids = [...cellsOf(job.data).map((cell) => gridCellJobId(job.data.searchId, cell)), String(job.id)];
  // Asked in the order of the work: a cell that ends meanwhile has by then handed on to a job that is asked later.
  for (const id of ids) if (isMoving(await queue.getJobState(id))) return true;
  return false;
}
