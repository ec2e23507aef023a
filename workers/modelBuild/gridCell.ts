import { setMaxListeners } from 'node:events';
import { cellsOf, type GridCell, gridCell } from '../../queues/gridSearch.ts';
import { findGridSearchCell, writeGridSearchCell } from '../../src/artefacts/gridSearchCell.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { rollingOriginFolds } from '../../src/domain/gridsearch/folds.ts';
import { processorOf } from '../processor.ts';
import { evaluateWindows } from './evaluateWindows.ts';
import { SearchPace } from './searchPace.ts';
import { type SearchShop, searchShop } from './searchShop.ts';

/** Evaluates one pair of windows and puts what it found into a file of its own, for the search to read. */
export const gridCellProcessor = processorOf(gridCell, async (cell, context) => {
  const { home, signal, progress, pool } = context;
  // Every task of every fold that runs listens to it; Node would take so many for a leak.
  setMaxListeners(0, signal);
  progress(0, 'reading orders');
  const shop = await searchShop(context, await loadConfig(home), cell.settings, cell.orders);
  const { searchId, historyMonths, predMonths, settings } = cell;
  const windows = { historyMonths, predMonths };
  const there = await findGridSearchCell(home.outputs, searchId, windows);
  if (there?.orders.sha256 === shop.fingerprint.sha256) return summary(there.combinations);

  const isRefused = cell.eligibilityOverride === null && shop.eligibility.some((finding) => !finding.isMet);
  const pace = await paceOf(cell, shop, home.outputs);
  const folds = rollingOriginFolds(windows, shop.span, settings.folds).length;
  const tell = (): void => {
    progress(folds === 0 ? 1 : pace.foldsOfCell / folds, pace.words(cell));
    const { figures } = pace;
    context.parentProgress(
      figures.folds === 0 ? 0 : (0.95 * figures.folds_done) / figures.folds,
      pace.words(cell),
      { ...figures },
    );
  };
  tell();
  const combinations = isRefused
    ? []
    : await evaluateWindows(shop, windows, settings, { pool, signal }, () => {
        pace.foldDone();
        tell();
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
});

async function paceOf(cell: GridCell, shop: SearchShop, outputs: string): Promise<SearchPace> {
  const cells = cellsOf(cell);
  const folds = cells.map((it) => rollingOriginFolds(it, shop.span, cell.settings.folds).length);
  const finished = await Promise.all(cells.map((it) => findGridSearchCell(outputs, cell.searchId, it)));
  return SearchPace.of(
    cell.searchId,
    folds.map((count, i) => ({ folds: count < 2 ? 0 : count, isDone: finished[i] !== null })),
  );
}

function summary(combinations: readonly { status: string; reason: string }[]): object {
  const [first] = combinations;
  if (first === undefined) return { status: 'refused' };
  return { status: first.status, reason: first.reason, combinations: combinations.length };
}
