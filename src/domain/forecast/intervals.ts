/**
 * What the realised revenue of customers was in shares of their forecast, by the size of the forecast: measured out of
 * time. Ratios between two sizes are interpolated over the logarithm of the size; beyond the ends they stay.
 */
export interface IntervalTable {
  /** Ascending forecasts, in currency; at least one. */
  readonly sizes: readonly number[];
  /** Lower bound, median and upper bound in shares of the forecast, one entry a size. */
  readonly low: readonly number[];
  readonly middle: readonly number[];
  readonly high: readonly number[];
}

/** Bounds of each customer's revenue, in currency. */
export interface ForecastIntervals {
  readonly p10: Float64Array;
  readonly p50: Float64Array;
  readonly p90: Float64Array;
}

/** The intervals of forecasts. */
export function applyIntervals(table: IntervalTable, forecasts: Float64Array): ForecastIntervals {
  const logs = table.sizes.map(Math.log);
  const bound = (ratios: readonly number[]): Float64Array =>
    forecasts.map((forecast) =>
      forecast > 0 ? forecast * interpolate(logs, ratios, Math.log(forecast)) : 0,
    );
  return { p10: bound(table.low), p50: bound(table.middle), p90: bound(table.high) };
}

/** Share of customers whose revenue lies between the bounds, these included; who took money back spent nothing. */
export function shareWithin(
  actual: Float64Array,
  { p10, p90 }: Pick<ForecastIntervals, 'p10' | 'p90'>,
): number {
  let within = 0;
  for (let row = 0; row < actual.length; row++) {
    const spent = Math.max(0, actual[row]);
    if (spent >= p10[row] && spent <= p90[row]) within++;
  }
  return within / actual.length;
}

function interpolate(at: readonly number[], values: readonly number[], x: number): number {
  if (x <= at[0]) return values[0];
  const last = at.length - 1;
  if (x >= at[last]) return values[last];
  let right = 1;
  while (at[right] < x) right++;
  const share = (x - at[right - 1]) / (at[right] - at[right - 1]);
  return values[right - 1] + share * (values[right] - values[right - 1]);
}
