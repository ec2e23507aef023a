import { CsvQuotes } from './csvQuotes.ts';

/** How a row of a text file ends. */
export type RowEnd = 'LF or CR LF' | 'CR';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Follows a text file byte by byte and tells where its rows end. A line break between the quotes of CSV ends no row. */
export class RowEnds {
  readonly #quotes: CsvQuotes | null;
  #isAfterReturn = false;

  /** @param delimiter of a CSV file; null where quotes mean nothing. */
  constructor(delimiter: string | null) {
    this.#quotes = delimiter === null ? null : new CsvQuotes(delimiter);
  }

  /** The end of a row where this byte is the last of it, or follows a CR that was; else null. */
  next(byte: number): RowEnd | null {
    const isQuoted = this.#quotes?.isQuoted === true;
    const wasReturn = this.#isAfterReturn;
    this.#isAfterReturn = byte === CARRIAGE_RETURN && !isQuoted;
    this.#quotes?.next(byte);
    if (byte === LINE_FEED && !isQuoted) return 'LF or CR LF';
    return wasReturn ? 'CR' : null;
  }
}
