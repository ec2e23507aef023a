/** Where a shop's orders are and how to read them: the section `data` of the config, in the terms of the reader. */
export interface OrdersSettings {
  /** Absolute path or glob of the files. */
  readonly source: string;
  /** IANA name of the business time zone. */
  readonly timezone: string;
  /** `order`: one row an order. `line`: invoice lines, summed to one order for each order id and customer. */
  readonly grain: 'order' | 'line';
  /** Encoding of text files as `textEncoding` names it; null is UTF-8. A byte order mark in a file takes precedence. */
  readonly encoding: string | null;
  readonly columns: OrderColumns;
  /** Words that stand for a missing id, at most 256: a row with such a customer is a guest's. */
  readonly nullIds: readonly string[];
  /** strptime format of `order_date`; null reads ISO dates and timestamps. */
  readonly dateFormat: string | null;
  /**
   * The mark before the decimals of amounts, so that the other one stands between thousands; null where it is not
   * named.
   */
  readonly decimalMark: DecimalMark | null;
  /** Share of the rows (0 to 1) that may be rejected before reading fails. */
  readonly maxRejectShare: number;
}

/** The sign before the decimals of an amount. */
export type DecimalMark = '.' | ',';

/** The names of the columns in the shop's own files. */
export interface OrderColumns {
  readonly customerId: string;
  readonly orderDate: string;
  /** One column, or quantity times unit price. */
  readonly revenue: string | { readonly quantity: string; readonly unitPrice: string };
  /** Null where the files have none; then duplicates cannot be recognised. */
  readonly orderId: string | null;
}
