import { access } from 'node:fs/promises';
import type { Job } from 'bullmq';
import { z } from 'zod';
import {
  cellsOf,
  type GridSearch,
  gridCellJobId,
  gridSearch,
  gridSearchJobId,
  gridSearchSchema,
} from '../../../queues/gridSearch.ts';
import { isMoving } from '../../../queues/movingStates.ts';
import type { Queues } from '../../../queues/openQueues.ts';
import { gridSearchFolder } from '../../artefacts/search/gridSearchCell.ts';
import {
  type GridSearchProposal,
  gridSearchFileNames,
  gridSearchProposalSchema,
} from '../../artefacts/search/gridSearchProposal.ts';
import type { Home } from '../../config/home.ts';
import { ClvError } from '../../domain/errors.ts';
import { type JobView, jobSchema, jobView } from '../jobView.ts';
import { searchUrl } from '../references/searchUrl.ts';
import { addressSchema, instantSchema } from '../textFormats.ts';

const { status, decision, files, winner } = gridSearchProposalSchema.shape;

/** What the API tells of a search. */
export const searchSchema = z
  .strictObject({
    id: z.string(),
    url: addressSchema,
    state: z
      .enum(['waiting', 'running', 'failed', ...status.options])
      .describe('Up to `failed` the state of the work; from `proposed` on where the decision stands.'),
    requested_at: instantSchema,
    requested_by: z.string(),
    note: z.string(),
    progress: jobSchema.shape.progress
      .nullable()
      .describe(
        'Percent and words and, once a cell has begun, cells and folds done and the time left; null when finished.',
      ),
    failure: z
      .string()
      .nullable()
      .describe('Why it failed, in a sentence and a remedy; null where nothing failed.'),
    window: winner
      .pick({ history_months: true, pred_months: true })
      .nullable()
      .describe('The proposed window; null before there is one.'),
    is_tie_within_noise: z.boolean().nullable(),
    decision: decision.unwrap().nullable().describe('What a person decided at gate 1; null before.'),
    files: z
      .partialRecord(files.keyof(), addressSchema)
      .describe('The addresses of the files that there are.'),
  })
  .meta({ id: 'Search' });
/** A search as the API shows it, whether it is finished or not. */
export type SearchView = z.infer<typeof searchSchema>;

/** A search that left its record. */
export async function finishedSearchView(home: Home, proposal: GridSearchProposal): Promise<SearchView> {
  const { search_id, status, requested_at, requested_by, note, winner, is_tie_within_noise } = proposal;
  return {
    id: search_id,
    url: searchUrl(search_id),
    state: status,
    requested_at,
    requested_by,
    note,
    progress: null,
    failure: null,
    window: { history_months: winner.history_months, pred_months: winner.pred_months },
    is_tie_within_noise,
    decision: proposal.decision ?? null,
    files: await filesOf(home, search_id),
  };
}

/** The job of a search holds what no search can do. */
class SearchJobDamagedError extends ClvError {}

function searchOf(job: Job): GridSearch {
  const read = gridSearchSchema.safeParse(job.data);
  if (read.success) return read.data;
  throw new SearchJobDamagedError('SEARCH_JOB_DAMAGED', `The job ${job.id} holds what no search can do.`, {
    remedy: 'Start another search; this one can only fail.',
    cause: read.error,
  });
}

/** A search that is known by its job only: it waits, works, or has failed. Throws SearchJobDamagedError. */
export async function unfinishedSearchView(home: Home, queues: Queues, job: Job): Promise<SearchView> {
  const search = searchOf(job);
  const jobs = await jobsOf(home, queues, search);
  const failed = jobs.find(({ outcome }) => outcome === 'failed');
  const moves = jobs.some(({ state }) => isMoving(state));
  const hasBegun = jobs.some(({ state }) => state === 'active' || state === 'completed');
  return {
    id: search.searchId,
    url: searchUrl(search.searchId),
    // What failed may still be retried, but nothing happens by itself any more.
    state: failed !== undefined && !moves ? 'failed' : hasBegun ? 'running' : 'waiting',
    requested_at: search.requestedAt,
    requested_by: search.requestedBy,
    note: search.note,
    progress: jobView(job, 'active', home).progress,
    failure: failed?.failure ?? null,
    window: null,
    is_tie_within_noise: null,
    decision: null,
    files: await filesOf(home, search.searchId),
  };
}

/** The cells in the order of the work, then the search itself. */
async function jobsOf(home: Home, queues: Queues, search: GridSearch): Promise<JobView[]> {
  const queue = queues.byName[gridSearch.queue];
  const ids = cellsOf(search).map((cell) => gridCellJobId(search.searchId, cell));
  const views: JobView[] = [];
  for (const id of [...ids, gridSearchJobId(search.searchId)]) {
    const job = await queue.getJob(id);
    if (job) views.push(jobView(job, await job.getState(), home));
  }
  return views;
}

async function filesOf(home: Home, searchId: string): Promise<SearchView['files']> {
  const entries = await Promise.all(
    Object.entries(gridSearchFileNames(searchId)).map(async ([kind, name]) =>
      access(`${gridSearchFolder(home.outputs)}/${name}`).then(
        () => [[kind, `${searchUrl(searchId)}/files/${name}`] as const],
        () => [],
      ),
    ),
  );
  return Object.fromEntries(entries.flat());
}
