import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ClvError } from '../../domain/errors.ts';
import { ENGINES } from '../../domain/forecast/engine.ts';
import { METRIC_NAMES } from '../../domain/gridsearch/foldMetrics.ts';
import { RMSE_BASES } from '../../domain/gridsearch/searchSettings.ts';
import { damageOf } from '../files/damageOf.ts';
import { namesIn } from '../files/namesIn.ts';
import { replaceFile } from '../files/replaceFile.ts';
import { gridSearchFolder } from './gridSearchCell.ts';

const number = z.number().nullable();
const spread = z.strictObject({ mean: number, std: number });
const file = z.strictObject({ file: z.string(), sha256: z.string() });

const combinationSchema = z.strictObject({
  history_months: z.int(),
  pred_months: z.int(),
  hyper_parameters: z.strictObject({
    trees: z.int(),
    max_depth: z.int().nullable(),
    min_samples_leaf: z.int(),
    mtry: z.union([z.number(), z.literal('all')]),
  }),
  status: z.enum(['evaluated', 'skipped']),
  reason: z.string(),
  folds: z.int(),
  customers: z.int().nullable(),
  metrics: z.record(z.enum(METRIC_NAMES), spread),
  rmse_norm: number,
  r2_norm: number,
  composite: number,
  composite_std: number,
  rank: z.int().nullable(),
  is_best_for_horizon: z.boolean(),
  is_tied_with_winner: z.boolean(),
});
/** A pair of windows with hyper-parameters, as a proposal tells of it; windows are in months. */
export type ProposedCombination = z.infer<typeof combinationSchema>;

/** A finished search, waiting for a person: `outputs/grid_search/<search id>.json`. See docs/grid-search.md. */
export const gridSearchProposalSchema = z.strictObject({
  search_id: z.string(),
  status: z.enum(['proposed', 'approved', 'rejected', 'superseded']),
  requested_at: z.string(),
  requested_by: z.string(),
  note: z.string(),
  shop: z.strictObject({ first_date: z.string(), data_end: z.string() }),
  orders: z.strictObject({
    orders: z.int(),
    customers: z.int(),
    firstDate: z.string().nullable(),
    lastDate: z.string().nullable(),
    sha256: z.string(),
  }),
  settings: z.strictObject({
    folds: z.int(),
    rmse_basis: z.enum(RMSE_BASES),
    weights: z.strictObject({ rmse: z.number(), r2: z.number() }),
    max_bins: z.int(),
    seed: z.int(),
    /** Absent in records of searches that had forests on the base features alone. */
    engine: z.enum(ENGINES).optional(),
    features: z.array(z.string()).optional(),
    winsorise: z.number().nullable().optional(),
  }),
  eligibility: z.strictObject({
    findings: z.array(z.strictObject({ name: z.string(), is_met: z.boolean(), says: z.string() })),
    override: z.string().nullable(),
  }),
  winner: combinationSchema,
  is_tie_within_noise: z.boolean(),
  combinations: z.array(combinationSchema),
  files: z.strictObject({ results: file, rmse_map: file, r2_map: file }),
  /** The source of the orders in place of the configured one; null for the configured one. */
  orders_source: z.string().nullable().optional(),
  /** What was decided at gate 1, as a copy of the ledger's row; absent before. */
  decision: z
    .strictObject({
      at: z.string(),
      decision: z.enum(['approve', 'reject']),
      approver: z.string(),
      ticket: z.string().nullable(),
      note: z.string(),
      window: z.strictObject({ history_months: z.int(), pred_months: z.int() }).nullable(),
      /** The model that is trained on the approved window; null where the search was rejected. */
      model_id: z.string().nullable(),
    })
    .optional(),
});
/** A finished search, as its schema has it. */
export type GridSearchProposal = z.infer<typeof gridSearchProposalSchema>;

/** There is no finished search of that id, or its record is damaged. */
export class GridSearchUnknownError extends ClvError {}

const SEARCH_ID = /^clv_grid_search_\d{8}_\d{6}$/;

/** The three files of a finished or a failed search, by what they hold. */
export function gridSearchFileNames(searchId: string): Record<keyof GridSearchProposal['files'], string> {
  const stamp = searchId.slice('clv_grid_search_'.length);
  return {
    results: `clv_grid_search_results_${stamp}.csv`,
    rmse_map: `clv_grid_search_rmse_${stamp}.png`,
    r2_map: `clv_grid_search_r2_${stamp}.png`,
  };
}

/** The path of the record of a search. @param outputs the folder of that name in the home. */
export function gridSearchProposalPath(outputs: string, searchId: string): string {
  return `${gridSearchFolder(outputs)}/${searchId}.json`;
}

/** Throws FileWriteError. */
export async function writeGridSearchProposal(outputs: string, proposal: GridSearchProposal): Promise<void> {
  const text = `${JSON.stringify(gridSearchProposalSchema.parse(proposal), null, 2)}\n`;
  await replaceFile(gridSearchProposalPath(outputs, proposal.search_id), text);
}

/** Whether a text is the id of a search, and not of a model. */
export function isGridSearchId(text: string): boolean {
  return SEARCH_ID.test(text);
}

/** The ids of all finished searches, newest first. Throws FolderUnreadableError. */
export async function listGridSearchIds(outputs: string): Promise<string[]> {
  const names = await namesIn(gridSearchFolder(outputs));
  return names
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .filter(isGridSearchId)
    .sort()
    .reverse();
}

/** The record of a search, or null where it is not finished. Throws GridSearchUnknownError for a damaged one. */
export async function findGridSearchProposal(
  outputs: string,
  searchId: string,
): Promise<GridSearchProposal | null> {
  // An id may come from a request: it must not lead out of the folder.
  if (!isGridSearchId(searchId)) return null;
  const path = gridSearchProposalPath(outputs, searchId);
  try {
    return gridSearchProposalSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new GridSearchUnknownError(
      'GRID_SEARCH_DAMAGED',
      `The record ${path} is damaged: ${damageOf(cause)}.`,
      {
        remedy: 'Restore it from a backup, or search again.',
        cause,
      },
    );
  }
}
