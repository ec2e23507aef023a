import type { IsoDate } from '../domain/calendar/dates.ts';
import { ClvError } from '../domain/errors.ts';
import { counted } from '../domain/words/counted.ts';

/** Nobody has an order in the history of a cutoff: there is no customer to say anything of. */
export class HistoryEmptyError extends ClvError {
  /** @param orders the days of the first and the last of them. */
  constructor(
    { cutoff, historyMonths }: { readonly cutoff: IsoDate; readonly historyMonths: number },
    orders: { readonly firstDate: IsoDate; readonly lastDate: IsoDate },
  ) {
    super(
      'HISTORY_EMPTY',
      `No customer has an order in the ${counted(historyMonths, 'month')} before ${cutoff}; the orders reach from ${orders.firstDate} to ${orders.lastDate}.`,
      {
        remedy: 'Choose a cutoff inside or just after that range, or point data.orders at newer orders.',
        values: { cutoff, historyMonths, ...orders },
      },
    );
  }
}
