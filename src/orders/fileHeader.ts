import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { OrdersSourceError } from './errors.ts';
import type { SourceFile } from './sourceFile.ts';
import { emptyFile } from './sourceFiles.ts';

/** The column names of a delimited text file and the character between them. */
export interface CsvHeader {
  readonly columns: readonly string[];
  readonly delimiter: string;
}

const DELIMITERS = [',', ';', '\t', '|'];

/** Reads the first line of a CSV file. Throws OrdersSourceError where there is none, or it is not UTF-8. */
export async function readCsvHeader(file: SourceFile): Promise<CsvHeader> {
  const line = await readFirstLine(file);
  const delimiter = DELIMITERS.reduce((best, next) =>
    countOf(line, next) > countOf(line, best) ? next : best,
  );
  return { columns: splitLine(line, delimiter), delimiter };
}

/** The keys of the first object of an NDJSON file. Throws OrdersSourceError where the line is no JSON object. */
export async function readNdjsonKeys(file: SourceFile): Promise<string[]> {
  const line = await readFirstLine(file);
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.keys(value);
  } catch {
    // The error below says what was expected.
  }
  throw new OrdersSourceError(
    'ORDERS_FILE_DAMAGED',
    `Row 1 of ${file.path} is not a JSON object: ${line.slice(0, 80)}`,
    {
      remedy:
        'NDJSON has one JSON object a line, for example {"customer_id":"42","order_date":"2024-08-31","revenue":12.5}',
    },
  );
}

async function readFirstLine(file: SourceFile): Promise<string> {
  const raw = createReadStream(file.path);
  const stream = file.isGzipped ? raw.pipe(createGunzip()) : raw;
  raw.on('error', (error) => stream.destroy(error));
  const parts: Buffer[] = [];
  try {
    for await (const part of stream as AsyncIterable<Buffer>) {
      parts.push(part);
      if (part.includes(10) || part.includes(13) || parts.length > 64) break;
    }
  } catch (cause) {
    throw new OrdersSourceError(
      'ORDERS_FILE_CUT_SHORT',
      `${file.path} cannot be read: ${(cause as Error).message}.`,
      {
        remedy: 'Copy it again from where it was made.',
        cause,
      },
    );
  } finally {
    raw.destroy();
  }
  const bytes = Buffer.concat(parts);
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (text.trim() === '') throw emptyFile(file.path);
  const line = text.split(/\r\n|\n|\r/, 1)[0];
  if (line.includes('\0')) throw notUtf8(file.path);
  if (line.trim() === '') {
    throw new OrdersSourceError('ORDERS_FILE_DAMAGED', `Row 1 of ${file.path} is empty.`, {
      remedy: 'Take the empty rows at its beginning out.',
    });
  }
  return line;
}

/** What a spreadsheet calls Unicode text has a zero in every Latin letter, and UTF-8 has none. */
function notUtf8(path: string): OrdersSourceError {
  return new OrdersSourceError(
    'ORDERS_FILE_ENCODING',
    `${path} is not UTF-8 text, but UTF-16 or no text at all.`,
    {
      remedy: 'Save or export it as UTF-8; a spreadsheet calls that CSV UTF-8.',
      values: { path },
    },
  );
}

function countOf(line: string, character: string): number {
  return line.split(character).length - 1;
}

function splitLine(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i];
    if (character === '"' && isQuoted && line[i + 1] === '"') {
      cell += '"';
      i++;
    } else if (character === '"') isQuoted = !isQuoted;
    else if (character === delimiter && !isQuoted) {
      cells.push(cell);
      cell = '';
    } else cell += character;
  }
  return [...cells, cell];
}
