/** The query for the rows of one file. */
export interface RawRows {
  /**
   * Gives order_id, customer_id, order_date, revenue and unit_price as VARCHAR, in the order of the file; whether an
   * amount was a number in the file, not text (is_revenue_number, is_price_number); and in `malformed` the line,
   * or what is wrong with it, if it does not fit its kind of file, else NULL.
   */
  readonly sql: string;
  /** Whether dates are typed in the file and not text, so that they have no format. */
  readonly hasTypedDates: boolean;
}

/** The columns that are mapped from a shop's own. `unit_price` is NULL unless revenue is quantity times price. */
export const RAW_COLUMNS = ['order_id', 'customer_id', 'order_date', 'revenue', 'unit_price'] as const;
/** One of them. */
export type RawColumn = (typeof RAW_COLUMNS)[number];

/** The name of the column of a file that each of these is read from; null for one that the file does not have. */
export type ColumnSources = Record<RawColumn, string | null>;

/** The RAW_COLUMNS for a SELECT. @param read gives the SQL, as VARCHAR, for the column of the file that has this name. */
export function project(sources: ColumnSources, read: (name: string, column: RawColumn) => string): string {
  return RAW_COLUMNS.map((column) => {
    const name = sources[column];
    return `${name === null ? 'NULL::VARCHAR' : read(name, column)} AS ${column}`;
  }).join(', ');
}

/** For a SELECT: whether amounts were numbers in the file, not text; both in SQL. */
export function areNumbers(revenue: string, price: string): string {
  return `${revenue} AS is_revenue_number, ${price} AS is_price_number`;
}
