import type { Home } from '../config/home.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { ClvError } from '../domain/errors.ts';
import { isSameHorizon } from '../domain/evaluation/comparisonPlan.ts';
import { counted } from '../domain/words/counted.ts';
import { type ComparisonRecord, findComparison, sideOf } from '../registry/comparisonRecord.ts';
import { comparedModelOf, type ModelCard, readCard } from '../registry/modelCard.ts';
import { ordersSignature } from './ordersSource.ts';

/** A comparison that was made before, or the job that would make it. */
export type LookedUpComparison =
  | { readonly record: ComparisonRecord }
  | {
      readonly record: null;
      /** The payload of the job. */
      readonly request: {
        readonly modelId: string;
        readonly otherId: string;
        readonly orders: string | null;
      };
      readonly signature: string;
    };

/**
 * Looks for a comparison of two models on the present orders, of the configured source or of `orders`. Models that
 * predict different numbers of months are compared only by their cards.
 *
 * @throws ModelUnknownError, ClvError `SAME_MODEL`, OrdersSourceError.
 */
export async function lookUpComparison(
  home: Home,
  modelId: string,
  otherId: string,
  orders: string | null,
): Promise<LookedUpComparison> {
  const cards = [await readCard(home, modelId), await readCard(home, otherId)] as const;
  if (modelId === otherId) {
    throw new ClvError('SAME_MODEL', `${modelId} cannot be compared with itself.`, {
      remedy: 'Name two models, for example the candidate and the champion.',
    });
  }
  if (!isSameHorizon([comparedModelOf(cards[0]), comparedModelOf(cards[1])]))
    return { record: byCards(cards) };
  const config = await loadConfig(home);
  const source = orders ?? (config.data.orders === null ? (cards[0].orders_source ?? null) : null);
  const signature = await ordersSignature(home, config, source);
  const record = await findComparison(home.outputs, [modelId, otherId], signature);
  return record ? { record } : { record, request: { modelId, otherId, orders: source }, signature };
}

function byCards([first, second]: readonly [ModelCard, ModelCard]): ComparisonRecord {
  const months = `${first.model_id} predicts ${counted(first.pred_months, 'month')} and ${second.model_id} ${second.pred_months}`;
  return {
    models: [sideOf(first), sideOf(second)],
    measured: null,
    notes: [
      'Revenue of fewer months is smaller and easier to predict, also per month, so the errors on the two cards do not say which model is better.',
    ],
    conclusion: `${months}: they answer different questions, so their errors are not compared.`,
    orders_signature: null,
  };
}
