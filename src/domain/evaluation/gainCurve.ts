/** The curve is given at every whole per cent of the customers, from 0 to 100. */
export const GAIN_POINTS = 101;

/**
 * The cumulative gain: point `i` is the share of all revenue that the `i` per cent of the customers with the highest
 * predictions brought. It begins at 0 and ends at 1; a forecast that gives everybody the same gives the diagonal. Net
 * returns among the last customers may lift it above 1 before its end. Between two customers it is interpolated.
 *
 * @param ranked revenue by descending prediction, as `actualByPrediction` gives it.
 * @param revenue that of all customers, as `netRevenue` gives it.
 * @returns null where the customers together did not bring any revenue.
 */
export function gainCurve(ranked: Float64Array, revenue: number): number[] | null {
  if (revenue <= 0) return null;
  const n = ranked.length;
  const gained = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) gained[i + 1] = gained[i] + ranked[i];
  const total = gained[n];
  return Array.from({ length: GAIN_POINTS }, (_, point) => {
    // Multiplied before it is divided, so that the last point is exactly the last customer.
    const customers = (point * n) / (GAIN_POINTS - 1);
    const whole = Math.floor(customers);
    const part = customers - whole;
    return (gained[whole] + (part === 0 ? 0 : part * ranked[whole])) / total;
  });
}
