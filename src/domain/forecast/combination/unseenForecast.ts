/** A forecast out of time and what came; in currency, one number a customer. */
export interface UnseenForecast {
  readonly predicted: Float64Array;
  readonly actual: Float64Array;
}

/** How the total of an unseen forecast compares with what came. */
export interface TotalMiss {
  /** The logarithm of actual over predicted total. */
  readonly log: number;
  /**
   * The variance of that for forecasts without bias and independent customers: the sum of squared errors over the product
   * of the totals (the delta method).
   */
  readonly luck: number;
}

/** Null where either total is not above 0. */
export function missOfTotal({ predicted, actual }: UnseenForecast): TotalMiss | null {
  const [forecast, came] = [totalOf(predicted), totalOf(actual)];
  if (!(forecast > 0 && came > 0)) return null;
  const squares = actual.reduce((sum, value, i) => sum + (value - predicted[i]) ** 2, 0);
  return { log: Math.log(came / forecast), luck: squares / (forecast * came) };
}

/** The factor that would have made the total of a forecast right; 1 where either total is not above 0. */
export function factorOfTotals(forecast: UnseenForecast): number {
  return Math.exp(missOfTotal(forecast)?.log ?? 0);
}

/** The sum of amounts, in currency. */
export function totalOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
