import type { Home } from '../config/home.ts';
import type { ModelConfig } from '../config/schema.ts';
import { addDays, type IsoDate, toEpochDay } from '../domain/calendar/dates.ts';
import { historyWindow } from '../domain/calendar/windows.ts';
import { ClvError } from '../domain/errors.ts';
import { counted } from '../domain/words/counted.ts';
import { HistoryEmptyError } from '../orders/historyEmptyError.ts';
import type { OrdersReport } from '../orders/report.ts';

/** The orders end too early for the cutoff of a run. */
export class OrdersStaleError extends ClvError {}

/** A cutoff and the months of history before it. */
interface ScoredHistory {
  readonly cutoff: IsoDate;
  readonly historyMonths: number;
}

/**
 * Throws, where it shows from the report alone, what a run would fail with on these orders: OrdersStaleError or
 * HistoryEmptyError. A shop that was closed for the whole history, years after its opening, does not show.
 */
export function demandScorable(
  run: ScoredHistory,
  report: OrdersReport,
  config: ModelConfig,
  home: Home,
): void {
  demandFreshOrders(run, report, config, home);
  const { start, end } = historyWindow(run.cutoff, run.historyMonths);
  const hasStray = report.strayOrders?.some(({ day }) => start <= day && day < end) === true;
  if (!hasStray && (end <= report.openingDate || report.lastDate < start))
    throw new HistoryEmptyError(run, report);
}

/**
 * Throws OrdersStaleError where the orders stop long before the cutoff: every customer would look as if they had left.
 */
export function demandFreshOrders(
  { cutoff }: Pick<ScoredHistory, 'cutoff'>,
  { lastDate }: Pick<OrdersReport, 'lastDate'>,
  { data }: ModelConfig,
  home: Home,
): void {
  const staleDays = toEpochDay(cutoff) - toEpochDay(lastDate);
  const { max_staleness_days: most } = data;
  if (most === null || staleDays <= most) return;
  throw new OrdersStaleError(
    'ORDERS_STALE',
    `The newest order is of ${lastDate}, ${counted(staleDays, 'day')} before the cutoff ${cutoff}; the most that is allowed is ${most}.`,
    {
      remedy: `Load the newer orders, then try again, or choose a cutoff up to ${addDays(lastDate, most)}. If the shop really sold nothing in those days, raise data.max_staleness_days in ${home.configFile}.`,
      values: { lastDate, cutoff, staleDays, max_staleness_days: most },
    },
  );
}
