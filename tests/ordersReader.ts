import type { DateWindow } from '../src/domain/calendar/windows.ts';
import { columnOf } from '../src/domain/features/matrix.ts';
import type { OrderBook } from '../src/orders/orderBook.ts';
import { type ReadOrdersOptions, readOrders } from '../src/orders/readOrders.ts';
import type { RejectedRow } from '../src/orders/rows/rejects.ts';
import type { OrdersSettings } from '../src/orders/settings.ts';
import { ordersSettings } from './ordersSettings.ts';
import { makeHome, type TemporaryHome } from './temporaryHome.ts';

export const HEADER = 'order_id,customer_id,order_date,revenue\n';
export const EVERYTHING: DateWindow = { start: '1970-01-01', end: '2100-01-01' };
const NOW = Date.UTC(2024, 5, 30, 12);

/** Reads orders of a temporary home at noon of 30 June 2024. Close it when done. */
export interface OrdersReader {
  readonly folder: TemporaryHome;
  read(
    source: string,
    changes?: Partial<OrdersSettings>,
    options?: Partial<ReadOrdersOptions>,
  ): Promise<OrderBook>;
  /** Reads a file of this text. */
  readText(text: string, changes?: Partial<OrdersSettings>, name?: string): Promise<OrderBook>;
  /** What the last reading rejected. */
  rejects(): readonly RejectedRow[];
  close(): Promise<void>;
}

export async function openOrdersReader(): Promise<OrdersReader> {
  const folder = await makeHome();
  const books: OrderBook[] = [];
  let rejects: RejectedRow[] = [];
  const read: OrdersReader['read'] = async (source, changes = {}, options = {}) => {
    rejects = [];
    const book = await readOrders(ordersSettings({ source, ...changes }), {
      clock: { now: () => NOW },
      threads: 2,
      quarantine: async (rows) => {
        for await (const some of rows) rejects.push(...some);
        return 'rejects.csv';
      },
      ...options,
    });
    books.push(book);
    return book;
  };
  return {
    folder,
    read,
    readText: async (text, changes = {}, name = 'orders.csv') =>
      read(await folder.write(name, text), changes),
    rejects: () => rejects,
    async close() {
      for (const book of books) book.close();
      await folder.remove();
    },
  };
}

/** The revenue of every customer. */
export async function customersOf(book: OrderBook): Promise<Record<string, number>> {
  const { customerIds, matrix } = await book.features(EVERYTHING);
  const revenue = columnOf(matrix, 'revenue_sum');
  return Object.fromEntries(customerIds.map((id, i) => [id, revenue[i]]));
}

/** What was thrown; fails where nothing was. */
export async function failureOf(
  work: Promise<unknown>,
): Promise<{ code: string; message: string; remedy: string }> {
  const error = await work.then(
    () => null,
    (reason) => reason,
  );
  if (error === null) throw new Error('Nothing was thrown.');
  return error;
}
