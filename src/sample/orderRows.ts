import { type DirtyRow, drawDirtyRows } from '../domain/sample/dirtyRows.ts';
import type { CustomerHistory, Purchases } from '../domain/sample/purchases.ts';
import type { Shop } from '../domain/sample/shop.ts';
import { CsvBytes } from './csvBytes.ts';

/** Customer ids are the customer's number with leading zeros up to this length. */
export const CUSTOMER_ID_DIGITS = 8;
const SEQUENCE_DIGITS = 3;
const DATE_LENGTH = 10;
/** Bytes that are enough for any row: two ids, a date, a revenue. */
const ROW_BYTES = 96;

/** The rows written so far, counted by kind, and their sum. */
export interface RowCounts {
  /** Purchases by customers with an id. */
  orders: number;
  /** Returns by customers with an id. */
  returns: number;
  /** Purchases and returns without a customer id. */
  guestRows: number;
  /** Rows that cannot be used, duplicates included. */
  dirtyRows: number;
  /** Net revenue of `orders` and `returns`, in cents. */
  netCents: number;
  /** First and last day with a usable row, counted from the shop's first day; -1 before there is one. */
  firstDay: number;
  lastDay: number;
}

/**
 * Writes customers' histories as rows `order_id,customer_id,order_date,revenue`.
 *
 * The id of an order is its customer's number and its own, `00000042-003`; `R` before it marks a return, `G` an order
 * without a customer, `X` a dirty row. Returns after the shop's end are left out.
 */
export class OrderRows {
  readonly csv = new CsvBytes(1 << 20);
  readonly counts: RowCounts = {
    orders: 0,
    returns: 0,
    guestRows: 0,
    dirtyRows: 0,
    netCents: 0,
    firstDay: -1,
    lastDay: -1,
  };
  readonly #days: number;
  readonly #dirtyShare: number;
  /** The dates of all days, end to end, as ASCII. */
  readonly #dates: Uint8Array;

  constructor(shop: Shop, dirtyShare: number) {
    this.#days = shop.days;
    this.#dirtyShare = dirtyShare;
    this.#dates = Buffer.from(shop.dates.join(''), 'latin1');
    this.csv.text('order_id,customer_id,order_date,revenue\n');
  }

  /** Appends all rows of customer `number`: the customer's own, those of the guests simulated along, and dirty ones. */
  append(number: number, history: CustomerHistory): void {
    const { counts } = this;
    const ordersBefore = counts.orders;
    const cleanBefore = counts.orders + counts.returns + counts.guestRows;
    this.#purchases(number, history.purchases, false);
    this.#purchases(number, history.guestPurchases, true);
    const clean = counts.orders + counts.returns + counts.guestRows - cleanBefore;
    const orders = counts.orders - ordersBefore;
    const dirtyRows = drawDirtyRows(history.random, clean, orders, this.#dirtyShare);
    for (let i = 0; i < dirtyRows.length; i++) this.#dirty(number, i, dirtyRows[i]!, history.purchases);
    counts.dirtyRows += dirtyRows.length;
  }

  #purchases(number: number, purchases: Purchases, isGuest: boolean): void {
    const { counts } = this;
    for (let i = 0; i < purchases.count; i++) {
      const day = purchases.day[i]!;
      const cents = purchases.cents[i]!;
      this.#row(isGuest ? 'G' : '', number, i, isGuest, day, cents);
      this.#countDay(day);
      const returnDay = purchases.returnDay[i]!;
      const returnCents = purchases.returnCents[i]!;
      const isReturned = returnDay >= 0 && returnDay < this.#days;
      if (isReturned) {
        this.#row(isGuest ? 'RG' : 'R', number, i, isGuest, returnDay, -returnCents);
        this.#countDay(returnDay);
      }
      if (isGuest) {
        counts.guestRows += isReturned ? 2 : 1;
      } else {
        counts.orders++;
        counts.netCents += cents;
        if (isReturned) counts.returns++;
        if (isReturned) counts.netCents -= returnCents;
      }
    }
  }

  #dirty(number: number, index: number, row: DirtyRow, purchases: Purchases): void {
    if (row.fault === 'duplicate') {
      const { purchase } = row;
      this.#row('', number, purchase, false, purchases.day[purchase]!, purchases.cents[purchase]!);
      return;
    }
    // The other cells of the row are those of the customer's first order.
    this.#ids('X', number, index, false);
    if (row.fault === 'date') this.csv.text(row.text);
    else this.#date(purchases.day[0]!);
    this.csv.comma();
    if (row.fault === 'revenue') this.csv.text(row.text);
    else this.csv.cents(purchases.cents[0]!);
    this.csv.newline();
  }

  #row(mark: string, number: number, index: number, isGuest: boolean, day: number, cents: number): void {
    this.#ids(mark, number, index, isGuest);
    this.#date(day);
    this.csv.comma();
    this.csv.cents(cents);
    this.csv.newline();
  }

  #ids(mark: string, number: number, index: number, isGuest: boolean): void {
    const { csv } = this;
    csv.reserve(ROW_BYTES);
    csv.text(mark);
    csv.digits(number, CUSTOMER_ID_DIGITS);
    csv.text('-');
    csv.digits(index + 1, SEQUENCE_DIGITS);
    csv.comma();
    if (!isGuest) csv.digits(number, CUSTOMER_ID_DIGITS);
    csv.comma();
  }

  #date(day: number): void {
    this.csv.copy(this.#dates, day * DATE_LENGTH, DATE_LENGTH);
  }

  #countDay(day: number): void {
    const { counts } = this;
    if (counts.firstDay < 0 || day < counts.firstDay) counts.firstDay = day;
    if (day > counts.lastDay) counts.lastDay = day;
  }
}
