import { isUtf8 } from 'node:buffer';
import { OrdersSourceError } from '../errors.ts';
import { firstBytes, plainBytes } from './plainBytes.ts';
import type { SourceFile } from './sourceFile.ts';
import { emptyFile } from './sourceFiles.ts';
import { isOfSystem, unreadableFile } from './unreadableFile.ts';

/** The column names of a delimited text file and the character between them. */
export interface CsvHeader {
  readonly columns: readonly string[];
  readonly delimiter: string;
}

const DELIMITERS = [',', ';', '\t', '|'];

/** Reads the first line of a CSV file. Throws OrdersSourceError where it is empty or in another encoding. */
export async function readCsvHeader(file: SourceFile): Promise<CsvHeader> {
  const line = await readFirstLine(file);
  if (/^"?sep=.?"?$/i.test(line)) {
    throw new OrdersSourceError(
      'ORDERS_FILE_DAMAGED',
      `Row 1 of ${file.path} is ${line}, a note to spreadsheets, and not the names of the columns.`,
      { remedy: 'Export it without that row, or take the row out.' },
    );
  }
  if (/^\s*[{[]\s*("|$|\{)/.test(line)) {
    throw new OrdersSourceError('ORDERS_FILE_KIND', `${file.path} is not CSV: its first row is JSON.`, {
      remedy: 'With one object a line, let its name end in .ndjson; else export it as CSV.',
      values: { path: file.path },
    });
  }
  const delimiter = DELIMITERS.reduce((best, next) =>
    countOf(line, next) > countOf(line, best) ? next : best,
  );
  const { cells, isQuoted } = splitLine(line, delimiter);
  if (isQuoted) {
    throw new OrdersSourceError(
      'ORDERS_FILE_DAMAGED',
      `Row 1 of ${file.path} ends inside quotes, so a name of a column goes on in row 2: ${line.slice(-80)}`,
      { remedy: 'Export it with every name of a column on one line, or take the line break out of it.' },
    );
  }
  return { columns: cells, delimiter };
}

/** The keys of the first object of an NDJSON file. Throws OrdersSourceError where the line is no JSON object. */
export async function readNdjsonKeys(file: SourceFile): Promise<string[]> {
  const line = await readFirstLine(file);
  try {
    // Python writes these words, which are not JSON, and DuckDB reads them. The values do not matter here.
    const value: unknown = JSON.parse(line.replace(/:\s*-?(NaN|Infinity)\b/g, ': null'));
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

/** How files begin that are not text although their names say so. */
const OTHER_KINDS: readonly (readonly [magic: string, is: string, remedy: string])[] = [
  ['\x1f\x8b', 'packed with gzip', 'Unpack it, or let its name end in .gz, and pack it once only.'],
  ['PK\x03\x04', 'a zip archive or a spreadsheet', 'Unpack it, or save the spreadsheet as CSV UTF-8.'],
  ['PAR1', 'a Parquet file', 'Let its name end in .parquet.'],
];

async function readFirstLine(file: SourceFile): Promise<string> {
  const bytes = await readFirstParts(file);
  const begin = (await firstBytes(file, 4)).toString('latin1');
  const other = OTHER_KINDS.find(([magic]) => begin.startsWith(magic));
  if (other !== undefined) {
    throw new OrdersSourceError('ORDERS_FILE_KIND', `${file.path} is not a text file: it is ${other[1]}.`, {
      remedy: other[2],
      values: { path: file.path },
    });
  }
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (text.trim() === '') throw emptyFile(file.path);
  const line = text.split(/\r\n|\n|\r/, 1)[0];
  if (line.includes('\0')) throw otherEncoding(file, ', but UTF-16 or no text at all', 'utf-16');
  if (!isUtf8(bytes.subarray(0, endOfLine(bytes)))) {
    throw otherEncoding(file, ': there are letters of another encoding in row 1', 'windows-1252');
  }
  if (line.trim() === '') {
    throw new OrdersSourceError('ORDERS_FILE_DAMAGED', `Row 1 of ${file.path} is empty.`, {
      remedy: 'Take the empty rows at its beginning out.',
    });
  }
  return line;
}

/** The beginning of a file, which holds at least the first line. */
async function readFirstParts(file: SourceFile): Promise<Buffer> {
  const parts: Buffer[] = [];
  try {
    for await (const part of plainBytes(file, 1 << 16)) {
      parts.push(part);
      if (endOfLine(part) < part.length || parts.length > 64) break;
    }
  } catch (cause) {
    if (cause instanceof OrdersSourceError) throw cause;
    if (isOfSystem(cause)) throw unreadableFile(file.path, cause);
    throw new OrdersSourceError(
      'ORDERS_FILE_CUT_SHORT',
      `${file.path} cannot be read: ${(cause as Error).message}.`,
      {
        remedy: 'Copy it again from where it was made.',
        cause,
      },
    );
  }
  return Buffer.concat(parts);
}

function endOfLine(bytes: Buffer): number {
  const end = bytes.findIndex((byte) => byte === 10 || byte === 13);
  return end < 0 ? bytes.length : end;
}

/** The error for a file that is not text in the encoding that was expected. */
function otherEncoding(file: SourceFile, problem: string, example: string): OrdersSourceError {
  const encoding = file.encoding ?? 'UTF-8';
  return new OrdersSourceError('ORDERS_FILE_ENCODING', `${file.path} is not ${encoding} text${problem}.`, {
    remedy: `Name its encoding in data.encoding in config/model_config.yaml, "${example}" for example, or save it as UTF-8; a spreadsheet calls that CSV UTF-8.`,
    values: { path: file.path, encoding },
  });
}

function countOf(line: string, character: string): number {
  return line.split(character).length - 1;
}

/** @returns `isQuoted` where the line ends within quotes, which go on in the next one. */
function splitLine(
  line: string,
  delimiter: string,
): { readonly cells: string[]; readonly isQuoted: boolean } {
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
  return { cells: [...cells, cell], isQuoted };
}
