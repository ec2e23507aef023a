/** How figures are printed. */

/** A difference, with its sign. */
export function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(3)}`;
}

/** A figure; a hyphen for null. */
export function figure(value: number | null, digits = 3): string {
  return value === null ? '-' : value.toFixed(digits);
}

/** A share, in per cent. */
export function percent(value: number | null): string {
  return value === null ? '-' : `${(100 * value).toFixed(1)} %`;
}
