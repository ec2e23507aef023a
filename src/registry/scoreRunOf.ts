import type { IsoDate } from '../domain/calendar/dates.ts';
import type { ModelCard } from './modelCard.ts';

/**
 * The scoring run of a model at a cutoff.
 * @param orders a source instead of the configured one; null for the configured one.
 */
export function scoreRunOf(
  { model_id, history_months, pred_months }: ModelCard,
  cutoff: IsoDate,
  orders: string | null = null,
): { cutoff: IsoDate; modelId: string; historyMonths: number; predMonths: number; orders: string | null } {
  return { cutoff, modelId: model_id, historyMonths: history_months, predMonths: pred_months, orders };
}
