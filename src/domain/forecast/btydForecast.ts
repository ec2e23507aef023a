import { predictBtyd } from '../btyd/predictBtyd.ts';
import { type WindowPair, windowDays } from '../calendar/windows.ts';
import type { FeatureMatrix } from '../features/matrix.ts';
import { withBtydFeatures } from './btydFeatures.ts';
import type { CustomersAt } from './customersAt.ts';
import { rateForecast } from './naiveRate.ts';
import type { PurchaseModel } from './purchaseModel.ts';
import { inSeasonalTime } from './seasonalTime.ts';

/** Customers as the contenders see them that build on a purchase model. */
export interface BtydForecast {
  /** The features, and behind them the BTYD features. */
  readonly matrix: FeatureMatrix;
  /** The revenue that the purchase model expects; that of the rate where there is no such model. */
  readonly base: Float64Array<SharedArrayBuffer>;
}

/** What a purchase model forecasts of customers in usual months, on shared buffers. */
export function btydForecast(
  btyd: PurchaseModel | null,
  { matrix, summary, window }: CustomersAt,
  windows: WindowPair,
): BtydForecast {
  const prediction =
    btyd === null
      ? null
      : predictBtyd(btyd.model, inSeasonalTime(summary, btyd.season, window.start), windowDays(window) / 7);
  const base = rateForecast(matrix, windows);
  if (prediction !== null) base.set(prediction.expectedClv);
  return { matrix: withBtydFeatures(matrix, prediction), base };
}
