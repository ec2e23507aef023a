import { dateAfterCutoff } from '../../domain/btyd/nextOrder.ts';
import type { IsoDate } from '../../domain/calendar/dates.ts';
import type { Outlook } from '../../domain/forecast/outlook.ts';
import { sharedFloats } from '../../domain/sharedFloats.ts';
import { Duck } from '../../tables/duck.ts';
import { sqlName } from '../../tables/sqlWords.ts';
import { type Cell, csvTableSql, type WrittenFile, writeCsv } from '../files/csvFile.ts';
import { MONEY_DIGITS, rounded, roundedParts } from '../files/roundedNumber.ts';

const DATE = 'next_order_date';

/** The columns of an outlook after `customer_id`, for a window of so many months. */
export function outlookColumns(months: number): string[] {
  const path = Array.from({ length: months }, (_, month) => `clv_month_${month + 1}`);
  return ['clv_p10', 'clv_p50', 'clv_p90', 'p_alive', DATE, ...path];
}

/**
 * Writes what marketers act on beside the CLV, one row a customer in the order of the predictions. The months of a
 * customer add up to `predicted_clv` as it is written, and none is below 0. Throws FileWriteError.
 */
export function writeOutlook(
  path: string,
  cutoff: IsoDate,
  { customerIds, clv }: { readonly customerIds: readonly string[]; readonly clv: Float64Array },
  outlook: Outlook,
): Promise<WrittenFile> {
  const customers = customerIds.length;
  const months = outlook.monthly.length / Math.max(1, customers);
  return writeCsv(path, ['customer_id', ...outlookColumns(months)], customers, (row) => {
    const parts = Array.from({ length: months }, (_, month) => outlook.monthly[month * customers + row]);
    const weeks = outlook.weeksToNextOrder[row];
    return [
      customerIds[row],
      ...[outlook.p10, outlook.p50, outlook.p90, outlook.pAlive].map((values) =>
        rounded(values[row], MONEY_DIGITS),
      ),
      Number.isNaN(weeks) ? null : dateAfterCutoff(cutoff, weeks),
      ...roundedParts(parts, clv[row], MONEY_DIGITS),
    ];
  });
}

/** The cells of each row of an outlook after `customer_id`, in the order of the file. @param rows of the file. */
export async function readOutlook(
  path: string,
  rows: number,
  months: number,
): Promise<(row: number) => readonly Cell[]> {
  const columns = outlookColumns(months);
  const numbers = columns.filter((name) => name !== DATE);
  const values = sharedFloats(rows * numbers.length);
  const selected = numbers.map((name) => `CAST(${sqlName(name)} AS DOUBLE) AS ${sqlName(name)}`);
  using duck = await Duck.open({ threads: 1 });
  const [dates] = await duck.readColumns(
    `SELECT ${[DATE, ...selected].join(', ')} FROM ${csvTableSql(path)}`,
    values,
    rows,
    1,
  );
  return (row) =>
    columns.map((name) => (name === DATE ? dates[row] : values[numbers.indexOf(name) * rows + row]));
}
