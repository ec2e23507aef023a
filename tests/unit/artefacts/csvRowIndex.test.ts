import { type FileHandle, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeCsv } from '../../../src/artefacts/files/csvFile.ts';
import { CsvRowIndex } from '../../../src/artefacts/files/csvRowIndex.ts';
import { sha256OfFile } from '../../../src/artefacts/sidecar.ts';

let folder: string;
let path: string;
let file: FileHandle | undefined;

beforeEach(async () => {
  folder = await mkdtemp(`${tmpdir()}/clv-index-`);
  path = `${folder}/file.csv`;
});
afterEach(async () => {
  await file?.close();
  await rm(folder, { recursive: true });
});

/** Writes rows of an id, a number and a text, and gives what finds one. */
async function finderOf(ids: readonly string[], texts: readonly string[] = []) {
  await writeCsv(path, ['id', 'number', 'text'], ids.length, (row) => [ids[row], row, texts[row] ?? null]);
  file = await open(path);
  const { index } = await CsvRowIndex.of(file, ids.length);
  return (id: string) => index.find(file as FileHandle, id);
}

test('every row of a file of many slices is found, and no other one', async () => {
  const odd = [
    'a,b',
    '"',
    '""',
    'a\nb',
    'a\r\nb',
    '#1',
    "o'hara",
    'Jürgen',
    '😀',
    ' 7',
    '7',
    '007',
    'a\\',
    '-',
  ];
  const many = Array.from({ length: 30_000 }, (_, i) => (i % 7 === 0 ? `${i}, "the\n${i}th"` : `C${i}`));
  const ids = [...odd, ...many];
  const find = await finderOf(ids, ids);
  for (const [row, id] of ids.entries())
    if (row < 200 || row % 29 === 0) expect(await find(id)).toEqual({ id, number: String(row), text: id });
  for (let i = 0; i < 300; i++) expect(await find(`c${i}`)).toBeNull();
  for (const id of ['id', '', 'C7', '00', '\0', 'C1\0', 'a']) expect(await find(id)).toBeNull();
});

test('rows whose cells have one hash are told apart', async () => {
  const ids = ['ab', 'a"b', '"ab"', '""ab'];
  const find = await finderOf(ids);
  for (const [row, id] of ids.entries()) expect((await find(id))?.number).toBe(String(row));
  expect(await find('ab"')).toBeNull();
});

test('of two rows with one first cell the first is found', async () => {
  const find = await finderOf(['1', '2', '2', '1']);
  expect((await find('2'))?.number).toBe('1');
});

test('a row that is longer than what is read at first is found whole', async () => {
  const ids = ['x'.repeat(5000), 'y', 'z'];
  const find = await finderOf(ids, ['', 'word, '.repeat(3000)]);
  expect((await find(ids[0]))?.number).toBe('0');
  expect((await find('y'))?.text).toBe('word, '.repeat(3000));
});

test('a file without rows has none', async () => {
  const find = await finderOf([]);
  expect(await find('id')).toBeNull();
});

test('the checksum is that of the bytes that were indexed', async () => {
  await finderOf(Array.from({ length: 20_000 }, (_, i) => `customer ${i}`));
  const { sha256 } = await CsvRowIndex.of(file as FileHandle, 20_000);
  expect(sha256).toBe(await sha256OfFile(path));
});

test('a file with more rows than were announced is refused, and no memory is taken for rows that cannot be', async () => {
  await writeFile(path, 'id\n1\n2\n3\n');
  file = await open(path);
  await expect(CsvRowIndex.of(file, 2)).rejects.toThrow('more than 2 rows');
  await expect(CsvRowIndex.of(file, Number.MAX_SAFE_INTEGER)).rejects.toThrow(RangeError);
});
