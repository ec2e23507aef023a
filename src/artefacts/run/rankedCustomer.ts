import { z } from 'zod';
import { ClvError } from '../../domain/errors.ts';
import { Duck } from '../../tables/duck.ts';
import { sqlText } from '../../tables/sqlWords.ts';
import { csvTableSql } from '../files/csvFile.ts';
import { runFileName } from '../names.ts';
import { rememberedSha256 } from '../rememberedSha256.ts';
import { rememberedSidecar } from '../rememberedSidecar.ts';
import { newestCompleteRun } from './runReport.ts';

/** The ranked file of a complete run is gone, or is not as it was written. */
export class RankedFileUnreadableError extends ClvError {}

/** One customer's row of a ranked file: numbers as numbers, texts as texts, null for an empty cell. */
export const rankedCustomerSchema = z.strictObject({
  file: z.string().describe('Name of the file.'),
  customer: z
    .record(z.string(), z.union([z.string(), z.number()]).nullable())
    .describe('The cells of the row by column; null for an empty one.'),
});
/** One customer of a ranked file. */
export type RankedCustomer = z.infer<typeof rankedCustomerSchema>;

/** Columns that are text however they look. */
const TEXTS = ['customer_id', 'clv_segment', 'next_order_date'];

/** The ranked file of the newest complete run; null where no run is complete. */
export async function newestRankedFile(home: {
  readonly outputs: string;
  readonly runReports: string;
}): Promise<string | null> {
  const run = await newestCompleteRun(home.runReports);
  return run === null ? null : runFileName('ranked_predictions', run);
}

/** The row of a customer; null where the file has none. Throws RankedFileUnreadableError. */
export async function readRankedCustomer(
  outputs: string,
  file: string,
  customerId: string,
): Promise<RankedCustomer | null> {
  // No id of an order has this sign, and in a query the text would end with it.
  if (customerId.includes('\0')) return null;
  const path = `${outputs}/${file}`;
  const row = await demandUnchanged(path)
    .then(() => findRow(path, customerId))
    .catch((cause) => {
      throw new RankedFileUnreadableError(
        'RANKED_FILE_UNREADABLE',
        `${file} is missing from outputs, or is not as it was written.`,
        { remedy: 'Score its cutoff again: that writes the same file.', values: { file }, cause },
      );
    });
  if (row === undefined) return null;
  const cells = Object.entries(row).map(([name, text]): [string, string | number | null] => [
    name,
    text === null || TEXTS.includes(name) ? text : Number(text),
  ]);
  return { file, customer: Object.fromEntries(cells) };
}

/** The checksum is computed once for as long as the file stays the same. */
async function demandUnchanged(path: string): Promise<void> {
  const written = (await rememberedSidecar(path))?.sha256;
  if (written === undefined || written !== (await rememberedSha256(path)))
    throw new Error('its SHA-256 is not that of its sidecar');
}

async function findRow(path: string, customerId: string): Promise<Record<string, string | null> | undefined> {
  using duck = await Duck.open({ threads: 1 });
  const [row] = await duck.rows<Record<string, string | null>>(
    `SELECT * FROM ${csvTableSql(path)}
     WHERE customer_id = ${sqlText(customerId)} LIMIT 1`,
  );
  return row;
}
