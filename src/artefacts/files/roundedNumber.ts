/** Money is written to the millionth, as orders are held: in some currencies a fraction is a fortune. */
export const MONEY_DIGITS = 6;

/** So many digits of a decimal number survive being a double: it is printed as it was rounded. */
const SAFE_UNITS = 1e15;

/**
 * `value` rounded to `digits` after the point, for cells that should not show the noise of binary fractions. Where the
 * value is so large that a double has not that many, to as many as it has.
 */
export function rounded(value: number, digits: number): number {
  const scale = scaleOf(value, digits);
  return Math.round(value * scale) / scale;
}

/** The total of amounts, in currency, as a file with one of them a row has them: what its rows add up to. */
export function moneyTotal(amounts: Float64Array): number {
  let sum = 0;
  for (const amount of amounts) sum += rounded(amount, MONEY_DIGITS);
  return rounded(sum, MONEY_DIGITS);
}

/**
 * Parts of a total, rounded so that they add up to `rounded(total, digits)` in decimals, without remainder. Each running sum
 * is rounded, and not each part: so no part of a total is ever below 0 where none was, however small they are.
 *
 * @param parts of one sign, which add up to `total` but for the noise of binary fractions.
 */
export function roundedParts(parts: readonly number[], total: number, digits: number): number[] {
  const scale = scaleOf(total, digits);
  const whole = Math.round(total * scale);
  const nearer = total < 0 ? Math.max : Math.min;
  let sum = 0;
  let before = 0;
  return parts.map((part, i) => {
    sum += part;
    const upTo = i === parts.length - 1 ? whole : nearer(Math.round(sum * scale), whole);
    const units = upTo - before;
    before = upTo;
    return units / scale;
  });
}

/** How many units of the last digit there are in one. */
function scaleOf(value: number, digits: number): number {
  let shown = digits;
  while (shown > 0 && Math.abs(value) * 10 ** shown >= SAFE_UNITS) shown--;
  return 10 ** shown;
}
