import { writeRejects } from '../artefacts/rejectsFile.ts';
import { type Home, spillFolder } from '../config/home.ts';
import type { ModelConfig } from '../config/schema.ts';
import type { Clock } from '../domain/calendar/clock.ts';
import type { OrderBook } from '../orders/orderBook.ts';
import { readOrders } from '../orders/readOrders.ts';
import { ordersSettings } from './ordersSource.ts';
import { rememberOrders } from './rememberedOrders.ts';

/**
 * Reads the orders of a home, or those of `source` instead; rows that cannot be used are written to a file under
 * `outputs/data_quality`. Close the book when done. Throws what `readOrders` throws.
 */
export async function openOrders(
  where: { readonly home: Home; readonly clock: Clock; readonly threads: number },
  config: ModelConfig,
  source: string | null,
): Promise<OrderBook> {
  const { home, clock, threads } = where;
  const settings = ordersSettings(home, config, source);
  const remember = await rememberOrders(where, config, source);
  const book = await readOrders(settings, {
    clock,
    threads,
    spillFolder: spillFolder(home),
    quarantine: (rejects) => writeRejects(home.quarantine, rejects, clock.now()),
  });
  remember(book.report);
  return book;
}
