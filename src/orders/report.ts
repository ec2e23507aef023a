import type { IsoDate } from '../domain/calendar/dates.ts';
import type { RejectReason } from './rows/parseRows.ts';

/** An order that is many times as large as any of another customer. */
export interface OutlyingOrder {
  readonly customerId: string;
  readonly day: IsoDate;
  /** Units of currency. */
  readonly revenue: number;
  /** How many times the largest order of any customer who is not an outlier. */
  readonly times: number;
}

/** An order that was placed long before the shop's others. */
export interface StrayOrder {
  readonly customerId: string;
  readonly day: IsoDate;
}

/** What was read, what was left out, and why. Every row of the source is a guest's, rejected or accepted. */
export interface OrdersReport {
  readonly files: readonly string[];
  /** Rows of the files, headers not counted. */
  readonly rowsRead: number;
  /** Rows without a customer (guest checkouts): normal, but no customer's history. */
  readonly guestRows: number;
  /** The guest rows with a word for a missing id (`data.null_ids`), by that word. */
  readonly guestRowsById: Readonly<Record<string, number>>;
  readonly guestRevenue: number;
  readonly rejectedRows: number;
  readonly rejectsByReason: Readonly<Partial<Record<RejectReason, number>>>;
  /** Rows that orders were made of. */
  readonly acceptedRows: number;
  /** The same as `acceptedRows` for one row an order; fewer where invoice lines were summed. */
  readonly orders: number;
  readonly returns: number;
  readonly customers: number;
  readonly revenue: number;
  /** The largest order of each customer who is an outlier by it, the largest first. Absent in reports of earlier versions. */
  readonly outlyingOrders?: readonly OutlyingOrder[];
  /** Orders so long before all others that the shop did not begin with them, in order. Absent in reports of earlier versions. */
  readonly strayOrders?: readonly StrayOrder[];
  readonly firstDate: IsoDate;
  /** The day of the first order that is no stray one: from then on the shop was open. */
  readonly openingDate: IsoDate;
  readonly lastDate: IsoDate;
}
