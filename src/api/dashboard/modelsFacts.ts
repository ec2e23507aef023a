import type { CandidateFacts, ChampionFacts, ModelsFacts } from '../../../web/dashboardFacts.ts';
import type { Home } from '../../config/home.ts';
import { listModels, type ModelCard, readCard } from '../../registry/modelCard.ts';
import { type RegistryState, readRegistry } from '../../registry/registryState.ts';
import type { Api } from '../api.ts';
import { tellPart } from './tellPart.ts';

/**
 * The model in service and the candidates, by the two ledgers and the cards. A candidate whose binary was cleared away is
 * left out: nobody decided on it for months. Throws what reading ledgers and cards throws.
 */
export async function modelsFacts(api: Pick<Api, 'home' | 'log'>): Promise<ModelsFacts> {
  const { home } = api;
  const [state, ids] = await Promise.all([readRegistry(home), listModels(home)]);
  const open = ids.filter((id) => state.statusOf(id) === 'candidate').reverse();
  const [champion, candidates] = await Promise.all([
    championFacts(home, state),
    tellPart(candidatesFacts(home, open), api),
  ]);
  return { champion, candidates };
}

async function candidatesFacts(home: Home, ids: readonly string[]): Promise<CandidateFacts[]> {
  const cards = await Promise.all(ids.map((id) => readCard(home, id)));
  return cards.filter((card) => card.binary_purged_at === undefined).map(candidateFacts);
}

async function championFacts(home: Home, { manifest }: RegistryState): Promise<ChampionFacts | null> {
  const row = manifest.at(-1)?.row;
  if (row === undefined) return null;
  const card = await readCard(home, row.model_id);
  const {
    fit_cutoff,
    measured_cutoff,
    rmse_of_mean,
    has_full_history: _,
    ...metrics
  } = card.metrics.out_of_time;
  const contender = (wanted: string) => card.contest?.contenders.find(({ name }) => name === wanted) ?? null;
  return {
    id: card.model_id,
    sinceMs: Date.parse(row.deployed_at),
    signedBy: row.deployed_by,
    note: row.note,
    cutoff: card.cutoff,
    historyMonths: card.history_months,
    predMonths: card.pred_months,
    fitCutoff: fit_cutoff,
    measuredCutoff: measured_cutoff,
    metrics,
    rmseOfMean: rmse_of_mean,
    naive: contender('rate'),
    mean: contender('mean'),
    coverage: card.contest?.coverage ?? card.contest?.tournament?.coverage ?? null,
    levelShift: card.contest?.tournament?.season?.shift ?? null,
    hasReport: card.report !== undefined,
  };
}

function candidateFacts(card: ModelCard): CandidateFacts {
  return {
    id: card.model_id,
    trainedMs: Date.parse(card.created_at),
    historyMonths: card.history_months,
    predMonths: card.pred_months,
    rmse: card.metrics.out_of_time.rmse,
    hasReport: card.report !== undefined,
    losesTo: (card.contest?.loses_to ?? []).map(({ name }) => name),
  };
}
