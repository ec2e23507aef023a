import { cellsOf, type GridSearch, gridSearch } from '../../queues/gridSearch.ts';
import { replaceFile } from '../../src/artefacts/files/replaceFile.ts';
import type { HeatMap } from '../../src/artefacts/pages/heatMap.ts';
import {
  findGridSearchCell,
  type GridSearchCell,
  gridSearchFolder,
} from '../../src/artefacts/search/gridSearchCell.ts';
import { proposedCombination } from '../../src/artefacts/search/gridSearchCombination.ts';
import { gridSearchMaps } from '../../src/artefacts/search/gridSearchMaps.ts';
import {
  findGridSearchProposal,
  type GridSearchProposal,
  gridSearchFileNames,
} from '../../src/artefacts/search/gridSearchProposal.ts';
import { writeGridSearchResults } from '../../src/artefacts/search/gridSearchResults.ts';
import { sha256OfFile } from '../../src/artefacts/sidecar.ts';
import { demandEligible, eligibilityRecord } from '../../src/domain/eligibility/eligibility.ts';
import { ClvError } from '../../src/domain/errors.ts';
import { rankCombinations, whyUnranked } from '../../src/domain/gridsearch/rankCombinations.ts';
import { counted } from '../../src/domain/words/counted.ts';
import { publishProposal } from '../../src/registry/gridSearches.ts';
import { processorOf } from '../processor.ts';
import { forgetSearchShop } from './openSearchShops.ts';

/** Ranks what the cells found and writes results, heat maps and the proposal that a person decides on. */
export const gridSearchProcessor = processorOf(
  gridSearch,
  async (search, { home, pool, signal, progress, log }) => {
    const { searchId, settings } = search;
    forgetSearchShop(home.root);
    const decided = await findGridSearchProposal(home.outputs, searchId);
    if (decided !== null && decided.status !== 'proposed') return summary(decided);

    progress(0.95, 'reading the cells');
    const cells = await readCells(search, home.outputs);
    const [{ eligibility, span, orders }] = cells;
    demandEligible(eligibility, search.eligibilityOverride);

    const outcome = rankCombinations(
      cells.flatMap((cell) => cell.combinations),
      settings.rmseBasis,
      settings.weights,
    );
    const folder = gridSearchFolder(home.outputs);
    const names = gridSearchFileNames(searchId);
    const { sha256: resultsPrint } = await writeGridSearchResults(`${folder}/${names.results}`, outcome);
    if (outcome.winner === null) {
      const reasons = new Set(
        outcome.combinations.map((it) => it.reason || whyUnranked(it, settings.rmseBasis)),
      );
      throw new ClvError(
        'GRID_SEARCH_EMPTY',
        `No pair of windows can be evaluated on orders from ${span.firstDate} to before ${span.dataEnd}: ${[...reasons].slice(0, 3).join('; ')}.`,
        { remedy: `Try shorter windows or bring more orders; all reasons are in ${names.results}.` },
      );
    }
    progress(0.97, 'drawing the heat maps');
    const maps = gridSearchMaps(outcome, settings, span);
    const draw = async (name: string, map: HeatMap): Promise<void> =>
      replaceFile(`${folder}/${name}`, await pool.run('drawHeatMapTask', map, signal));
    await Promise.all([draw(names.rmse_map, maps.rmse), draw(names.r2_map, maps.r2)]);
    const proposal: GridSearchProposal = {
      search_id: searchId,
      status: 'proposed',
      requested_at: search.requestedAt,
      requested_by: search.requestedBy,
      note: search.note,
      shop: { first_date: span.firstDate, data_end: span.dataEnd },
      orders,
      settings: {
        folds: settings.folds,
        rmse_basis: settings.rmseBasis,
        weights: settings.weights,
        max_bins: settings.maxBins,
        seed: settings.seed,
        engine: settings.engine,
        features: [...settings.features],
        winsorise: settings.winsorise,
      },
      eligibility: eligibilityRecord(eligibility, search.eligibilityOverride),
      winner: proposedCombination(outcome.winner),
      is_tie_within_noise: outcome.isTieWithinNoise,
      combinations: outcome.combinations.map(proposedCombination),
      files: {
        results: { file: names.results, sha256: resultsPrint },
        rmse_map: { file: names.rmse_map, sha256: (await sha256OfFile(`${folder}/${names.rmse_map}`)) ?? '' },
        r2_map: { file: names.r2_map, sha256: (await sha256OfFile(`${folder}/${names.r2_map}`)) ?? '' },
      },
      orders_source: search.orders,
    };
    const published = await publishProposal(home, proposal);
    log.info({ searchId, winner: summary(published) }, 'grid search proposed a window');
    return summary(published);
  },
);

async function readCells(
  search: GridSearch,
  outputs: string,
): Promise<[GridSearchCell, ...GridSearchCell[]]> {
  const cells: GridSearchCell[] = [];
  for (const wanted of cellsOf(search)) {
    const cell = await findGridSearchCell(outputs, search.searchId, wanted);
    const what = `The cell of ${counted(wanted.historyMonths, 'month')} of history and ${wanted.predMonths} ahead`;
    if (cell === null) {
      throw new ClvError('GRID_CELL_MISSING', `${what} has left no result.`, {
        remedy: 'Retry that cell on the board, then this job; or search again.',
      });
    }
    if (cells.length > 0 && cell.orders.sha256 !== cells[0].orders.sha256) {
      throw new ClvError('GRID_ORDERS_CHANGED', `${what} saw other orders than the cells before it.`, {
        remedy: 'The orders changed during the search. Search again.',
      });
    }
    cells.push(cell);
  }
  return cells as [GridSearchCell, ...GridSearchCell[]];
}

function summary({
  search_id,
  status,
  winner,
  is_tie_within_noise,
  combinations,
  files,
}: GridSearchProposal): {
  readonly search_id: string;
  readonly status: string;
  readonly history_months: number;
  readonly pred_months: number;
  readonly is_tie_within_noise: boolean;
  readonly evaluated: number;
  readonly skipped: number;
  readonly files: GridSearchProposal['files'];
} {
  const evaluated = combinations.filter((it) => it.status === 'evaluated').length;
  return {
    search_id,
    status,
    history_months: winner.history_months,
    pred_months: winner.pred_months,
    is_tie_within_noise,
    evaluated,
    skipped: combinations.length - evaluated,
    files,
  };
}
