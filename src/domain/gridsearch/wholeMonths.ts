import { addMonths } from '../calendar/dates.ts';
import type { DataSpan } from './folds.ts';

/** How many whole months lie between the first day of the orders and the day after the last. */
export function wholeMonths({ firstDate, dataEnd }: DataSpan): number {
  let months = 0;
  while (addMonths(dataEnd, -(months + 1)) >= firstDate) months++;
  return months;
}
