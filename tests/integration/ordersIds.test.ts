import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeOrders } from '../../src/cli/summaries.ts';
import { customersOf, failureOf, HEADER, type OrdersReader, openOrdersReader } from '../ordersReader.ts';

let reader: OrdersReader;

beforeEach(async () => {
  reader = await openOrdersReader();
});
afterEach(() => reader.close());

/** CSV rows of customers with these ids, worth 1, 2, 4, … in turn. */
const rowsOf = (ids: readonly string[]): string =>
  HEADER + ids.map((id, i) => `${i},${id},2024-01-01,${2 ** i}\n`).join('');

describe('a word for no id', () => {
  test('is a guest, counted by the word, and never rejected', async () => {
    const ids = ['NULL', '7', '\\N', 'nan', 'None', '<NA>', ' NULL ', '', 'Null', 'Nan', 'none'];
    const book = await reader.readText(`${rowsOf(ids)}x,NULL,never,1\n`);
    expect(await customersOf(book)).toEqual({ '7': 2, Null: 256, Nan: 512, none: 1024 });
    expect(book.report).toMatchObject({
      rowsRead: 12,
      acceptedRows: 4,
      guestRows: 8,
      guestRowsById: { NULL: 3, '\\N': 1, nan: 1, None: 1, '<NA>': 1 },
      rejectedRows: 0,
    });
    expect(describeOrders(book.report)[1]).toContain(
      '8 rows without a customer (3 NULL, 1 \\N, 1 nan, 1 None, 1 <NA>); 0 rows rejected',
    );
  });

  test('is one of those that the shop lists', async () => {
    const text = rowsOf(['0', '0.0', 'NULL', '5']);
    expect(await customersOf(await reader.readText(text, { nullIds: ['0', 'guest'] }))).toEqual({
      NULL: 4,
      '5': 8,
    });
    expect(await customersOf(await reader.readText(text, { nullIds: [] }))).toEqual({
      '0': 3,
      NULL: 4,
      '5': 8,
    });
  });

  test('is none in NDJSON either, where Python writes it without quotes', async () => {
    const line = (id: string): string => `{"customer_id":${id},"order_date":"2024-01-01","revenue":5}\n`;
    const book = await reader.readText(['NaN', '"None"', 'null', '"7"'].map(line).join(''), {}, 'o.ndjson');
    expect(await customersOf(book)).toEqual({ '7': 5 });
    expect(book.report).toMatchObject({ guestRows: 3, guestRowsById: { NaN: 1, None: 1 } });
  });

  test('is no order id, so that its rows are neither duplicates nor lines of one order', async () => {
    const text = `${HEADER}NULL,1,2024-01-01,5\nNULL,1,2024-01-02,6\n`;
    expect(await customersOf(await reader.readText(text))).toEqual({ '1': 11 });
    await reader.readText(`${text}a,1,2024-01-03,7\n`, { grain: 'line', maxRejectShare: 1 });
    expect(reader.rejects().map(({ row, reason }) => [row, reason])).toEqual([
      [2, 'missing_order_id'],
      [3, 'missing_order_id'],
    ]);
  });

  test('is named where no customer is left', async () => {
    const { message } = await failureOf(reader.readText(rowsOf(['NULL', 'NULL'])));
    expect(message).toContain('Ids that data.null_ids takes for none: 2 rows NULL.');
  });
});
