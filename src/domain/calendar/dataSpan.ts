import { addMonths, type IsoDate } from './dates.ts';

/** The orders' first day, and the day after their last. */
export interface DataSpan {
  readonly firstDate: IsoDate;
  readonly dataEnd: IsoDate;
}

/** How many whole months lie between the first day of the orders and the day after the last. */
export function wholeMonths({ firstDate, dataEnd }: DataSpan): number {
  let months = 0;
  while (addMonths(dataEnd, -(months + 1)) >= firstDate) months++;
  return months;
}
