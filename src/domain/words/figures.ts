const MINUS = '−';
const THOUSANDTHS = fixed(3);
const TENTHS = fixed(1);

function fixed(digits: number): Intl.NumberFormat {
  return new Intl.NumberFormat('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A figure without a unit, to the thousandth: `−0.123`, `−12,303.218`. One that rounds to nothing has no sign. */
export function figure(value: number): string {
  const digits = THOUSANDTHS.format(value);
  return digits === '-0.000' ? '0.000' : digits.replace('-', MINUS);
}

/** A difference between such figures, with its sign: `+0.123`. One that rounds to nothing is `+0.000`. */
export function signedFigure(value: number): string {
  const text = figure(value);
  return text.startsWith(MINUS) ? text : `+${text}`;
}

/** A relative difference with its sign: `+12.3 %`, `−0.5 %`. One that rounds to nothing is `+0.0 %`, as `signedAmount` has it. */
export function signedPercent(share: number): string {
  const percent = TENTHS.format(Math.abs(share) * 100);
  const isBelow = share < 0 && percent !== '0.0';
  return `${isBelow ? MINUS : '+'}${percent} %`;
}
