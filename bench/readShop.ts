import type { OrderBook } from '../src/orders/orderBook.ts';
import { readOrders } from '../src/orders/readOrders.ts';
import type { OrdersSettings } from '../src/orders/settings.ts';
import { systemClock } from '../src/systemClock.ts';

/** How `clv` reads orders if no columns are mapped. */
export const USUAL_COLUMNS: Omit<OrdersSettings, 'source'> = {
  timezone: 'UTC',
  grain: 'order',
  columns: {
    customerId: 'customer_id',
    orderDate: 'order_date',
    revenue: 'revenue',
    orderId: 'order_id',
  },
  dateFormat: null,
  decimalMark: null,
  encoding: null,
  nullIds: [],
  maxRejectShare: 0.01,
};

/** Reads the orders of a shop that is measured, on two threads; rows that cannot be used are kept nowhere. Close it when done. */
export function readShop(settings: OrdersSettings): Promise<OrderBook> {
  return readOrders(settings, {
    clock: systemClock,
    threads: 2,
    quarantine: async () => 'nowhere: a benchmark',
  });
}
