import { addMonths, type IsoDate, toEpochDay } from '../../domain/calendar/dates.ts';
import type { DateWindow } from '../../domain/calendar/windows.ts';
import { declarationsOf, type FeatureRequest } from '../../domain/features/chooseFeatures.ts';
import { MICROS } from '../rows/parseRows.ts';
import { type EpochDayWindow, inDays, isIn } from './dayWindow.ts';

/** The orders that an aggregate is computed from: those since the day `from` that meet the condition. */
interface Span {
  readonly from: number;
  readonly condition: string;
}

type SpanName = 'history' | 'gaps' | 'ever' | '1m' | '3m' | '6m' | '12m' | 'season';

interface Aggregate {
  readonly span: SpanName;
  /** The SQL expression over the columns of `orders`, with `filter` after each aggregate function. */
  readonly sql: (filter: string) => string;
}

/** An order in whole thousandths of currency, and the millionths that are left. */
const THOUSANDTHS = '(micros // 1000)';
const REST = '(micros % 1000)';

/**
 * What features are computed from, by the name that their SQL uses. All sums are sums of whole numbers (millionths of
 * currency, days), so that the result is the same to the last bit for any number of threads. `nth` numbers a customer's
 * orders, so that the first and the last are always unique.
 */
const AGGREGATES: Readonly<Record<string, Aggregate>> = {
  revenue: { span: 'history', sql: (filter) => currencySql(`sum(micros) ${filter}`) },
  orders: { span: 'history', sql: (filter) => `count(*) ${filter}` },
  first_day: { span: 'history', sql: (filter) => `min(day) ${filter}` },
  last_day: { span: 'history', sql: (filter) => `max(day) ${filter}` },
  gaps: { span: 'gaps', sql: (filter) => `count(gap) ${filter}` },
  gap_sum: { span: 'gaps', sql: (filter) => `CAST(sum(gap) ${filter} AS BIGINT)` },
  gap_squares: { span: 'gaps', sql: (filter) => `CAST(sum(CAST(gap AS BIGINT) * gap) ${filter} AS BIGINT)` },
  gap_median: { span: 'gaps', sql: (filter) => `median(gap) ${filter}` },
  last_gap: { span: 'gaps', sql: (filter) => `arg_max(gap, nth) ${filter}` },
  // Thousandths and rests are squared apart, because sums of squares of millionths could exceed 128 bits.
  value_sum: { span: 'history', sql: (filter) => `sum(${THOUSANDTHS}) ${filter}` },
  value_squares: {
    span: 'history',
    sql: (filter) => `sum(CAST(${THOUSANDTHS} AS HUGEINT) * ${THOUSANDTHS}) ${filter}`,
  },
  rest_sum: { span: 'history', sql: (filter) => `sum(${REST}) ${filter}` },
  rest_squares: { span: 'history', sql: (filter) => `sum(${REST} * ${REST}) ${filter}` },
  rest_products: { span: 'history', sql: (filter) => `sum(${THOUSANDTHS} * ${REST}) ${filter}` },
  largest_value: { span: 'history', sql: (filter) => currencySql(`max(micros) ${filter}`) },
  last_value: { span: 'history', sql: (filter) => currencySql(`arg_max(micros, nth) ${filter}`) },
  returns: { span: 'history', sql: (filter) => `count(CASE WHEN micros < 0 THEN 1 END) ${filter}` },
  revenue_1m: { span: '1m', sql: (filter) => currencySql(`sum(micros) ${filter}`) },
  revenue_3m: { span: '3m', sql: (filter) => currencySql(`sum(micros) ${filter}`) },
  revenue_6m: { span: '6m', sql: (filter) => currencySql(`sum(micros) ${filter}`) },
  revenue_12m: { span: '12m', sql: (filter) => currencySql(`sum(micros) ${filter}`) },
  orders_1m: { span: '1m', sql: (filter) => `count(*) ${filter}` },
  orders_3m: { span: '3m', sql: (filter) => `count(*) ${filter}` },
  orders_6m: { span: '6m', sql: (filter) => `count(*) ${filter}` },
  orders_12m: { span: '12m', sql: (filter) => `count(*) ${filter}` },
  revenue_season: { span: 'season', sql: (filter) => currencySql(`sum(micros) ${filter}`) },
  first_day_ever: { span: 'ever', sql: (filter) => `min(day) ${filter}` },
  first_value_ever: { span: 'ever', sql: (filter) => currencySql(`arg_min(micros, nth) ${filter}`) },
  orders_ever: { span: 'ever', sql: (filter) => `count(*) ${filter}` },
  revenue_ever: { span: 'ever', sql: (filter) => currencySql(`sum(micros) ${filter}`) },
};

/** The aggregates that the features of a request need, and the first day that they read. */
function needsOf(history: DateWindow, { features, predMonths }: FeatureRequest, firstDate: IsoDate) {
  const text = declarationsOf(features)
    .map(({ sql }) => sql)
    .join(' ');
  const words = new Set(text.match(/\w+/g));
  const names = Object.keys(AGGREGATES).filter((name) => name === 'orders' || words.has(name));
  const spans = spansOf(history, seasonOf(history.end, predMonths), firstDate);
  const from = Math.min(...names.map((name) => spans[AGGREGATES[name].span].from));
  return { names, spans, from };
}

/**
 * The days whose orders the features of a request need: the history window, and earlier days if a feature looks there.
 */
export function readWindow(history: DateWindow, request: FeatureRequest, firstDate: IsoDate): EpochDayWindow {
  return { start: needsOf(history, request, firstDate).from, end: toEpochDay(history.end) };
}

/**
 * One row for each customer with an order in `history`, in one pass over the orders: the customer's number, then every
 * feature as DOUBLE.
 *
 * @param firstDate the day of the shop's first order.
 */
export function historySql(history: DateWindow, request: FeatureRequest, firstDate: IsoDate): string {
  const { names, spans, from } = needsOf(history, request, firstDate);
  const end = toEpochDay(history.end);
  const season = seasonOf(history.end, request.predMonths);
  const all = `day >= ${from}`;
  const aggregates = names.map((name) => {
    const { span, sql } = AGGREGATES[name];
    const { condition } = spans[span];
    return `${sql(condition === all ? '' : `FILTER (${condition})`)} AS ${name}`;
  });
  const columns = declarationsOf(request.features).map(
    ({ name, sql }) => `CAST(${sql} AS DOUBLE) AS ${name}`,
  );
  return `
    SELECT ${['customer', ...columns].join(', ')}
    FROM (
      SELECT customer, ${end} AS cutoff, ${toEpochDay(season.end)} AS season_end,
        ${season.start >= firstDate} AS is_season_held, ${aggregates.join(', ')}
      FROM orders WHERE ${all} AND day < ${end}
      GROUP BY customer
    )
    WHERE orders > 0`;
}

function spansOf(history: DateWindow, season: DateWindow, firstDate: IsoDate): Record<SpanName, Span> {
  const since = (date: IsoDate): Span => ({
    from: toEpochDay(date),
    condition: `day >= ${toEpochDay(date)}`,
  });
  const start = toEpochDay(history.start);
  return {
    history: since(history.start),
    gaps: { from: start, condition: `day - gap >= ${start}` },
    // There is nothing before the first order, but a history window may begin even earlier.
    ever: since(firstDate < history.start ? firstDate : history.start),
    '1m': since(addMonths(history.end, -1)),
    '3m': since(addMonths(history.end, -3)),
    '6m': since(addMonths(history.end, -6)),
    '12m': since(addMonths(history.end, -12)),
    season: {
      from: toEpochDay(season.start),
      condition: isIn(inDays(season)),
    },
  };
}

/** The months of the prediction window, a year earlier; of a window longer than a year, only its first twelve. */
function seasonOf(cutoff: IsoDate, predMonths: number): DateWindow {
  return { start: addMonths(cutoff, -12), end: addMonths(cutoff, Math.min(predMonths, 12) - 12) };
}

/** The SQL that turns an aggregate in millionths into units of currency. */
export function currencySql(micros: string): string {
  return `CAST(${micros} AS DOUBLE) / ${MICROS}`;
}
