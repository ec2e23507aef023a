import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { WindowPair } from '../../domain/calendar/windows.ts';
import { ELIGIBILITY_QUESTIONS } from '../../domain/eligibility/eligibility.ts';
import { ClvError } from '../../domain/errors.ts';
import { METRIC_NAMES } from '../../domain/gridsearch/foldMetrics.ts';
import { damageOf } from '../files/damageOf.ts';
import { namesIn } from '../files/namesIn.ts';
import { replaceFile } from '../files/replaceFile.ts';

const months = z.int().min(1);
const count = z.int().min(0);
const date = z.iso.date();

const foldSchema = z.strictObject({
  index: count,
  trainCutoff: date,
  validationCutoff: date,
  trainCustomers: count,
  validationCustomers: count,
  metrics: z.record(z.enum(METRIC_NAMES), z.number().nullable()),
});

const combinationSchema = z.strictObject({
  historyMonths: months,
  predMonths: months,
  hyperParameters: z.strictObject({
    trees: z.int().min(1),
    maxDepth: z.int().min(1).nullable(),
    minSamplesLeaf: z.int().min(1),
    mtry: z.union([z.number().gt(0), z.literal('all')]),
  }),
  status: z.enum(['evaluated', 'skipped']),
  reason: z.string(),
  customers: count.nullable(),
  folds: z.array(foldSchema).readonly(),
});

const cellSchema = z.strictObject({
  searchId: z.string(),
  historyMonths: months,
  predMonths: months,
  /** All orders that were read; the cells of a search have to agree on it. */
  orders: z.strictObject({
    orders: count,
    customers: count,
    firstDate: date.nullable(),
    lastDate: date.nullable(),
    sha256: z.string(),
  }),
  span: z.strictObject({ firstDate: date, dataEnd: date }),
  eligibility: z
    .array(
      z.strictObject({
        name: z.enum(ELIGIBILITY_QUESTIONS),
        isMet: z.boolean(),
        says: z.string(),
      }),
    )
    .readonly(),
  combinations: z.array(combinationSchema).readonly(),
});

/** What a cell of a search found out: a working file that the search itself reads; the record is the results file. */
export type GridSearchCell = z.infer<typeof cellSchema>;

/** The file of a cell was changed or cut short by something other than this program. */
export class GridCellDamagedError extends ClvError {}

/** `cell_h12_p6.json` in a folder of the search's own. */
export function gridSearchCellPath(outputs: string, searchId: string, windows: WindowPair): string {
  return `${cellFolder(outputs, searchId)}/${cellName(windows)}`;
}

function cellFolder(outputs: string, searchId: string): string {
  return `${gridSearchFolder(outputs)}/${searchId}`;
}

function cellName({ historyMonths, predMonths }: WindowPair): string {
  return `cell_h${historyMonths}_p${predMonths}.json`;
}

/** Where everything about grid searches is. */
export function gridSearchFolder(outputs: string): string {
  return `${outputs}/grid_search`;
}

/** Throws FileWriteError. */
export async function writeGridSearchCell(outputs: string, cell: GridSearchCell): Promise<void> {
  await replaceFile(gridSearchCellPath(outputs, cell.searchId, cell), `${JSON.stringify(cell, null, 2)}\n`);
}

/** Those of `cells` that have left a file, whatever is in it. */
export async function finishedGridSearchCells<Cell extends WindowPair>(
  outputs: string,
  searchId: string,
  cells: readonly Cell[],
): Promise<Cell[]> {
  const names = await namesIn(cellFolder(outputs, searchId));
  const files = new Set<string>(names);
  return cells.filter((cell) => files.has(cellName(cell)));
}

/** Null where there is no such file. Throws GridCellDamagedError where it is not what this program writes. */
export async function findGridSearchCell(
  outputs: string,
  searchId: string,
  windows: WindowPair,
): Promise<GridSearchCell | null> {
  const path = gridSearchCellPath(outputs, searchId, windows);
  try {
    const cell = cellSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    const isOwn =
      cell.searchId === searchId &&
      cell.historyMonths === windows.historyMonths &&
      cell.predMonths === windows.predMonths;
    if (!isOwn) throw new Error('it holds another cell');
    return cell;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new GridCellDamagedError('GRID_CELL_DAMAGED', `The file ${path} is damaged: ${damageOf(cause)}.`, {
      remedy:
        'Delete it, retry on the board the grid-cell job of these windows, which computes it anew, and then this job.',
      values: { path },
      cause,
    });
  }
}
