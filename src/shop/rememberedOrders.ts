import type { Home } from '../config/home.ts';
import type { ModelConfig } from '../config/schema.ts';
import type { Clock } from '../domain/calendar/clock.ts';
import { dateInZone } from '../domain/calendar/dates.ts';
import type { OrdersReport } from '../orders/report.ts';
import { ordersPath, ordersSignature } from './ordersSource.ts';

/** Of each source the last reading of this process, with the mark of what was read. */
const readings = new Map<string, { readonly mark: string; readonly report: OrdersReport }>();

/** Takes a mark of the orders before they are read; what it gives remembers the report of that reading. */
export async function rememberOrders(
  where: { readonly home: Home; readonly clock: Clock },
  config: ModelConfig,
  source: string | null,
): Promise<(report: OrdersReport) => void> {
  const path = ordersPath(where.home, config, source);
  const mark = await markOf(where, config, source);
  return (report) => readings.set(path, { mark, report });
}

/**
 * What this process last found in the orders of a home, as far as they and the day are still the same; null where it
 * did not read them. Reads no orders itself. Throws OrdersSourceError where there are none.
 */
export async function rememberedOrders(
  where: { readonly home: Home; readonly clock: Clock },
  config: ModelConfig,
  source: string | null,
): Promise<OrdersReport | null> {
  const reading = readings.get(ordersPath(where.home, config, source));
  return reading?.mark === (await markOf(where, config, source)) ? reading.report : null;
}

/** The day counts too: the rows of days that lie ahead are rejected. */
async function markOf(
  { home, clock }: { readonly home: Home; readonly clock: Clock },
  config: ModelConfig,
  source: string | null,
): Promise<string> {
  return `${await ordersSignature(home, config, source)} ${dateInZone(clock.now(), config.general.timezone)}`;
}
