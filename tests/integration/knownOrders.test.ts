import { mkdir, readdir, readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileWriteError } from '../../src/artefacts/files/replaceFile.ts';
import { customersOf, HEADER, type OrdersReader, openOrdersReader } from '../ordersReader.ts';

let reader: OrdersReader;
let folder: string;

beforeEach(async () => {
  reader = await openOrdersReader();
  folder = `${reader.folder.home.root}/known`;
  await mkdir(folder);
});
afterEach(() => reader.close());

const ORDERS = `${HEADER}a,1,2024-01-01,5\nb,2,2024-01-02,6\n`;

test('the orders of the days before are written, beside what anybody else is writing', async () => {
  const book = await reader.readText(ORDERS);
  const others = await reader.folder.write('known/orders.parquet.tmp', 'half');
  await book.writeKnownBefore('2024-01-02', `${folder}/orders.parquet`);
  expect(await customersOf(await reader.read(`${folder}/orders.parquet`))).toEqual({ '1': 5 });
  expect(await readFile(others, 'utf8')).toBe('half');
});

test('where they cannot be written, nothing is left, and the error says what to do', async () => {
  const book = await reader.readText(ORDERS);
  await mkdir(`${folder}/orders.parquet`);
  const writing = book.writeKnownBefore('2024-01-02', `${folder}/orders.parquet`);
  await expect(writing).rejects.toThrow(FileWriteError);
  expect(await readdir(folder)).toEqual(['orders.parquet']);
});
