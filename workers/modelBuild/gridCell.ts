import { cellsOf, type GridCell, gridCell } from '../../queues/gridSearch.ts';
import {
  findGridSearchCell,
  finishedGridSearchCells,
  GridCellDamagedError,
  type GridSearchCell,
  writeGridSearchCell,
} from '../../src/artefacts/search/gridSearchCell.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { MIN_FOLDS, rollingOriginFolds } from '../../src/domain/gridsearch/folds.ts';
import { processorOf, type WorkContext } from '../processor.ts';
import { evaluateWindows } from './evaluateWindows.ts';
import { withSearchShop } from './openSearchShops.ts';
import { type PacedCell, SearchPace } from './searchPace.ts';
import type { SearchShop } from './searchShop.ts';

/** What the cells are of a search's work; the rest is ranking and drawing. */
const CELLS_SHARE = 0.95;

/** Evaluates one pair of windows and puts what it found into a file of its own, for the search to read. */
export const gridCellProcessor = processorOf(gridCell, async (cell, context) => {
  context.progress(0, 'reading orders');
  const config = await loadConfig(context.home);
  return withSearchShop(context, config, cell.settings, cell.orders, (shop) =>
    evaluateCell(cell, shop, context),
  );
});

async function evaluateCell(cell: GridCell, shop: SearchShop, context: WorkContext): Promise<object> {
  const { home, signal, progress, pool } = context;
  const { searchId, historyMonths, predMonths, settings } = cell;
  const windows = { historyMonths, predMonths };
  const there = await findUndamaged(cell, context);
  if (there?.orders.sha256 === shop.fingerprint.sha256) return summary(there.combinations);

  const isRefused = cell.eligibilityOverride === null && shop.eligibility.some((finding) => !finding.isMet);
  const { pace, own } = await paceOf(cell, shop, home.outputs);
  const tell = (share: number): void => {
    const words = pace.words(own);
    const { figures } = pace;
    progress(share, words);
    context.parentProgress(CELLS_SHARE * (figures.folds_done / (figures.folds || 1)), words, { ...figures });
  };
  tell(0);
  const combinations = isRefused
    ? []
    : await evaluateWindows(shop, windows, settings, { pool, signal }, () => {
        tell(pace.foldDone(own));
      });
  await writeGridSearchCell(home.outputs, {
    searchId,
    ...windows,
    orders: shop.fingerprint,
    span: shop.span,
    eligibility: shop.eligibility,
    combinations,
  });
  return summary(combinations);
}

/** A damaged file is computed anew, here where it can be; it is the search that must not take it for a result. */
async function findUndamaged(cell: GridCell, { home, log }: WorkContext): Promise<GridSearchCell | null> {
  try {
    return await findGridSearchCell(home.outputs, cell.searchId, cell);
  } catch (error) {
    if (!(error instanceof GridCellDamagedError)) throw error;
    log.warn({ err: error }, 'a damaged cell file is computed anew');
    return null;
  }
}

async function paceOf(
  cell: GridCell,
  shop: SearchShop,
  outputs: string,
): Promise<{ readonly pace: SearchPace; readonly own: PacedCell }> {
  const cells = cellsOf(cell).map(({ historyMonths, predMonths }): PacedCell => {
    const folds = rollingOriginFolds({ historyMonths, predMonths }, shop.span, cell.settings.folds).length;
    return { historyMonths, predMonths, folds: folds < MIN_FOLDS ? 0 : folds };
  });
  const own = cells.find(
    (it) => it.historyMonths === cell.historyMonths && it.predMonths === cell.predMonths,
  ) as PacedCell;
  const pace = SearchPace.of(
    cell.searchId,
    cells,
    await finishedGridSearchCells(outputs, cell.searchId, cells),
  );
  pace.begin(own);
  return { pace, own };
}

function summary(combinations: readonly { status: string; reason: string }[]): object {
  const [first] = combinations;
  if (first === undefined) return { status: 'refused' };
  return { status: first.status, reason: first.reason, combinations: combinations.length };
}
