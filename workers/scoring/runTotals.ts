import { MONEY_DIGITS, moneyTotal, rounded, roundedParts } from '../../src/artefacts/files/roundedNumber.ts';
import { addMonths, type IsoDate } from '../../src/domain/calendar/dates.ts';
import type { DateWindow } from '../../src/domain/calendar/windows.ts';
import { totalOf } from '../../src/domain/forecast/combination/unseenForecast.ts';
import type { Forecaster } from '../../src/domain/forecast/forecaster.ts';
import { boundsOfTotal, type TotalBounds } from '../../src/domain/forecast/intervals/totalSpread.ts';
import type { Outlook } from '../../src/domain/forecast/outlook.ts';

/** What all customers of a run are forecast to spend together, in currency, as the sidecar and the report of the run say it. */
export interface RunTotals {
  /** What the rows of the prediction file add up to. */
  readonly predicted_revenue: number;
  /** Between which it lies in four windows of five; null for a model without such bounds. */
  readonly predicted_revenue_bounds: TotalBounds | null;
  /** The same by month of the window; the months add up to it. */
  readonly predicted_revenue_by_month: readonly MonthTotal[];
}

/** A month of a prediction window, and what is expected in it; in currency. */
export interface MonthTotal extends DateWindow {
  readonly revenue: number;
}

/** @param predicted one number a customer, in currency. @param outlook of the same customers. */
export function runTotals(
  { totalSpread }: Pick<Forecaster, 'totalSpread'>,
  cutoff: IsoDate,
  predicted: Float64Array,
  outlook: Outlook,
): RunTotals {
  const total = moneyTotal(predicted);
  const bounds = totalSpread && boundsOfTotal(totalSpread, predicted, outlook);
  const customers = predicted.length;
  const months = Array.from({ length: outlook.monthly.length / customers }, (_, month) =>
    totalOf(outlook.monthly.subarray(month * customers, (month + 1) * customers)),
  );
  return {
    predicted_revenue: total,
    predicted_revenue_bounds: bounds && {
      p10: rounded(bounds.p10, MONEY_DIGITS),
      p90: rounded(bounds.p90, MONEY_DIGITS),
    },
    predicted_revenue_by_month: roundedParts(months, total, MONEY_DIGITS).map((revenue, month) => ({
      start: addMonths(cutoff, month),
      end: addMonths(cutoff, month + 1),
      revenue,
    })),
  };
}
