import { replaceFileBy } from '../artefacts/files/replaceFile.ts';
import { type IsoDate, toEpochDay } from '../domain/calendar/dates.ts';
import type { Duck } from '../tables/duck.ts';
import { sqlText } from '../tables/sqlWords.ts';
import { currencySql } from './queries/aggregates.ts';

/**
 * Writes the orders that a shop knew on the morning of `day`, those of the days before, to a Parquet file, whole or not
 * at all. Its columns are `customer_id`, `order_date` and `revenue`. Throws FileWriteError.
 */
export async function writeKnownOrders(duck: Duck, day: IsoDate, path: string): Promise<void> {
  await replaceFileBy(path, (temporary) =>
    duck.run(`COPY (
      SELECT customer_id, DATE '1970-01-01' + day AS order_date, ${currencySql('micros')} AS revenue
      FROM orders JOIN customers USING (customer) WHERE day < ${toEpochDay(day)}
      ORDER BY orders.rowid
    ) TO ${sqlText(temporary)} (FORMAT parquet)`),
  );
}
