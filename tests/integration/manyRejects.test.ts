import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RejectedRow } from '../../src/orders/rows/rejects.ts';
import { customersOf, HEADER, type OrdersReader, openOrdersReader } from '../ordersReader.ts';
import { ordersSettings } from '../ordersSettings.ts';

let reader: OrdersReader;
let folder: string;

beforeEach(async () => {
  reader = await openOrdersReader();
  folder = reader.folder.home.root;
});
afterEach(() => reader.close());

const BAD = 100_000;
/** Bad dates from row 3 on, and one good order before and one after them. */
const ORDERS = [
  'a,1,2024-01-01,5',
  ...Array.from({ length: BAD }, (_, i) => `o${i},${i},31/13/2024,${i}.25`),
  'b,2,2024-01-01,6',
].join('\n');
const FEW_MEGABYTES = 32;

test('rows that cannot be used are written in their order, and take no memory of the process', async () => {
  const source = await reader.folder.write('orders.csv', HEADER + ORDERS);
  const module = (path: string): string =>
    JSON.stringify(new URL(`../../dist/src/${path}.js`, import.meta.url).href);
  const program = `
    const { readOrders } = await import(${module('orders/readOrders')});
    const { writeRejects } = await import(${module('artefacts/rejectsFile')});
    const book = await readOrders(${JSON.stringify(ordersSettings({ source, maxRejectShare: 1 }))}, {
      clock: { now: () => Date.UTC(2024, 5, 30) },
      threads: 2,
      quarantine: (rejects) => writeRejects(process.argv[1], rejects, 0),
    });
    console.log(book.report.rejectedRows, book.report.acceptedRows);
    book.close();`;
  const { stdout } = spawnSync(
    process.execPath,
    [`--max-old-space-size=${FEW_MEGABYTES}`, '--input-type=module', '--eval', program, `${folder}/rejects`],
    { encoding: 'utf8' },
  );
  expect(stdout).toBe(`${BAD} 2\n`);
  const [name] = await readdir(`${folder}/rejects`);
  const lines = (await readFile(`${folder}/rejects/${name}`, 'utf8')).trimEnd().split('\n');
  expect(lines.length).toBe(BAD + 1);
  const inOrder = lines
    .slice(1)
    .every((line, i) => line === `orders.csv,${i + 3},unreadable_date,o${i},${i},31/13/2024,${i}.25,`);
  expect(inOrder).toBe(true);
});

test('who stops taking them does not stop the reading', async () => {
  const source = await reader.folder.write('orders.csv', HEADER + ORDERS);
  const seen: number[] = [];
  const quarantine = async (rejects: AsyncIterable<readonly RejectedRow[]>): Promise<string> => {
    for await (const some of rejects) {
      seen.push(some[0].row);
      break;
    }
    return 'rejects.csv';
  };
  const book = await reader.read(source, { maxRejectShare: 1 }, { quarantine });
  expect(seen).toEqual([3]);
  expect(await customersOf(book)).toEqual({ '1': 5, '2': 6 });
});
