const QUOTE = 34;
const BLANK = 32;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * Follows the quotes of a CSV file, byte by byte, as DuckDB reads them: a quote opens only at the beginning of a value,
 * after blanks if need be; anywhere else, as in 5" screen, it is an ordinary character.
 */
export class CsvQuotes {
  /** Whether the next byte stands between quotes. */
  isQuoted = false;
  readonly #delimiter: number;
  #mayOpen = true;

  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  next(byte: number): void {
    if (byte === QUOTE && (this.isQuoted || this.#mayOpen)) {
      this.isQuoted = !this.isQuoted;
      // If another quote follows right away, the two stand for one in the value, which goes on.
      this.#mayOpen = true;
    } else if (!this.isQuoted) {
      this.#mayOpen =
        byte === this.#delimiter ||
        byte === LINE_FEED ||
        byte === CARRIAGE_RETURN ||
        (byte === BLANK && this.#mayOpen);
    }
  }
}
