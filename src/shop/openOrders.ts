import { writeRejects } from '../artefacts/rejectsFile.ts';
import { type Home, spillFolder } from '../config/home.ts';
import type { ModelConfig } from '../config/schema.ts';
import type { Clock } from '../domain/calendar/clock.ts';
import { textEncoding } from '../domain/words/textEncoding.ts';
import type { OrderBook } from '../orders/orderBook.ts';
import { readOrders } from '../orders/readOrders.ts';
import { ordersPath } from './ordersSource.ts';

/**
 * Reads the orders of a home, or of `source` in their place; rows that cannot be used are put away under
 * `outputs/data_quality`. Close the book. Throws what `readOrders` throws.
 */
export async function openOrders(
  where: { readonly home: Home; readonly clock: Clock; readonly threads: number },
  config: ModelConfig,
  source: string | null,
): Promise<OrderBook> {
  const { home, clock, threads } = where;
  const { data, general } = config;
  const { customer_id, order_date, revenue, order_id } = data.columns;
  return readOrders(
    {
      source: ordersPath(home, config, source),
      timezone: general.timezone,
      grain: data.grain,
      encoding: data.encoding === null ? null : textEncoding(data.encoding),
      columns: {
        customerId: customer_id,
        orderDate: order_date,
        revenue:
          typeof revenue === 'string'
            ? revenue
            : { quantity: revenue.quantity, unitPrice: revenue.unit_price },
        orderId: order_id,
      },
      nullIds: data.null_ids,
      dateFormat: data.date_format,
      decimalMark: data.decimal_mark,
      maxRejectShare: data.max_reject_share,
    },
    {
      clock,
      threads,
      spillFolder: spillFolder(home),
      quarantine: (rejects) => writeRejects(home.quarantine, rejects, clock.now()),
    },
  );
}
