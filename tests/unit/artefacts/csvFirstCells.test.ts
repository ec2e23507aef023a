import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvText } from '../../../src/artefacts/files/csvFile.ts';
import { CsvFirstCells, hashOfCell, rowLength } from '../../../src/artefacts/files/csvFirstCells.ts';

/** Signs that stand for something in CSV, and a few that do not. */
const cell = fc.string({
  unit: fc.constantFrom('"', ',', '\n', '\r', 'a', 'ß', '€', '😀', ' '),
  maxLength: 6,
});
const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 8 });

/** Row starts and hashes, from slices of so many bytes. */
function firstCells(bytes: Buffer, sliceBytes: number): [number, number][] {
  const found: [number, number][] = [];
  const cells = new CsvFirstCells();
  for (let from = 0; from < bytes.length; from += sliceBytes)
    cells.read(bytes.subarray(from, from + sliceBytes), (rowStart, hash) => found.push([rowStart, hash]));
  return found;
}

test('each row of a table begins where it was written, by the hash of its first cell, however the bytes are cut', () => {
  fc.assert(
    fc.property(table, fc.integer({ min: 1, max: 40 }), (rows, sliceBytes) => {
      let at = 0;
      const expected = rows.map((row) => {
        const rowStart = at;
        at += Buffer.byteLength(csvText([row]));
        return [rowStart, hashOfCell(row[0])];
      });
      expect(firstCells(Buffer.from(csvText(rows)), sliceBytes)).toEqual(expected);
    }),
  );
});

test('a row of one cell, and a last row without a line end, have a first cell as well', () => {
  const expected = [
    [0, hashOfCell('id')],
    [3, hashOfCell('7')],
    [5, hashOfCell('8')],
  ];
  expect(firstCells(Buffer.from('id\n7\n8,x'), 100)).toEqual(expected);
});

test('a row is as long as it was written, and has no length before it ends', () => {
  fc.assert(
    fc.property(table, (rows) => {
      const bytes = Buffer.from(csvText(rows));
      const first = Buffer.byteLength(csvText([rows[0]])) - 1;
      expect(rowLength(bytes)).toBe(first);
      expect(rowLength(bytes.subarray(0, first))).toBeNull();
    }),
  );
});
