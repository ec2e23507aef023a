import type { IsoDate } from '../domain/calendar/dates.ts';
import {
  historyWindow,
  observedMonths,
  predictionWindow,
  type WindowPair,
} from '../domain/calendar/windows.ts';
import type { CustomersAt } from '../domain/forecast/customersAt.ts';
import type { OrderBook } from './orderBook.ts';

/**
 * The customers with an order in the history window before a cutoff, ordered by id, with what contenders need to
 * forecast the window after it. No order from the cutoff on plays any part.
 *
 * @param features the names of the features that the model learned from.
 */
export async function customersAt(
  book: OrderBook,
  cutoff: IsoDate,
  windows: WindowPair,
  features: readonly string[],
): Promise<{ readonly customerIds: readonly string[]; readonly customers: CustomersAt }> {
  const { historyMonths, predMonths } = windows;
  const history = historyWindow(cutoff, historyMonths);
  const { customerIds, matrix } = await book.features(history, { features, predMonths });
  const customers = {
    matrix,
    summary: await book.btydSummary(history),
    window: predictionWindow(cutoff, predMonths),
    months: observedMonths(windows, cutoff, book.report.openingDate),
  };
  return { customerIds, customers };
}
