import type { IsoDate } from '../domain/calendar/dates.ts';
import type { RejectReason } from './parseRows.ts';

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
  readonly firstDate: IsoDate;
  readonly lastDate: IsoDate;
}
