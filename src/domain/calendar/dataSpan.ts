import { addMonths, type IsoDate } from './dates.ts';

/** The first day with an order (of a shop, its opening), and the day after the last one. */
export interface DataSpan {
  readonly firstDate: IsoDate;
  readonly dataEnd: IsoDate;
}

/** How many whole months the orders span, counted back from `dataEnd`. */
export function wholeMonths({ firstDate, dataEnd }: DataSpan): number {
  let months = 0;
  while (addMonths(dataEnd, -(months + 1)) >= firstDate) months++;
  return months;
}
