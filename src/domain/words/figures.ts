const MINUS = '−';

/** A figure without a unit, to the thousandth: `−0.123`. One that rounds to nothing has no sign. */
export function figure(value: number): string {
  const digits = value.toFixed(3);
  return digits === '-0.000' ? '0.000' : digits.replace('-', MINUS);
}

/** A difference between such figures, with its sign: `+0.123`. One that rounds to nothing is `+0.000`. */
export function signedFigure(value: number): string {
  const text = figure(value);
  return text.startsWith(MINUS) ? text : `+${text}`;
}

/** A relative difference with its sign: `+12.3 %`, `−0.5 %`. One that rounds to nothing is `+0.0 %`, as `signedAmount` has it. */
export function signedPercent(share: number): string {
  const percent = (share * 100).toFixed(1);
  const isBelow = share < 0 && Number(percent) !== 0;
  return `${isBelow ? MINUS : '+'}${percent.replace('-', '')} %`;
}
