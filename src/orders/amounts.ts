import { sqlText } from '../tables/sqlWords.ts';
import type { DecimalMark } from './settings.ts';

/** Blanks that people and spreadsheets put into amounts: the usual one, tab, and those at which no line breaks. */
const BLANKS = ' \\t\\x{A0}\\x{202F}\\x{2009}';
const GAP = `[${BLANKS}]*`;
const MINUS = '[-\\x{2212}]';
const CURRENCY = `(?:[A-Z]{0,3}\\p{Sc}|(?:${Intl.supportedValuesOf('currency').join('|')}|zł|Kč|Ft|(?:kr|Fr)\\.?))`;
/** Between groups of three digits; neither can stand before decimals. */
const GROUP_MARKS = ['[ \\x{A0}\\x{202F}\\x{2009}]', "['’]"];

/**
 * The DOUBLE of an amount that is nothing but a number; NULL where it is none, or more than that.
 *
 * @param isNumber SQL that says whether the value was a number in its file, not text: such a one has a point, whatever the
 * mark is.
 * @param mark which one stands before decimals; null is the point.
 */
export function plainAmountSql(column: string, isNumber: string, mark: DecimalMark | null): string {
  // DuckDB takes 1_0 for ten.
  const withPoint = `CASE WHEN NOT contains(${column}, '_') THEN TRY_CAST(${column} AS DOUBLE) END`;
  if (mark !== ',') return withPoint;
  return `CASE WHEN ${isNumber} THEN ${withPoint}
    WHEN NOT contains(${column}, '.') AND NOT contains(${column}, '_') THEN TRY_CAST(replace(${column}, ',', '.') AS DOUBLE) END`;
}

/**
 * The DOUBLE of an amount as people write it: with thousands apart, a currency beside it, a minus behind it, or in the
 * parentheses of accountants. NULL where it is none, or could be read in two ways.
 *
 * @param mark which one stands before decimals. Null: the point, and a comma between thousands only where it can be nothing
 * else: 1,234.50 and 1,234,567, but not 1,234.
 */
export function adornedAmountSql(
  column: string,
  mark: DecimalMark | null,
  options: { readonly mayHaveCurrency: boolean },
): string {
  const number = numberPattern(mark);
  const layouts = options.mayHaveCurrency ? layoutsWithCurrency(number) : layoutsOf(number);
  const pattern = `${GAP}(?:${layouts.join('|')})${GAP}`;
  // From the first digit to the last: a currency may have a point of its own.
  const digits = `regexp_replace(regexp_extract(${column}, '[0-9].*[0-9]|[0-9]'), '[^0-9${mark ?? '.'}]', '', 'g')`;
  const sign = `CASE WHEN regexp_matches(${column}, '${MINUS}|[(]') THEN -1 ELSE 1 END`;
  return `CASE WHEN regexp_full_match(${column}, ${sqlText(pattern)}) THEN ${sign} * TRY_CAST(replace(${digits}, ',', '.') AS DOUBLE) END`;
}

/** The sign or name of the currency in an amount; NULL where there is none. */
export function currencySignSql(column: string): string {
  return `nullif(regexp_extract(${column}, ${sqlText(CURRENCY)}), '')`;
}

/** Digits are needed behind the mark: 12,- stands for twelve, not for twelve less. */
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
