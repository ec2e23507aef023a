const MINUS = '−';
/** Orders have amounts to the millionth; what lies below is noise of binary fractions. */
const FINEST_DIGITS = 6;

/** Made once each: a page has hundreds of numbers, and to make a format takes longer than to use it. */
const PRECISE = Array.from(
  { length: FINEST_DIGITS + 1 },
  (_, most) =>
    new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: Math.max(2, most) }),
);
const WHOLE = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const THREE_DIGITS = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3 });

/**
 * An amount of any currency for people: `−1,234.50`; below 1 with three digits that say something, `0.00312`, as in a
 * currency of which a fraction is a fortune.
 */
export function amount(value: number): string {
  const known = withoutNoise(value);
  const digits = Math.abs(known) >= 1 || known === 0 ? 2 : 2 - Math.floor(Math.log10(Math.abs(known)));
  return written(PRECISE[Math.min(FINEST_DIGITS, digits)], known);
}

/** As `amount`, with its sign: `+1,234.50`. */
export function signedAmount(value: number): string {
  const text = amount(value);
  return text.startsWith(MINUS) ? text : `+${text}`;
}

/** A sum of many amounts, without pennies: `−1,234`; one below 100 has three digits, as `12.3` and `0.00312` have. */
export function totalAmount(value: number): string {
  return written(Math.abs(value) < 100 ? THREE_DIGITS : WHOLE, withoutNoise(value));
}

/** As `totalAmount`, with its sign: `+1,234`. */
export function signedTotal(value: number): string {
  const text = totalAmount(value);
  return text.startsWith(MINUS) ? text : `+${text}`;
}

/** A difference between amounts, which nobody knows to the penny: with four digits, two where it is below 1. */
export function roughAmount(value: number): string {
  const digits = Math.abs(value) < 1 ? 2 : 4;
  return (value || 0).toLocaleString('en-GB', { maximumSignificantDigits: digits }).replace('-', MINUS);
}

/** Also of a 0 whose sign was changed, which would be written as -0. */
function withoutNoise(value: number): number {
  const scale = 10 ** FINEST_DIGITS;
  return (Math.abs(value) < 1 ? Math.round(value * scale) / scale : value) || 0;
}

function written(format: Intl.NumberFormat, value: number): string {
  return format.format(value).replace('-', MINUS);
}
