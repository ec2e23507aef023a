import { resolve } from 'node:path';
import { TruthOfShop } from '../domain/sample/expectedRevenue.ts';
import { allocateHistory, simulateCustomer } from '../domain/sample/purchases.ts';
import { openShop, type Shop } from '../domain/sample/shop.ts';
import {
  InvalidSampleOptionError,
  type PlantedChange,
  requireInteger,
  requireNumber,
  type ShopOptions,
} from '../domain/sample/shopOptions.ts';
import type { CsvBytes } from './csvBytes.ts';
import { CUSTOMER_ID_DIGITS, OrderRows } from './orderRows.ts';
import { PendingFile } from './pendingFile.ts';
import { TruthRows } from './truthRows.ts';

/** Where the truth is written, and for which months. */
export interface TruthFileOptions {
  /** A path that ends in `.csv` or `.csv.gz`. */
  readonly out: string;
  /** `YYYY-MM-DD`: the first day of the window; after the shop's first day, at most `end`. */
  readonly cutoff: string;
  /** Length of the window in months; it may reach beyond `end`. */
  readonly predMonths: number;
}

/** What `writeSampleShop` is asked for. */
export interface SampleShopOptions {
  /** A path that ends in `.csv` or `.csv.gz`. */
  readonly out: string;
  /** `YYYY-MM-DD`: the first day after the shop's last. */
  readonly end: string;
  /** 1 to 99,999,999; default 2,000. */
  readonly customers?: number;
  /** Length of the history, 1 to 240; default 36. */
  readonly months?: number;
  /** 0 to 4,294,967,295; default 1. */
  readonly seed?: number;
  /** Rows that cannot be used, for each clean row: 0 to 0.5; default 0.001. */
  readonly dirtyShare?: number;
  /** `YYYY-MM-DD`: from this day on every order rate is multiplied by `changeFactor`. */
  readonly changeAt?: string;
  /** 0 to 100; has to be given if `changeAt` is, and only then. */
  readonly changeFactor?: number;
  /** How strong the seasons are, 0 to 2; default 1. */
  readonly season?: number;
  readonly truth?: TruthFileOptions;
  /** Called now and then with the number of customers written so far, and of all. */
  readonly onProgress?: (customersDone: number, customers: number) => void;
  /** Stops the writing; nothing is left behind, and the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What was written. */
export interface SampleSummary {
  readonly out: string;
  readonly customers: number;
  /** All rows below the header: the four kinds that follow. */
  readonly rows: number;
  /** Purchases by customers with an id. */
  readonly orders: number;
  /** Returns by customers with an id: negative revenue. */
  readonly returns: number;
  /** Purchases and returns without a customer id. */
  readonly guestRows: number;
  /** Rows that cannot be used, duplicates included. */
  readonly dirtyRows: number;
  /** Net revenue of `orders` and `returns`, in the shop's currency. */
  readonly netRevenue: number;
  /** `YYYY-MM-DD` of the first and the last usable row. */
  readonly firstDate: string;
  readonly lastDate: string;
  readonly truth?: TruthSummary;
}

/** What was written to the truth file. */
export interface TruthSummary {
  readonly out: string;
  /** Customers whose first order lies before the cutoff: the rows of the file. */
  readonly customers: number;
  /** How many of them have not left by the cutoff. */
  readonly aliveCustomers: number;
  /** Sum over all rows, in the shop's currency. */
  readonly expectedRevenue: number;
}

/** Bytes are handed to the disk in pieces of about this size. */
const CHUNK_BYTES = 512 * 1024;

/**
 * Writes a practice shop as CSV, customer by customer and within a customer by date (a return stands right below
 * its order; the rows of guests and dirty rows below the customer's own). The same options give the same bytes; more
 * customers only add rows at the end. Memory does not grow with the number of customers.
 *
 * Throws InvalidSampleOptionError for an option that cannot be used, SampleNotWrittenError when a file cannot be
 * written; in either case no file is made or changed.
 */
export async function writeSampleShop(options: SampleShopOptions): Promise<SampleSummary> {
  const customers = options.customers ?? 2000;
  const dirtyShare = options.dirtyShare ?? 0.001;
  requireInteger('customers', customers, 1, 10 ** CUSTOMER_ID_DIGITS - 1);
  requireNumber('dirtyShare', dirtyShare, 0, 0.5);
  requireCsvPath('out', options.out);
  if (options.truth !== undefined) requireCsvPath('truth out', options.truth.out);
  if (options.truth !== undefined && resolve(options.truth.out) === resolve(options.out)) {
    throw new InvalidSampleOptionError('truth out', 'another file than out', options.truth.out);
  }
  const shop = openShop(shopOptions(options));
  const rows = new OrderRows(shop, dirtyShare);
  const truthRows = new TruthRows();

  const files: PendingFile[] = [];
  try {
    const orderFile = await openFile(options.out, files);
    const truthFile = options.truth === undefined ? undefined : await openFile(options.truth.out, files);
    const truthOfShop = truthFile === undefined ? undefined : new TruthOfShop(shop);
    const columns = allocateHistory();
    for (let number = 1; number <= customers; number++) {
      const history = simulateCustomer(shop, number, columns);
      rows.append(number, history);
      const truth = truthOfShop?.of(history);
      if (truth !== undefined) truthRows.append(number, truth);
      if (rows.csv.length < CHUNK_BYTES) continue;
      await flush(rows.csv, orderFile);
      if (truthFile !== undefined) await flush(truthRows.csv, truthFile);
      options.onProgress?.(number, customers);
      options.signal?.throwIfAborted();
    }
    await flush(rows.csv, orderFile);
    if (truthFile !== undefined) await flush(truthRows.csv, truthFile);
    for (const file of files) await file.finish();
    options.signal?.throwIfAborted();
    for (const file of files) await file.publish();
  } catch (error) {
    for (const file of files) await file.discard();
    throw error;
  }
  options.onProgress?.(customers, customers);
  return summary(options, customers, shop, rows, truthRows);
}

function requireCsvPath(option: string, path: string): void {
  if (/[^/\\]\.csv(\.gz)?$/.test(path)) return;
  throw new InvalidSampleOptionError(option, 'a path that ends in .csv or .csv.gz', path);
}

function shopOptions(options: SampleShopOptions): ShopOptions {
  const change = plantedChange(options);
  return {
    seed: options.seed ?? 1,
    months: options.months ?? 36,
    end: options.end,
    ...(change === undefined ? {} : { change }),
    ...(options.season === undefined ? {} : { season: options.season }),
    ...(options.truth === undefined ? {} : { truth: options.truth }),
  };
}

function plantedChange({ changeAt, changeFactor }: SampleShopOptions): PlantedChange | undefined {
  if (changeAt === undefined && changeFactor === undefined) return undefined;
  if (changeAt === undefined) {
    throw new InvalidSampleOptionError('changeAt', 'given together with change-factor', changeAt);
  }
  if (changeFactor === undefined) {
    throw new InvalidSampleOptionError('changeFactor', 'given together with change-at', changeFactor);
  }
  return { at: changeAt, factor: changeFactor };
}

async function openFile(path: string, files: PendingFile[]): Promise<PendingFile> {
  const file = await PendingFile.open(path);
  files.push(file);
  return file;
}

async function flush(csv: CsvBytes, file: PendingFile): Promise<void> {
  await file.write(csv.view());
  csv.clear();
}

function summary(
  options: SampleShopOptions,
  customers: number,
  shop: Shop,
  rows: OrderRows,
  truthRows: TruthRows,
): SampleSummary {
  const { orders, returns, guestRows, dirtyRows, netCents, firstDay, lastDay } = rows.counts;
  const written = {
    out: options.out,
    customers,
    rows: orders + returns + guestRows + dirtyRows,
    orders,
    returns,
    guestRows,
    dirtyRows,
    netRevenue: netCents / 100,
    firstDate: shop.dates[firstDay]!,
    lastDate: shop.dates[lastDay]!,
  };
  if (options.truth === undefined) return written;
  return {
    ...written,
    truth: {
      out: options.truth.out,
      customers: truthRows.customers,
      aliveCustomers: truthRows.aliveCustomers,
      expectedRevenue: Math.round(truthRows.expectedRevenue * 100) / 100,
    },
  };
}
