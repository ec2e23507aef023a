import { predictBtyd } from '../../btyd/predictBtyd.ts';
import { windowDays } from '../../calendar/windows.ts';
import type { FeatureMatrix } from '../../features/matrix.ts';
import type { CustomersAt } from '../customersAt.ts';
import type { PurchaseModel } from '../purchases/purchaseModel.ts';
import { inSeasonalTime, toSeasonalWeeks } from '../season/seasonalTime.ts';
import { withBtydFeatures } from './btydFeatures.ts';
import { rateForecast } from './naiveRate.ts';

/** Customers as the contenders see them that build on a purchase model. */
export interface BtydForecast {
  /** The features, and behind them the BTYD features. */
  readonly matrix: FeatureMatrix;
  /** The revenue that the purchase model expects; that of the rate where there is no such model. */
  readonly base: Float64Array<SharedArrayBuffer>;
}

/**
 * What a purchase model forecasts of customers, seasonally adjusted, on shared buffers: what it expects of as much seasonal
 * time as the window holds, over how much longer that is than the window.
 */
export function btydForecast(
  btyd: PurchaseModel | null,
  { matrix, summary, window, months }: CustomersAt,
): BtydForecast {
  const base = rateForecast(matrix, months);
  if (btyd === null) return { matrix: withBtydFeatures(matrix, null), base };
  const weeks = windowDays(window) / 7;
  const [seasonalWeeks] = toSeasonalWeeks([weeks], btyd.season, window.start);
  const customers = inSeasonalTime(summary, btyd.season, window.start);
  const expected = predictBtyd(btyd.model, customers, seasonalWeeks);
  const adjusted = (values: Float64Array): Float64Array =>
    values.map((value) => (value * weeks) / seasonalWeeks);
  const prediction = {
    ...expected,
    expectedPurchases: adjusted(expected.expectedPurchases),
    expectedClv: adjusted(expected.expectedClv),
  };
  base.set(prediction.expectedClv);
  return { matrix: withBtydFeatures(matrix, prediction), base };
}
