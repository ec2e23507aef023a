import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { CsvFirstCells, hashOfCell, rowLength } from './csvFirstCells.ts';
import { splitCsvLine } from './csvLine.ts';

/** Bytes that are looked through before everything else gets its turn: less than a millisecond of work. */
const SLICE_BYTES = 1 << 17;

/** Bytes that are read for one row; twice as many where it does not end in them, and so on. */
const ROW_BYTES = 1 << 11;

/** Half of the slots stay empty, so that few rows share one. */
const SLOTS_A_ROW = 2;

/** A file by its rows, and the SHA-256 of the bytes that were looked through, hexadecimal. */
export interface IndexedCsv {
  readonly index: CsvRowIndex;
  readonly sha256: string;
}

/**
 * Where the rows of a CSV file that `writeCsv` wrote begin, by their first cell: a hash table with linear probing (Knuth, The Art
 * of Computer Programming, 6.4). It holds places only; the rows that one may be are read from the file.
 */
export class CsvRowIndex {
  /** Offsets in bytes; 0, where the header is, for an empty slot. */
  readonly #slots: Uint32Array | Float64Array;

  private constructor(bytes: number, rows: number) {
    const slots = SLOTS_A_ROW * rows + 1;
    this.#slots = bytes < 2 ** 32 ? new Uint32Array(slots) : new Float64Array(slots);
  }

  /**
   * Reads all of a file once; the event loop goes on between two slices. The index takes 8 bytes a row, 16 in files of 4 GiB
   * and more.
   *
   * @param rows how many there are below the header. Throws RangeError where there are more.
   */
  static async of(file: FileHandle, rows: number): Promise<IndexedCsv> {
    const index = new CsvRowIndex((await file.stat()).size, rows);
    const digest = createHash('sha256');
    const cells = new CsvFirstCells();
    const buffer = Buffer.allocUnsafe(SLICE_BYTES);
    let count = 0;
    for (let position = 0; ; ) {
      const { bytesRead } = await file.read(buffer, 0, SLICE_BYTES, position);
      if (bytesRead === 0) return { index, sha256: digest.digest('hex') };
      const slice = buffer.subarray(0, bytesRead);
      digest.update(slice);
      cells.read(slice, (rowStart, hash) => {
        if (rowStart === 0) return;
        if (++count > rows) throw new RangeError(`there are more than ${rows} rows`);
        index.#add(rowStart, hash);
      });
      position += bytesRead;
    }
  }

  /**
   * The first row with this first cell: its cells by the names in the header, an empty text for an empty one. Null where there is
   * none.
   *
   * @param file the one that the index is of, open.
   */
  async find(file: FileHandle, firstCell: string): Promise<Readonly<Record<string, string>> | null> {
    for (const offset of this.#offsetsOf(hashOfCell(firstCell))) {
      const cells = await readRow(file, offset);
      if (cells[0] !== firstCell) continue;
      const header = await readRow(file, 0);
      return Object.fromEntries(header.map((name, i) => [name, cells[i]]));
    }
    return null;
  }

  #add(rowStart: number, hash: number): void {
    let slot = this.#firstSlot(hash);
    while (this.#slots[slot] !== 0) slot = this.#slotAfter(slot);
    this.#slots[slot] = rowStart;
  }

  /** Where rows begin whose first cell has this hash, and some others, in the order of the file. */
  *#offsetsOf(hash: number): Generator<number> {
    for (let slot = this.#firstSlot(hash); this.#slots[slot] !== 0; slot = this.#slotAfter(slot))
      yield this.#slots[slot];
  }

  /** The hash's bits are mixed (the finaliser of MurmurHash3), because those of similar ids differ at the low end only. */
  #firstSlot(hash: number): number {
    let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return Math.floor(((mixed ^ (mixed >>> 16)) >>> 0) * (this.#slots.length / 2 ** 32));
  }

  #slotAfter(slot: number): number {
    return slot + 1 < this.#slots.length ? slot + 1 : 0;
  }
}

/** The cells of the row that begins at `offset`, in bytes. */
async function readRow(file: FileHandle, offset: number): Promise<string[]> {
  for (let length = ROW_BYTES; ; length *= 2) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, offset);
    const end = rowLength(buffer.subarray(0, bytesRead));
    if (end !== null) return splitCsvLine(buffer.toString('utf8', 0, end));
    if (bytesRead < length) throw new RangeError(`no row ends after byte ${offset}`);
  }
}
