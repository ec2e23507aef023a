import type { BtydSummary } from '../domain/btyd/summary.ts';
import { addDays, addMonths, fromEpochDay, type IsoDate, toEpochDay } from '../domain/calendar/dates.ts';
import type { DateWindow } from '../domain/calendar/windows.ts';
import { BASE_FEATURES, type FeatureRequest } from '../domain/features/chooseFeatures.ts';
import type { DataFingerprint } from '../domain/features/dataFingerprint.ts';
import { allocateMatrix, type FeatureMatrix } from '../domain/features/matrix.ts';
import type { MonthOfOrders } from '../domain/forecast/season/learnSeason.ts';
import { sharedFloats } from '../domain/sharedFloats.ts';
import type { Duck } from '../tables/duck.ts';
import { ACTIVE_MONTHS, activitySql } from './queries/activityQuery.ts';
import { readWindow } from './queries/aggregates.ts';
import { btydSummarySql } from './queries/btydQuery.ts';
import { type EpochDayWindow, inDays, isIn } from './queries/dayWindow.ts';
import {
  featuresOfEachSql,
  featuresSql,
  revenueByCustomerSql,
  revenueOfEachSql,
  windowRevenueSql,
} from './queries/featureQuery.ts';
import { fingerprintOrders } from './queries/fingerprint.ts';
import type { OrdersReport } from './report.ts';
import { writeKnownOrders } from './writeKnownOrders.ts';

/** The customers with an order in a history window, ordered by id, and their features. */
export interface CustomerFeatures {
  readonly customerIds: readonly string[];
  readonly matrix: FeatureMatrix;
}

/** What the customers of one window spent; one entry a customer. */
export interface WindowRevenue {
  readonly customerIds: readonly string[];
  readonly revenue: Float64Array;
  /** 1 for a customer without any order before the window. */
  readonly isNew: Float64Array;
  /** 1 for a customer with an order in the window that is not a return. */
  readonly hasBought: Float64Array;
}

/** As CustomerFeatures, but with the customers as whole numbers from 0, in the order of their ids. */
export interface NumberedFeatures {
  readonly customers: Float64Array;
  readonly matrix: FeatureMatrix;
}

/**
 * The most bytes that one query for the features of several windows may return, because they are in memory twice for a
 * while.
 */
const MOST_QUERIED_BYTES = 64 * 2 ** 20;

/** How many months a season is learned from at most: earlier on, the shop was a different one. */
const MOST_MONTHS_OF_ACTIVITY = 36;
/** The months after the first order are left out, because hardly anybody can have come back in them. */
const SETTLING_MONTHS = 3;
/** In a month with fewer customers than this share of the best month's, the shop had not opened yet, or was closed. */
const LEAST_SHARE_OF_CUSTOMERS = 0.01;

/** A shop's validated orders in memory, which answer questions about any window. Close it when done, or declare it with `using`. */
export class OrderBook implements Disposable {
  readonly report: OrdersReport;
  readonly #duck: Duck;
  /** The number of customers with an order in each window that was asked about. */
  readonly #customers = new Map<string, number>();

  /** Of the tables that were built in `duck`, which it closes; `report` says what is in them. */
  constructor(duck: Duck, report: OrdersReport) {
    this.#duck = duck;
    this.report = report;
  }

  /** The day after the last order: where the data ends, exclusively. */
  get dataEnd(): IsoDate {
    return addDays(this.report.lastDate, 1);
  }

  /**
   * The features, at the cutoff `history.end`, of every customer with at least one order in `history`; by default the
   * base features. `rows x features, column-major Float64Array` on a shared buffer; a missing value is NaN. No order on
   * or after the cutoff plays any part. Throws FeatureUnknownError.
   */
  async features(history: DateWindow, request: FeatureRequest = BASE_REQUEST): Promise<CustomerFeatures> {
    const rows = await this.#customersIn(inDays(history));
    const matrix = allocateMatrix([...request.features], rows);
    const sql = featuresSql(history, request, this.report.firstDate);
    const [customerIds] = await this.#duck.readColumns(sql, matrix.values, rows, 1);
    return { customerIds, matrix };
  }

  /** The days whose orders these features are computed from: the history window, or one that begins before it. */
  readWindow(history: DateWindow, request: FeatureRequest): DateWindow {
    return {
      start: fromEpochDay(readWindow(history, request, this.report.firstDate).start),
      end: history.end,
    };
  }

  /**
   * Net revenue in `window` of every customer with at least one order in `history`, in the order that `features`
   * gives them; 0 for a customer who bought nothing. Units of currency.
   */
  async revenue(history: DateWindow, window: DateWindow): Promise<Float64Array<SharedArrayBuffer>> {
    const past = inDays(history);
    const rows = await this.#customersIn(past);
    const target = sharedFloats(rows);
    await this.#duck.readColumns(windowRevenueSql(past, inDays(window)), target, rows);
    return target;
  }

  /**
   * What every customer with an order in `window` spent in it, net and in units of currency, ordered by id; and who came
   * for the first time, and who did more than return something.
   */
  async revenueByCustomer(window: DateWindow): Promise<WindowRevenue> {
    const days = inDays(window);
    const rows = await this.#customersIn(days);
    const target = new Float64Array(3 * rows);
    const [customerIds] = await this.#duck.readColumns(revenueByCustomerSql(days), target, rows, 1);
    const [revenue, isNew, hasBought] = [0, 1, 2].map((column) =>
      target.subarray(column * rows, (column + 1) * rows),
    );
    return { customerIds, revenue, isNew, hasBought };
  }

  /** How many orders there are in `window`. */
  async countOrders(window: DateWindow): Promise<number> {
    const [{ count }] = await this.#duck.rows<{ count: bigint }>(
      `SELECT count(*) AS count FROM orders WHERE ${isIn(inDays(window))}`,
    );
    return Number(count);
  }

  /**
   * The features at the end of each history, by default the base features. In a small shop, one query serves many
   * histories. Throws FeatureUnknownError.
   */
  async featuresOfEach(
    histories: readonly DateWindow[],
    request: FeatureRequest = BASE_REQUEST,
  ): Promise<NumberedFeatures[]> {
    const bytesOfEach = Float64Array.BYTES_PER_ELEMENT * request.features.length * this.report.customers;
    const perQuery = Math.max(1, Math.floor(MOST_QUERIED_BYTES / bytesOfEach));
    const found: NumberedFeatures[] = [];
    for (let from = 0; from < histories.length; from += perQuery) {
      const some = histories.slice(from, from + perQuery);
      const columns = await this.#duck.readAll(featuresOfEachSql(some, request, this.report.firstDate));
      for (const [customers, ...features] of partsOf(columns, some.length)) {
        const matrix = allocateMatrix([...request.features], customers.length);
        features.forEach((column, j) => {
          matrix.values.set(column, j * matrix.rows);
        });
        found.push({ customers, matrix });
      }
    }
    return found;
  }

  /**
   * Net revenue in each window, in units of currency: one entry for every customer of the shop, by the customer's
   * number.
   */
  async revenueOfEach(windows: readonly DateWindow[]): Promise<Float64Array[]> {
    if (windows.length === 0) return [];
    const columns = await this.#duck.readAll(revenueOfEachSql(windows.map(inDays)));
    return partsOf(columns, windows.length).map(([customers, revenue]) => {
      const byCustomer = new Float64Array(this.report.customers);
      for (let row = 0; row < customers.length; row++) byCustomer[customers[row]] = revenue[row];
      return byCustomer;
    });
  }

  /**
   * What purchase models know, at the cutoff `history.end`, of every customer with at least one order in `history`, in
   * the order of `features`. It is computed from all their orders before the cutoff, also from those before the window;
   * a transaction is a local day with a purchase (`btydSummarySql`).
   */
  async btydSummary(history: DateWindow): Promise<BtydSummary> {
    const window = inDays(history);
    const rows = await this.#customersIn(window);
    const values = new Float64Array(rows * 5);
    await this.#duck.readColumns(btydSummarySql(window), values, rows);
    const [repeatPurchases, recencyWeeks, ageWeeks, meanRepeatValue, firstValue] = [0, 1, 2, 3, 4].map(
      (column) => values.subarray(column * rows, (column + 1) * rows),
    );
    return { repeatPurchases, recencyWeeks, ageWeeks, meanRepeatValue, firstValue };
  }

  /**
   * How many customers there were, and how often they ordered, in each of the months before `end`, latest first, for up
   * to three years. Only months are given before which the shop had been selling for a quarter of a year, and without a
   * gap. No order from `end` on plays any part.
   */
  async activity(end: IsoDate): Promise<MonthOfOrders[]> {
    const starts: number[] = [];
    const first = toEpochDay(this.report.openingDate);
    const most = MOST_MONTHS_OF_ACTIVITY + ACTIVE_MONTHS;
    for (let back = 1; back <= most && (starts.at(-1) ?? first + 1) > first; back++)
      starts.push(toEpochDay(addMonths(end, -back)));
    const earliest = toEpochDay(addMonths(this.report.openingDate, SETTLING_MONTHS));
    const settled = starts.slice(0, MOST_MONTHS_OF_ACTIVITY).filter((start) => start >= earliest);
    const [customers, orders, regulars, ordersOfRegulars] = await this.#duck.readAll(
      activitySql(starts, toEpochDay(end)),
    );
    const months = settled.map((_, i) => ({
      customers: customers[i],
      orders: orders[i],
      regulars: regulars[i],
      ordersOfRegulars: ordersOfRegulars[i],
    }));
    const fewest = LEAST_SHARE_OF_CUSTOMERS * Math.max(...months.map((month) => month.customers));
    const latestClosed = months.findIndex((month) => month.customers === 0 || month.customers < fewest);
    return latestClosed < 0 ? months : months.slice(0, Math.max(0, latestClosed - SETTLING_MONTHS));
  }

  /** The fingerprint of the orders in `window`: the same orders give the same one, whatever files they came from. */
  fingerprint(window: DateWindow): Promise<DataFingerprint> {
    return fingerprintOrders(this.#duck, inDays(window));
  }

  /**
   * How many customers have an order before `end`, how many of them two or more that are not returns, and how many paid
   * more than they got back.
   */
  async countCustomers(
    end: IsoDate,
  ): Promise<{ customers: number; repeatBuyers: number; payingCustomers: number }> {
    const [{ customers, repeat, paying }] = await this.#duck.rows<
      Record<'customers' | 'repeat' | 'paying', bigint>
    >(
      `SELECT count(*) AS customers, count(*) FILTER (orders >= 2) AS repeat, count(*) FILTER (net > 0) AS paying
       FROM (
         SELECT count(*) FILTER (micros >= 0) AS orders, sum(micros) AS net
         FROM orders WHERE day < ${toEpochDay(end)} GROUP BY customer
       )`,
    );
    return { customers: Number(customers), repeatBuyers: Number(repeat), payingCustomers: Number(paying) };
  }

  /** Writes the orders of the days before `day`, which were known on its morning, to a Parquet file at `path`. */
  writeKnownBefore(day: IsoDate, path: string): Promise<void> {
    return writeKnownOrders(this.#duck, day, path);
  }

  /**
   * The number of customers with an order in a window. It is remembered, because several questions about a window need
   * it.
   */
  async #customersIn(window: EpochDayWindow): Promise<number> {
    const key = isIn(window);
    const known = this.#customers.get(key);
    if (known !== undefined) return known;
    const [{ count }] = await this.#duck.rows<{ count: bigint }>(
      `SELECT count(DISTINCT customer) AS count FROM orders WHERE ${key}`,
    );
    this.#customers.set(key, Number(count));
    return Number(count);
  }

  close(): void {
    this.#duck.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** The base features do not depend on the predicted months, so any number will do. */
const BASE_REQUEST: FeatureRequest = { features: BASE_FEATURES, predMonths: 1 };

/**
 * Cuts columns where the first one, which ascends from 0, changes; returns the other columns of each of the `parts`.
 */
function partsOf([part, ...columns]: readonly Float64Array[], parts: number): Float64Array[][] {
  const found: Float64Array[][] = [];
  let row = 0;
  for (let i = 0; i < parts; i++) {
    const from = row;
    while (row < part.length && part[row] === i) row++;
    found.push(columns.map((column) => column.subarray(from, row)));
  }
  return found;
}
