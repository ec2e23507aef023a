const COMMA = 44;
const NEWLINE = 10;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;

/**
 * CSV text as bytes in one buffer that is filled, handed out and filled again, so that no strings are made for rows.
 */
export class CsvBytes {
  #bytes: Buffer;
  #length = 0;

  /** @param capacity bytes at first; the buffer grows when `reserve` asks for more. */
  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  /** Number of bytes written since the last `clear`. */
  get length(): number {
    return this.#length;
  }

  /** What has been written; valid until the next `clear` or `reserve`. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  /**
   * Makes room for `more` bytes. The methods below do not check for room, because they are called several times a row.
   */
  reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#length + more));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }

  comma(): void {
    this.#bytes[this.#length++] = COMMA;
  }

  newline(): void {
    this.#bytes[this.#length++] = NEWLINE;
  }

  /** Appends ASCII text. */
  text(ascii: string): void {
    for (let i = 0; i < ascii.length; i++) this.#bytes[this.#length++] = ascii.charCodeAt(i);
  }

  /** Appends `count` bytes of `source`, from index `from` on. */
  copy(source: Uint8Array, from: number, count: number): void {
    for (let i = 0; i < count; i++) this.#bytes[this.#length++] = source[from + i]!;
  }

  /** Appends a whole number from 0, with leading zeros up to `minDigits` digits. */
  digits(value: number, minDigits: number): void {
    let digits = 1;
    for (let power = 10; power <= value; power *= 10) digits++;
    digits = Math.max(digits, minDigits);
    this.#length += digits;
    let rest = value;
    for (let at = this.#length - 1; digits > 0; at--, digits--) {
      const tens = Math.floor(rest / 10);
      this.#bytes[at] = ZERO + (rest - 10 * tens);
      rest = tens;
    }
  }

  /** Appends a whole number of cents as `-12.34`; zero has no sign. */
  cents(value: number): void {
    if (value < 0) this.#bytes[this.#length++] = MINUS;
    const size = Math.abs(value);
    const units = Math.floor(size / 100);
    this.digits(units, 1);
    this.#bytes[this.#length++] = POINT;
    this.digits(size - 100 * units, 2);
  }
}
