import type { IsoDate } from '../../domain/calendar/dates.ts';
import type { MigrationMatrix, Move } from '../../domain/segments/migration.ts';
import { Duck } from '../../tables/duck.ts';
import { sqlName } from '../../tables/sqlWords.ts';
import { csvTableSql, writeCsv } from '../files/csvFile.ts';
import { monitoringFile } from '../names.ts';

/** How the customers of two files moved between the values of `column`; both files have one row a customer. */
export async function readMoves(previousPath: string, currentPath: string, column: string): Promise<Move[]> {
  using duck = await Duck.open({ threads: 1 });
  const table = (path: string): string =>
    `SELECT customer_id, ${sqlName(column)} AS segment FROM ${csvTableSql(path)}`;
  const rows = await duck.rows<{ from: string | null; to: string | null; customers: bigint }>(
    `SELECT previous.segment AS "from", current.segment AS "to", count(*) AS customers
     FROM (${table(previousPath)}) AS previous FULL JOIN (${table(currentPath)}) AS current USING (customer_id)
     GROUP BY ALL ORDER BY ALL`,
  );
  return rows.map(({ from, to, customers }) => ({ from, to, customers: Number(customers) }));
}

/** Writes `monitoring/migration_<cutoff>.csv`, one row a cell; gives its name below `outputs`. Throws FileWriteError. */
export async function writeMigration(
  outputs: string,
  run: { readonly previousCutoff: IsoDate; readonly cutoff: IsoDate },
  matrices: Readonly<Record<string, MigrationMatrix>>,
): Promise<string> {
  const name = monitoringFile('migration', run.cutoff);
  const cells = Object.entries(matrices).flatMap(([kind, { from, to, customers }]) =>
    from.flatMap((row, i) =>
      to.map((column, j) => [run.previousCutoff, run.cutoff, kind, row, column, customers[i][j]]),
    ),
  );
  await writeCsv(
    `${outputs}/${name}`,
    ['previous_cutoff', 'cutoff', 'segments', 'from', 'to', 'customers'],
    cells.length,
    (row) => cells[row],
  );
  return name;
}
