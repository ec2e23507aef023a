import { readFile } from 'node:fs/promises';
import type { EligibilityFinding } from '../domain/eligibility/eligibility.ts';
import type { DataFingerprint } from '../domain/features/dataFingerprint.ts';
import type { Combination } from '../domain/gridsearch/combinations.ts';
import type { DataSpan, WindowPair } from '../domain/gridsearch/folds.ts';
import { replaceFile } from './replaceFile.ts';

/** What a cell of a search found out: a working file that the search itself reads; the record is the results file. */
export interface GridSearchCell extends WindowPair {
  readonly searchId: string;
  /** All orders that were read; the cells of a search have to agree on it. */
  readonly orders: DataFingerprint;
  readonly span: DataSpan;
  readonly eligibility: readonly EligibilityFinding[];
  readonly combinations: readonly Combination[];
}

/** `cell_h12_p6.json` in a folder of the search's own. */
export function gridSearchCellPath(outputs: string, searchId: string, windows: WindowPair): string {
  return `${gridSearchFolder(outputs)}/${searchId}/cell_h${windows.historyMonths}_p${windows.predMonths}.json`;
}

/** Where everything about grid searches is. */
export function gridSearchFolder(outputs: string): string {
  return `${outputs}/grid_search`;
}

export async function writeGridSearchCell(outputs: string, cell: GridSearchCell): Promise<void> {
  await replaceFile(gridSearchCellPath(outputs, cell.searchId, cell), `${JSON.stringify(cell, null, 2)}\n`);
}

/** Null where there is no such file, or none that can be read. */
export async function findGridSearchCell(
  outputs: string,
  searchId: string,
  windows: WindowPair,
): Promise<GridSearchCell | null> {
  try {
    return JSON.parse(
      await readFile(gridSearchCellPath(outputs, searchId, windows), 'utf8'),
    ) as GridSearchCell;
  } catch {
    return null;
  }
}
