import { readdir } from 'node:fs/promises';
import { Duck, sqlFile, sqlText } from '../tables/duck.ts';
import { runFileName, runOfReport } from './names.ts';

/** One customer's row of a ranked file: numbers as numbers, texts as texts, null for an empty cell. */
export interface RankedCustomer {
  /** Name of the file. */
  readonly file: string;
  readonly customer: Readonly<Record<string, string | number | null>>;
}

/** Columns that are text however they look. */
const TEXTS = ['customer_id', 'clv_segment', 'next_order_date'];

/** The ranked file of the complete run with the latest cutoff; null where no run is complete. */
export async function newestRankedFile(home: {
  readonly outputs: string;
  readonly runReports: string;
}): Promise<string | null> {
  const names = await readdir(home.runReports).catch(() => []);
  const runs = names.flatMap((name) => runOfReport(name) ?? []);
  const newest = runs.sort((a, b) => (a.cutoff < b.cutoff ? 1 : -1)).at(0);
  return newest === undefined ? null : runFileName('ranked_predictions', newest);
}

/** The row of a customer; null where the file has none. Throws what DuckDB throws for a file that it cannot read. */
export async function readRankedCustomer(
  outputs: string,
  file: string,
  customerId: string,
): Promise<RankedCustomer | null> {
  const duck = await Duck.open({ threads: 1 });
  try {
    const [row] = await duck.rows<Record<string, string | null>>(
      `SELECT * FROM read_csv(${sqlFile(`${outputs}/${file}`)}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')
       WHERE customer_id = ${sqlText(customerId)} LIMIT 1`,
    );
    if (row === undefined) return null;
    const cells = Object.entries(row).map(([name, text]): [string, string | number | null] => [
      name,
      text === null || TEXTS.includes(name) ? text : Number(text),
    ]);
    return { file, customer: Object.fromEntries(cells) };
  } finally {
    duck.close();
  }
}
