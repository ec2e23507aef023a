import { isUtf8 } from 'node:buffer';
import { OrdersSourceError } from '../errors.ts';
import { CsvQuotes } from './csvQuotes.ts';
import { emptyFile } from './emptyFile.ts';
import { firstBytes, plainBytes } from './plainBytes.ts';
import type { SourceFile } from './sourceFile.ts';
import { isOfSystem, unreadableFile } from './unreadableFile.ts';

/** The column names of a delimited text file and the character between them. */
export interface CsvHeader {
  readonly columns: readonly string[];
  readonly delimiter: string;
}

const DELIMITERS = [',', ';', '\t', '|'];

/** Reads the names of the columns of a CSV file. Throws OrdersSourceError where they are missing or in another encoding. */
export async function readCsvHeader(file: SourceFile): Promise<CsvHeader> {
  const { line, next } = await readFirstLines(file);
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
  const delimiter = findDelimiter(line, next);
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
  const { line } = await readFirstLines(file);
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

/** Matches a text that has a first line, and after it a second one that is not empty. */
const HOLDS_TWO = /[\r\n]+[^\r\n]+[\r\n]/;

/** The first line of a file, and the next one that is not empty; as far as a line fits a few megabytes. */
async function readFirstLines(file: SourceFile): Promise<{ readonly line: string; readonly next: string }> {
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
  const [line, ...others] = text.split(/\r\n|\n|\r/);
  if (line.includes('\0')) throw otherEncoding(file, ', but UTF-16 or no text at all', 'utf-16');
  if (!isUtf8(bytes.subarray(0, endOfLine(bytes)))) {
    throw otherEncoding(file, ': there are letters of another encoding in row 1', 'windows-1252');
  }
  if (line.trim() === '') {
    throw new OrdersSourceError('ORDERS_FILE_DAMAGED', `Row 1 of ${file.path} is empty.`, {
      remedy: 'Take the empty rows at its beginning out.',
    });
  }
  return { line, next: others.find((other) => other !== '') ?? '' };
}

/** The beginning of a file, which holds its first lines. */
async function readFirstParts(file: SourceFile): Promise<Buffer> {
  const parts: Buffer[] = [];
  try {
    for await (const part of plainBytes(file, 1 << 16)) {
      parts.push(part);
      if (HOLDS_TWO.test(Buffer.concat(parts).toString('latin1')) || parts.length > 64) break;
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

/**
 * The character that splits the names of the columns and the row below them into most cells. A name or an amount may hold
 * another one, a comma for example.
 */
function findDelimiter(names: string, row: string): string {
  const cellsOf = (delimiter: string): number => {
    const ofNames = splitLine(names, delimiter).cells.length;
    const ofBoth = Math.min(ofNames, splitLine(row, delimiter).cells.length);
    // Among those that split both alike, the names decide: the row may be broken, or missing.
    return ofBoth * (names.length + 2) + ofNames;
  };
  return DELIMITERS.reduce((best, next) => (cellsOf(next) > cellsOf(best) ? next : best));
}

/** @returns `isQuoted` where the line ends within quotes, which go on in the next one. */
function splitLine(
  line: string,
  delimiter: string,
): { readonly cells: string[]; readonly isQuoted: boolean } {
  const quotes = new CsvQuotes(delimiter);
  const cells: string[] = [];
  let from = 0;
  for (let i = 0; i < line.length; i++) {
    if (line[i] === delimiter && !quotes.isQuoted) {
      cells.push(unquoted(line.slice(from, i)));
      from = i + 1;
    }
    quotes.next(line.charCodeAt(i));
  }
  return { cells: [...cells, unquoted(line.slice(from))], isQuoted: quotes.isQuoted };
}

function unquoted(cell: string): string {
  const inside = /^ *"(.*)" *$/s.exec(cell)?.[1];
  return inside === undefined ? cell : inside.replaceAll('""', '"');
}
