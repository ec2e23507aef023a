/** Bounds of each customer's revenue, in currency. */
export interface ForecastIntervals {
  readonly p10: Float64Array;
  readonly p50: Float64Array;
  readonly p90: Float64Array;
}

/** The share of the customers whose revenue lies within the bounds, both included; net returns count as 0. */
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
