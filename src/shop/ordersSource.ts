import { createHash } from 'node:crypto';
import { isAbsolute, resolve } from 'node:path';
import type { Home } from '../config/home.ts';
import type { ModelConfig } from '../config/schema.ts';
import { textEncoding } from '../domain/words/textEncoding.ts';
import { OrdersSourceError } from '../orders/errors.ts';
import { sourceSignature } from '../orders/files/sourceSignature.ts';
import type { OrdersSettings } from '../orders/settings.ts';

/**
 * The absolute path or glob of `source`, or of a home's orders if it is null. Throws OrdersSourceError where neither is
 * named.
 */
export function ordersPath(home: Home, { data }: ModelConfig, source: string | null): string {
  const path = source ?? data.orders;
  if (path === null) {
    throw new OrdersSourceError('ORDERS_NOT_NAMED', `${home.configFile} does not say where the orders are.`, {
      remedy: 'Set data.orders, or pass --orders FILE.',
    });
  }
  return isAbsolute(path) ? path : resolve(home.root, path);
}

/** How a home's orders, or those of `source` instead, are read. Throws OrdersSourceError where neither is named. */
export function ordersSettings(home: Home, config: ModelConfig, source: string | null): OrdersSettings {
  const { data, general } = config;
  const { customer_id, order_date, revenue, order_id } = data.columns;
  return {
    source: ordersPath(home, config, source),
    timezone: general.timezone,
    grain: data.grain,
    encoding: data.encoding === null ? null : textEncoding(data.encoding),
    columns: {
      customerId: customer_id,
      orderDate: order_date,
      revenue:
        typeof revenue === 'string' ? revenue : { quantity: revenue.quantity, unitPrice: revenue.unit_price },
      orderId: order_id,
    },
    nullIds: data.null_ids,
    dateFormat: data.date_format,
    decimalMark: data.decimal_mark,
    maxRejectShare: data.max_reject_share,
  };
}

/**
 * A signature by which one can see, without reading them, whether the orders are still those that were read, and are
 * read in the same way; hexadecimal. Throws OrdersSourceError where there are none.
 */
export async function ordersSignature(
  home: Home,
  config: ModelConfig,
  source: string | null,
): Promise<string> {
  const files = await sourceSignature(ordersPath(home, config, source), home.root);
  const reading = JSON.stringify([files, { ...config.data, orders: null }, config.general]);
  return createHash('sha256').update(reading).digest('hex');
}
