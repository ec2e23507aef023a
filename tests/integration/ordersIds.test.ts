import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeOrders } from '../../src/cli/summaries.ts';
import { Duck } from '../../src/tables/duck.ts';
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

describe('one customer', () => {
  test('is one with or without unseen letters around the id', async () => {
    const text = rowsOf(['7', '\uFEFF7', '\u00A07', '7\t', '7\u200B', '7\0', 'a\tb', '\uFEFFNULL', '\t']);
    const book = await reader.readText(text);
    expect(await customersOf(book)).toEqual({ '7': 63, 'a\tb': 64 });
    expect(book.report).toMatchObject({ customers: 2, guestRows: 2, guestRowsById: { NULL: 1 } });
  });

  test('is one where a file that begins with a mark was put behind another', async () => {
    const header = 'customer_id,order_date,revenue\n';
    const columns = { customerId: 'customer_id', orderDate: 'order_date', revenue: 'revenue', orderId: null };
    const text = `\uFEFF${header}7,2024-01-01,1\n\uFEFF7,2024-01-02,2\n`;
    const book = await reader.readText(text, { columns });
    expect((await book.features({ start: '2024-01-01', end: '2025-01-01' })).customerIds).toEqual(['7']);
    expect(await customersOf(book)).toEqual({ '7': 3 });
  });

  test('is one where R writes the number 100000 with an exponent', async () => {
    expect(
      await customersOf(await reader.readText(rowsOf(['100000', '1e+05', '3e+05', '1e05', 'e+05']))),
    ).toEqual({
      '100000': 3,
      '300000': 4,
      '1e05': 8,
      'e+05': 16,
    });
  });
});

test('an order is one with or without unseen letters around its id, as a customer is', async () => {
  const orders = ['A1', 'A1\t', '\u00A0A1', 'A1\u200B', 'A2'];
  const text = HEADER + orders.map((id) => `${id},7,2024-01-01,1\n`).join('');
  const book = await reader.readText(text, { maxRejectShare: 1 });
  expect(await customersOf(book)).toEqual({ '7': 2 });
  expect(reader.rejects().map(({ row, reason }) => [row, reason])).toEqual([
    [3, 'duplicate_order_id'],
    [4, 'duplicate_order_id'],
    [5, 'duplicate_order_id'],
  ]);
});

test('a number without end in a column of floats is no customer, and a reject', async () => {
  const path = `${reader.folder.home.root}/endless.parquet`;
  const duck = await Duck.open({ threads: 1 });
  await duck.run(`COPY (SELECT i AS order_id, ['inf', '-inf', '7', 'nan'][i]::DOUBLE AS customer_id,
    DATE '2024-01-01' AS order_date, 2 AS revenue FROM range(1, 5) t(i)) TO '${path}'`);
  duck.close();
  const book = await reader.read(path, { maxRejectShare: 1 });
  expect(await customersOf(book)).toEqual({ '7': 2 });
  expect(book.report).toMatchObject({ rejectedRows: 2, guestRows: 1 });
  expect(reader.rejects().map(({ reason, customerId }) => `${reason} ${customerId}`)).toEqual([
    'unreadable_customer +inf',
    'unreadable_customer -inf',
  ]);
});

test('a name that sounds like a number without end is a customer', async () => {
  expect(await customersOf(await reader.readText(rowsOf(['inf', 'Inf'])))).toEqual({ inf: 1, Inf: 2 });
});

describe('a customer whose number has lost digits may be many, and is a reject', () => {
  const unreadable = (): string[] =>
    reader.rejects().map(({ row, reason, customerId }) => `${row} ${reason} ${customerId}`);

  test('in the notation of a spreadsheet, or of a column of floats', async () => {
    const ids = ['1.23457E+11', '7', '1e+16', '9007199254740992.0', '9007199254740991.0', '9007199254740993'];
    const book = await reader.readText(rowsOf(ids), { maxRejectShare: 0.5 });
    expect(await customersOf(book)).toEqual({ '7': 2, '9007199254740991': 16, '9007199254740993': 32 });
    expect(unreadable()).toEqual([
      '2 unreadable_customer 1.23457E+11',
      '4 unreadable_customer 1e+16',
      '5 unreadable_customer 9007199254740992.0',
    ]);
    expect(book.report).toMatchObject({ rowsRead: 6, acceptedRows: 3, rejectedRows: 3, customers: 3 });
    const { message, remedy } = await failureOf(reader.readText(rowsOf(ids), { maxRejectShare: 0.4 }));
    expect(message).toContain('3 unreadable_customer (first: orders.csv row 2, "1.23457E+11")');
    expect(remedy).toContain('export customers as text');
  });

  test('in NDJSON, where whole numbers of any length keep theirs', async () => {
    const ids = [
      '9007199254740993',
      '123456789012345678901234567891',
      '9007199254740992.0',
      '13085.0',
      '1.3085e4',
    ];
    const lines = ids.map((id) => `{"customer_id":${id},"order_date":"2024-01-01","revenue":5}\n`);
    const book = await reader.readText(lines.join(''), { maxRejectShare: 0.5 }, 'o.ndjson');
    expect(await customersOf(book)).toEqual({
      '9007199254740993': 5,
      '123456789012345678901234567891': 5,
      '13085': 10,
    });
    expect(unreadable()).toEqual(['3 unreadable_customer 9007199254740992.0']);
  });

  test.each([
    ['BIGINT', '9007199254740992', '9007199254740993', []],
    ['DOUBLE', '9007199254740991', '1e17', ['2 unreadable_customer 1e+17']],
    ['DOUBLE', '1e15', '9007199254740992', ['2 unreadable_customer 9007199254740992.0']],
    ['FLOAT', '16777215', '16777217', ['2 unreadable_customer 1.67772160e+07']],
  ])('in a Parquet column of %s: %s is exact, and %s', async (type, exact, other, rejects) => {
    const path =
      await writeParquet(`SELECT * FROM (VALUES (CAST('${exact}' AS ${type}), DATE '2024-01-01', 5),
      (CAST('${other}' AS ${type}), DATE '2024-01-01', 6)) AS rows(customer_id, order_date, revenue)`);
    const book = await reader.read(path, { maxRejectShare: 0.5 });
    expect(Object.keys(await customersOf(book))).toContain(String(Number(exact)));
    expect(unreadable()).toEqual(rejects);
  });
});

describe('a column that is no single text or number', () => {
  test.each(["{'id': 7}", '[7]', "map {'id': 7}"])('is refused in Parquet: %s', async (value) => {
    const path = await writeParquet(
      `SELECT ${value} AS customer_id, DATE '2024-01-01' AS order_date, 5 AS revenue`,
    );
    const { code, message } = await failureOf(reader.read(path));
    expect(code).toBe('ORDERS_COLUMN_NESTED');
    expect(message).toContain('The column "customer_id" of ');
  });

  test('is a reject in NDJSON, and an id in braces is none', async () => {
    const lines = ['{"$oid":"7"}', '[7]', '"{7}"', '"[7]"'].map(
      (id) => `{"customer_id":${id},"order_date":"2024-01-01","revenue":5}\n`,
    );
    const book = await reader.readText(lines.join(''), { maxRejectShare: 0.5 }, 'o.ndjson');
    expect(await customersOf(book)).toEqual({ '{7}': 5, '[7]': 5 });
    expect(reader.rejects()).toMatchObject([
      { row: 1, reason: 'malformed_row', detail: 'The customer has several values: {"$oid":"7"}' },
      { row: 2, reason: 'malformed_row' },
    ]);
  });

  test('is text where Parquet calls text bytes, and else written as bytes are', async () => {
    const rows = (id: string): string =>
      `SELECT ${id} AS customer_id, encode('2024-01-01') AS order_date, encode('5.5') AS revenue`;
    const text = await writeParquet(rows("encode('Jürg')"));
    expect(await customersOf(await reader.read(text))).toEqual({ Jürg: 5.5 });
    const bytes = await writeParquet(rows("'\\xE9'::BLOB"));
    expect(await customersOf(await reader.read(bytes))).toEqual({ '\\xE9': 5.5 });
  });
});

async function writeParquet(select: string): Promise<string> {
  const path = `${reader.folder.home.root}/o.parquet`;
  const duck = await Duck.open({ threads: 1 });
  await duck.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  duck.close();
  return path;
}

test.each(['order', 'line'] as const)(
  'orders that share a number without its last digits are rejected: %s',
  async (grain) => {
    const text = `${HEADER}1.23457E+11,A,2024-01-01,10\n1.23457E+11,A,2024-02-01,10\n2.5E+12,A,2024-03-01,10\n1234567890123456.0,C,2024-03-01,3\n1e+05,B,2024-03-01,1\n`;
    const book = await reader.readText(text, { grain, maxRejectShare: 0.5 });
    expect(await customersOf(book)).toEqual({ A: 10, B: 1, C: 3 });
    expect(reader.rejects().map(({ row, reason }) => [row, reason])).toEqual([
      [2, 'unreadable_order_id'],
      [3, 'unreadable_order_id'],
    ]);
    const { remedy } = await failureOf(reader.readText(text, { grain, maxRejectShare: 0.1 }));
    expect(remedy).toContain('export order ids as text');
  },
);

test('numbers beyond all whole ones are no customers in NDJSON either, and texts that look like them are', async () => {
  const rows = ['1.23457e25', '-2e30', 'Infinity', '-Infinity', '"3e25"', '"Infinity"', '12'].map(
    (id, i) => `{"order_id":"${i}","customer_id":${id},"order_date":"2024-01-01","revenue":1}`,
  );
  const book = await reader.readText(`${rows.join('\n')}\n`, { maxRejectShare: 1 }, 'o.ndjson');
  expect(await customersOf(book)).toEqual({ '3e25': 1, Infinity: 1, '12': 1 });
  expect(reader.rejects().map(({ row, reason }) => [row, reason])).toEqual(
    [1, 2, 3, 4].map((row) => [row, 'unreadable_customer']),
  );
});

test('decimals in Parquet are exact numbers of customers and orders, however many digits they have', async () => {
  const path =
    await writeParquet(`SELECT order_id::DECIMAL(38, 2) AS order_id, customer_id::DECIMAL(38, 2) AS customer_id,
      DATE '2024-01-01' AS order_date, revenue::DECIMAL(10, 2) AS revenue
    FROM (VALUES (9007199254740993, 123456789012345678901234567891, 1), (9007199254740993, 13085, 2),
      (9007199254740994, 9007199254740992, 4), (7, 1.5, 8)) AS rows(order_id, customer_id, revenue)`);
  const grain = 'line';
  expect(await customersOf(await reader.read(path, { grain }))).toEqual({
    '123456789012345678901234567891': 1,
    '13085': 2,
    '9007199254740992': 4,
    '1.50': 8,
  });
});
