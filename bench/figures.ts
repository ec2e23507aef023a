/** How figures are printed. */

/** Of a difference: with its sign. */
export function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(3)}`;
}

/** A hyphen where there is none. */
export function figure(value: number | null, digits = 3): string {
  return value === null ? '-' : value.toFixed(digits);
}

/** Of a share. */
export function percent(value: number | null): string {
  return value === null ? '-' : `${(100 * value).toFixed(1)} %`;
}
