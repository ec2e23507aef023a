import type { z } from 'zod';
import { appendLine } from '../artefacts/files/appendLine.ts';
import { ClvError } from '../domain/errors.ts';
import { readLedgerText, setAsideTornLine } from './ledgerFile.ts';

/** A file with one record a line holds a line that is not a record. */
export class RecordsDamagedError extends ClvError {}

/**
 * The records in all complete lines of a file, oldest first; none where there is no file. Throws RecordsDamagedError.
 */
export async function readJsonLines<Shape extends z.ZodType>(
  path: string,
  schema: Shape,
): Promise<z.output<Shape>[]> {
  const { lines } = await readLedgerText(path);
  return lines.map((line, i) => {
    try {
      return schema.parse(JSON.parse(line));
    } catch (cause) {
      throw new RecordsDamagedError('RECORDS_DAMAGED', `${path}, line ${i + 1}, cannot be read: "${line}".`, {
        remedy: 'Restore the file from a backup; it is only ever appended to.',
        cause,
      });
    }
  });
}

/** Appends a record, flushed; a line that was cut short before is set aside. The caller holds the lock of the file. */
export async function appendJsonLine(path: string, record: object): Promise<void> {
  await setAsideTornLine(path);
  await appendLine(path, JSON.stringify(record));
}
