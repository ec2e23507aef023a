import {
  type GridSearchProposal,
  type ProposedCombination,
  writeGridSearchProposal,
} from '../src/artefacts/search/gridSearchProposal.ts';
import type { Home } from '../src/config/home.ts';
import { METRIC_NAMES } from '../src/domain/gridsearch/foldMetrics.ts';

/** A combination with the forest of the default config, so that only the window has to be said. */
export function testCombination(change: Partial<ProposedCombination> = {}): ProposedCombination {
  const spread = { mean: 0.5, std: 0.1 };
  return {
    history_months: 12,
    pred_months: 3,
    hyper_parameters: { trees: 200, max_depth: 12, min_samples_leaf: 5, mtry: 1 / 3 },
    status: 'evaluated',
    reason: '',
    folds: 4,
    customers: 900,
    metrics: Object.fromEntries(METRIC_NAMES.map((name) => [name, spread])) as ProposedCombination['metrics'],
    rmse_norm: 0,
    r2_norm: 1,
    composite: 0,
    composite_std: 0.05,
    rank: 1,
    is_best_for_horizon: true,
    is_tied_with_winner: false,
    ...change,
  };
}

/** Writes the record of a finished search: 12 -> 3 wins, 6 -> 3 was evaluated, 24 -> 12 was skipped. */
export async function writeTestProposal(
  home: Home,
  searchId: string,
  change: Partial<GridSearchProposal> = {},
): Promise<GridSearchProposal> {
  const winner = testCombination();
  const file = { file: 'x', sha256: '00' };
  const proposal: GridSearchProposal = {
    search_id: searchId,
    status: 'proposed',
    requested_at: '2026-01-01T10:00:00.000Z',
    requested_by: 'Test Person',
    note: '',
    shop: { first_date: '2023-01-01', data_end: '2026-01-01' },
    orders: { orders: 9000, customers: 1000, firstDate: '2023-01-01', lastDate: '2025-12-31', sha256: '00' },
    settings: { folds: 4, rmse_basis: 'skill', weights: { rmse: 0.5, r2: 0.5 }, max_bins: 255, seed: 42 },
    eligibility: { findings: [], override: null },
    winner,
    is_tie_within_noise: false,
    combinations: [
      winner,
      testCombination({ history_months: 6, rank: 2, composite: 0.4 }),
      testCombination({
        history_months: 24,
        pred_months: 12,
        status: 'skipped',
        reason: 'no fold has a full history',
        rank: null,
      }),
    ],
    files: { results: file, rmse_map: file, r2_map: file },
    orders_source: null,
    ...change,
  };
  await writeGridSearchProposal(home.outputs, proposal);
  return proposal;
}
