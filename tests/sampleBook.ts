import type { OrderBook } from '../src/orders/orderBook.ts';
import { readOrders } from '../src/orders/readOrders.ts';
import { writeSampleShop } from '../src/sample/writeSampleShop.ts';
import { ordersSettings } from './ordersSettings.ts';
import type { TemporaryHome } from './temporaryHome.ts';

/** Writes a sample shop into a home, and reads it the day after its end. Close the book when done. */
export async function openSampleBook(
  { home }: TemporaryHome,
  shop: Omit<Parameters<typeof writeSampleShop>[0], 'out'>,
): Promise<OrderBook> {
  const out = `${home.root}/orders.csv`;
  await writeSampleShop({ ...shop, out });
  return readOrders(ordersSettings({ source: out }), {
    clock: { now: () => Date.parse(shop.end) + 86_400_000 },
    threads: 2,
    quarantine: async () => '',
  });
}
