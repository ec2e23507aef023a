import { OrdersSourceError } from '../errors.ts';

/** The error for a file without content. */
export function emptyFile(path: string): OrdersSourceError {
  return new OrdersSourceError('ORDERS_FILE_EMPTY', `${path} is empty.`, {
    remedy: 'Export the orders again, or take the file out of data.orders.',
    values: { path },
  });
}
