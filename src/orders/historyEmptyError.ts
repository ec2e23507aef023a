import { addDays, type IsoDate } from '../domain/calendar/dates.ts';
import { ClvError } from '../domain/errors.ts';
import { counted } from '../domain/words/counted.ts';

/** Nobody has an order in the history of a cutoff: there is no customer to say anything of. */
export class HistoryEmptyError extends ClvError {
  /** @param orders the days of the first of them that is no stray one, and of the last. */
  constructor(
    { cutoff, historyMonths }: { readonly cutoff: IsoDate; readonly historyMonths: number },
    { openingDate, lastDate }: { readonly openingDate: IsoDate; readonly lastDate: IsoDate },
  ) {
    super(
      'HISTORY_EMPTY',
      `No customer has an order in the ${counted(historyMonths, 'month')} before ${cutoff}; the orders reach from ${openingDate} to ${lastDate}.`,
      {
        remedy: `Choose a cutoff from ${addDays(openingDate, 1)} to just after ${lastDate}, or point data.orders at other orders.`,
        values: { cutoff, historyMonths, openingDate, lastDate },
      },
    );
  }
}
