/** The models of customer lifetime value in textbooks, unchanged: without seasons, recent customers or trees. */
import { fitBtyd } from '../src/domain/btyd/fitBtyd.ts';
import { predictBtyd } from '../src/domain/btyd/predictBtyd.ts';
import {
  historyWindow,
  observedMonths,
  predictionWindow,
  windowDays,
} from '../src/domain/calendar/windows.ts';
import type { FeatureMatrix } from '../src/domain/features/matrix.ts';
import { rateForecast } from '../src/domain/forecast/contenders/naiveRate.ts';
import type { OrderBook } from '../src/orders/orderBook.ts';
import type { MeasuredCutoff } from './accuracyShops.ts';

/** The forecast of a model for each customer of the history window, in currency, with the name of the model. */
export interface NamedForecast {
  readonly name: string;
  readonly predicted: Float64Array;
}

/**
 * The spending rate of the history window, and BG/NBD with Gamma-Gamma, fitted by maximum likelihood to everybody who
 * had ordered before the cutoff; the latter only if somebody came back.
 *
 * @param matrix features of the customers of the history window.
 */
export async function textbookForecasts(
  book: OrderBook,
  at: MeasuredCutoff,
  matrix: FeatureMatrix,
): Promise<NamedForecast[]> {
  const rate = {
    name: 'plain rate',
    predicted: rateForecast(matrix, observedMonths(at, at.cutoff, book.report.openingDate)),
  };
  const everybody = await book.btydSummary({ start: book.report.firstDate, end: at.cutoff });
  if (!everybody.repeatPurchases.some((purchases) => purchases > 0)) return [rate];
  const model = fitBtyd(everybody);
  const customers = await book.btydSummary(historyWindow(at.cutoff, at.historyMonths));
  const weeks = windowDays(predictionWindow(at.cutoff, at.predMonths)) / 7;
  return [
    rate,
    { name: 'plain BG/NBD, Gamma-Gamma', predicted: predictBtyd(model, customers, weeks).expectedClv },
  ];
}
