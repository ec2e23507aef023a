import { createHash } from 'node:crypto';
import { fromEpochDay } from '../../domain/calendar/dates.ts';
import type { DataFingerprint } from '../../domain/features/dataFingerprint.ts';
import type { Duck } from '../../tables/duck.ts';
import { type EpochDayWindow, isIn } from './dayWindow.ts';

/**
 * The fingerprint of the accepted orders in a window. Each order (customer id, day, revenue in millionths) is hashed
 * with MD5. The hashes are added up in 256 buckets, so that neither the order of rows nor the number of threads
 * matters, and the sums are hashed with SHA-256. MD5 is used only as a well mixed number that every version of DuckDB
 * computes alike.
 */
export async function fingerprintOrders(duck: Duck, window: EpochDayWindow): Promise<DataFingerprint> {
  const [totals] = await duck.rows<{
    orders: bigint;
    customers: bigint;
    first: number | null;
    last: number | null;
  }>(
    `SELECT count(*) AS orders, count(DISTINCT customer) AS customers, min(day) AS first, max(day) AS last FROM orders WHERE ${isIn(window)}`,
  );
  const buckets = await duck.rows<{ bucket: bigint; orders: bigint; sum: string }>(
    `SELECT digest & 255 AS bucket, count(*) AS orders, CAST(sum(CAST(digest AS HUGEINT)) AS VARCHAR) AS sum
     FROM (SELECT md5_number_lower(customer_id || '|' || day || '|' || micros) AS digest FROM orders JOIN customers USING (customer) WHERE ${isIn(window)})
     GROUP BY bucket ORDER BY bucket`,
  );
  const digest = createHash('sha256');
  for (const { bucket, orders, sum } of buckets) digest.update(`${bucket}:${orders}:${sum}\n`);
  return {
    orders: Number(totals.orders),
    customers: Number(totals.customers),
    firstDate: totals.first === null ? null : fromEpochDay(totals.first),
    lastDate: totals.last === null ? null : fromEpochDay(totals.last),
    sha256: digest.digest('hex'),
  };
}
