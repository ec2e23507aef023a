import { open } from 'node:fs/promises';
import { z } from 'zod';
import { ClvError } from '../../domain/errors.ts';
import { CsvRowIndex, type IndexedCsv } from '../files/csvRowIndex.ts';
import { FileMemory } from '../files/fileMemory.ts';
import { runFileName } from '../names.ts';
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

/** Only the newest run is asked about, and the index of a large shop takes some memory. */
const indexes = new FileMemory<IndexedCsv>(1);

/**
 * The row of a customer; null where the file has none. The file is read once for as long as it stays the same; then the row
 * is read where it stands. Throws RankedFileUnreadableError.
 */
export async function readRankedCustomer(
  outputs: string,
  file: string,
  customerId: string,
): Promise<RankedCustomer | null> {
  const row = await findRow(`${outputs}/${file}`, customerId).catch((cause) => {
    throw new RankedFileUnreadableError(
      'RANKED_FILE_UNREADABLE',
      `${file} is missing from outputs, or is not as it was written.`,
      { remedy: 'Score its cutoff again: that writes the same file.', values: { file }, cause },
    );
  });
  if (row === null) return null;
  const cells = Object.entries(row).map(([name, text]): [string, string | number | null] => {
    if (text === '') return [name, null];
    return [name, TEXTS.includes(name) ? text : Number(text)];
  });
  return { file, customer: Object.fromEntries(cells) };
}

async function findRow(path: string, customerId: string): Promise<Readonly<Record<string, string>> | null> {
  const file = await open(path);
  try {
    const sidecar = await rememberedSidecar(path);
    if (sidecar === null) throw new Error('it has no sidecar');
    const { sha256, rows } = sidecar;
    // The table of the index is made for so many rows.
    const name = `${path} ${rows}`;
    const indexed = await indexes.recallOpen(name, file, () => CsvRowIndex.of(file, rows));
    if (indexed.sha256 !== sha256) throw new Error('its SHA-256 is not that of its sidecar');
    return await indexed.index.find(file, customerId);
  } finally {
    await file.close();
  }
}
