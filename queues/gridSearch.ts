import type { FlowJob } from 'bullmq';
import { z } from 'zod';
import { BASE_FEATURES } from '../src/domain/features/chooseFeatures.ts';
import { ENGINES } from '../src/domain/forecast/engine.ts';
import {
  type HyperParameters,
  RMSE_BASES,
  type SearchSettings,
} from '../src/domain/gridsearch/searchSettings.ts';
import { type JobContract, KEPT_JOBS } from './jobContract.ts';

const months = z.array(z.int().min(1).max(120)).min(1);

/** The parameters of the forest that a search can vary. */
export const hyperParametersSchema = z.strictObject({
  trees: z.int().min(1),
  maxDepth: z.int().min(1).nullable(),
  minSamplesLeaf: z.int().min(1),
  mtry: z.union([z.number().gt(0), z.literal('all')]),
}) satisfies z.ZodType<HyperParameters>;

const settingsSchema = z.strictObject({
  historyMonths: months,
  predMonths: months,
  folds: z.int().min(2).max(24),
  rmseBasis: z.enum(RMSE_BASES),
  weights: z.strictObject({ rmse: z.number().min(0).max(1), r2: z.number().min(0).max(1) }),
  hyperParameters: z.array(hyperParametersSchema).min(1),
  maxBins: z.int().min(2).max(255),
  seed: z.int(),
  // Searches that were queued before engines could be chosen used forests on the base features.
  engine: z.enum(ENGINES).default('forest'),
  isEngineForced: z.boolean().default(false),
  features: z
    .array(z.string())
    .min(1)
    .default([...BASE_FEATURES]),
  winsorise: z.number().gt(0.5).lt(1).nullable().default(null),
}) satisfies z.ZodType<SearchSettings>;

/**
 * One search. Everything is fixed when it is asked for, so that cells stay comparable even if the config is edited
 * while it runs.
 */
export const gridSearchSchema = z.strictObject({
  /** `clv_grid_search_<TS>`. */
  searchId: z.string().regex(/^clv_grid_search_\d{8}_\d{6}$/),
  requestedAt: z.iso.datetime(),
  requestedBy: z.string().min(1),
  note: z.string(),
  /** Why the search is to be made even if the eligibility check says no; null where it is then not to be made. */
  eligibilityOverride: z.string().min(1).nullable(),
  /** A source of orders instead of the configured one; null for the configured one. */
  orders: z.string().min(1).nullable(),
  settings: settingsSchema,
});
/** One search, as its schema has it. */
export type GridSearch = z.infer<typeof gridSearchSchema>;

/** A search that is asked for at `nowMs` (milliseconds since 1970 UTC), with `stamp` (`YYYYMMDD_HHMMSS`) in its id. */
export function newGridSearch(
  stamp: string,
  nowMs: number,
  settings: SearchSettings,
  asked: Pick<GridSearch, 'requestedBy' | 'note' | 'eligibilityOverride' | 'orders'>,
): GridSearch {
  return {
    searchId: `clv_grid_search_${stamp}`,
    requestedAt: new Date(nowMs).toISOString(),
    ...asked,
    // A payload is plain data, which shares no lists with the settings.
    settings: structuredClone(settings) as GridSearch['settings'],
  };
}

/** One pair of windows of a search, in months; it carries the whole search, so that it can be retried alone. */
export const gridCellSchema = gridSearchSchema.extend({
  historyMonths: z.int().min(1),
  predMonths: z.int().min(1),
});
/** One pair of windows of a search. */
export type GridCell = z.infer<typeof gridCellSchema>;

const retry: JobContract['retry'] = { attempts: 2, backoff: { type: 'fixed', delay: 5000 } };

/** The job that evaluates one pair of windows; its result is a file that the job of the search reads. */
export const gridCell: JobContract<GridCell> = {
  queue: 'model-build',
  name: 'grid-cell',
  purpose: 'Evaluates one pair of windows at rolling origins, on months that the fits did not see.',
  payload: gridCellSchema,
  retry,
};

/** The job that waits for the cells of a search, compares them and proposes a window. */
export const gridSearch: JobContract<GridSearch> = {
  queue: 'model-build',
  name: 'grid-search',
  purpose: 'Compares all pairs of windows and proposes one; a person decides.',
  payload: gridSearchSchema,
  retry,
};

/** The id of the job of a search: always the same, so that it is not queued twice. */
export function gridSearchJobId(searchId: string): string {
  return `${gridSearch.name}-${searchId}`;
}

/** The id of the search in the id of a job, the inverse of `gridSearchJobId`. */
export function searchIdOfJob(jobId: string): string {
  return jobId.slice(gridSearch.name.length + 1);
}

/** The id of the job of one pair of windows, in months: always the same within a search. */
export function gridCellJobId(
  searchId: string,
  cell: { readonly historyMonths: number; readonly predMonths: number },
): string {
  return `${gridCell.name}-${searchId}-h${cell.historyMonths}-p${cell.predMonths}`;
}

/**
 * The pairs of windows of a search, with all horizons of a history one after another, because they share feature
 * matrices.
 */
export function cellsOf(search: GridSearch): GridCell[] {
  return search.settings.historyMonths.flatMap((historyMonths) =>
    search.settings.predMonths.map((predMonths) => ({ ...search, historyMonths, predMonths })),
  );
}

/** The search as a BullMQ flow. If a cell fails, the search waits until that cell is retried and completes. */
export function gridSearchFlow(search: GridSearch, prefix: string): FlowJob {
  const { queue: queueName } = gridSearch;
  return {
    name: gridSearch.name,
    queueName,
    data: search,
    prefix,
    opts: { ...gridSearch.retry, ...KEPT_JOBS, jobId: gridSearchJobId(search.searchId) },
    children: cellsOf(search).map((cell) => ({
      name: gridCell.name,
      queueName,
      data: cell,
      prefix,
      opts: { ...gridCell.retry, ...KEPT_JOBS, jobId: gridCellJobId(search.searchId, cell) },
    })),
  };
}
