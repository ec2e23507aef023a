const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);

/** The smallest Float64 above `value`; infinity for infinity. @param value not NaN. */
export function nextAbove(value: number): number {
  if (value === Number.POSITIVE_INFINITY) return value;
  if (value === 0) return Number.MIN_VALUE;
  float[0] = value;
  bits[0] += value > 0 ? 1n : -1n;
  return float[0];
}

/** The largest Float64 below `value`; minus infinity for minus infinity. @param value not NaN. */
export function nextBelow(value: number): number {
  return -nextAbove(-value);
}
