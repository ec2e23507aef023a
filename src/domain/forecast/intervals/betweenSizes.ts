/**
 * Interpolates values that are known for some sizes, over the logarithm of the size; beyond the ends they stay.
 *
 * @param sizes ascending, above 0, at least one.
 */
export function betweenSizes(sizes: readonly number[]): (values: readonly number[], size: number) => number {
  const logs = sizes.map(Math.log);
  const last = logs.length - 1;
  return (values, size) => {
    const x = Math.log(size);
    if (x <= logs[0]) return values[0];
    if (x >= logs[last]) return values[last];
    let right = 1;
    while (logs[right] < x) right++;
    const share = (x - logs[right - 1]) / (logs[right] - logs[right - 1]);
    return values[right - 1] + share * (values[right] - values[right - 1]);
  };
}
