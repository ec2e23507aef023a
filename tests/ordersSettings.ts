import { NULL_IDS } from '../src/domain/words/nullIds.ts';
import type { OrdersSettings } from '../src/orders/settings.ts';

/** Settings for orders in the usual columns, with what a test wants different. */
export function ordersSettings(changes: Partial<OrdersSettings> & { source: string }): OrdersSettings {
  return {
    timezone: 'UTC',
    grain: 'order',
    encoding: null,
    columns: { customerId: 'customer_id', orderDate: 'order_date', revenue: 'revenue', orderId: 'order_id' },
    nullIds: NULL_IDS,
    dateFormat: null,
    decimalMark: null,
    maxRejectShare: 0.01,
    ...changes,
  };
}
