import { sqlText } from '../../tables/sqlWords.ts';
import type { DecimalMark } from '../settings.ts';

/** The blanks that people and spreadsheets put into amounts: space, tab, and the kinds of no-break and thin space. */
const BLANKS = ' \\t\\x{A0}\\x{202F}\\x{2009}';
const GAP = `[${BLANKS}]*`;
const MINUS = '[-\\x{2212}]';
const CURRENCY = `(?:[A-Z]{0,3}\\p{Sc}|(?:${Intl.supportedValuesOf('currency').join('|')}|zł|Kč|Ft|(?:kr|Fr)\\.?))`;
/** What else may stand between groups of three digits; none of these can stand before decimals. */
const GROUP_MARKS = ['[ \\x{A0}\\x{202F}\\x{2009}]', "['’]"];

/**
 * The SQL for the DOUBLE of an amount that is nothing but a number; NULL for anything else.
 *
 * @param isNumber SQL for whether the value was a number in its file, not text: a number has a point, whatever `mark`
 *   is.
 * @param mark the mark before decimals; null is the point.
 */
export function plainAmountSql(column: string, isNumber: string, mark: DecimalMark | null): string {
  // DuckDB reads 1_0 as ten.
  const withPoint = `CASE WHEN NOT contains(${column}, '_') THEN TRY_CAST(${column} AS DOUBLE) END`;
  if (mark !== ',') return withPoint;
  return `CASE WHEN ${isNumber} THEN ${withPoint}
    WHEN NOT contains(${column}, '.') AND NOT contains(${column}, '_') THEN TRY_CAST(replace(${column}, ',', '.') AS DOUBLE) END`;
}

/**
 * The SQL for the DOUBLE of an amount as people write it: with separated thousands, a currency beside it, a minus after
 * it, or in the parentheses of accountants. NULL where it is no amount, or could be read in two ways.
 *
 * @param mark the mark before decimals. Null is the point; then a comma is read only where it can be nothing else than
 *   a mark between thousands: in 1,234.50 and 1,234,567, but not in 1,234.
 */
export function adornedAmountSql(
  column: string,
  mark: DecimalMark | null,
  options: { readonly mayHaveCurrency: boolean },
): string {
  const number = numberPattern(mark);
  const layouts = options.mayHaveCurrency ? layoutsWithCurrency(number) : layoutsOf(number);
  const pattern = `${GAP}(?:${layouts.join('|')})${GAP}`;
  // Only from the first digit to the last, because a currency may contain a point.
  const digits = `regexp_replace(regexp_extract(${column}, '[0-9].*[0-9]|[0-9]'), '[^0-9${mark ?? '.'}]', '', 'g')`;
  const sign = `CASE WHEN regexp_matches(${column}, '${MINUS}|[(]') THEN -1 ELSE 1 END`;
  return `CASE WHEN regexp_full_match(${column}, ${sqlText(pattern)}) THEN ${sign} * TRY_CAST(replace(${digits}, ',', '.') AS DOUBLE) END`;
}

/** The SQL for the sign or name of the currency in an amount; NULL where there is none. */
export function currencySignSql(column: string): string {
  return `nullif(regexp_extract(${column}, ${sqlText(CURRENCY)}), '')`;
}

/** There have to be digits after the mark, because 12,- means twelve and not minus twelve. */
function numberPattern(mark: DecimalMark | null): string {
  const point = mark === ',' ? ',' : '[.]';
  const groups = (group: string, least = 1): string => `[1-9][0-9]{0,2}(?:${group}[0-9]{3}){${least},}`;
  const marks = mark === null ? GROUP_MARKS : [...GROUP_MARKS, mark === ',' ? '[.]' : ','];
  const always = ['[0-9]+', ...marks.map((group) => groups(group))].map(
    (whole) => `${whole}(?:${point}[0-9]+)?`,
  );
  const unmistakable = mark === null ? [`${groups(',')}[.][0-9]+`, groups(',', 2)] : [];
  return `(?:${[...always, ...unmistakable].join('|')})`;
}

function layoutsOf(number: string): string[] {
  return [`(?:(?:${MINUS}|[+])${GAP})?${number}`, `${number}${GAP}${MINUS}`, `[(]${GAP}${number}${GAP}[)]`];
}

function layoutsWithCurrency(number: string): string[] {
  const [before, behind] = [`${CURRENCY}${GAP}`, `${GAP}${CURRENCY}`];
  return [
    ...layoutsOf(number).flatMap((layout) => [layout, before + layout, layout + behind]),
    ...layoutsOf(before + number),
    ...layoutsOf(number + behind),
  ];
}
