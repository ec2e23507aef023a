import { mkdir } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DateWindow } from '../../src/domain/calendar/windows.ts';
import type { NumberedFeatures } from '../../src/orders/orderBook.ts';
import { Duck } from '../../src/tables/duck.ts';
import { hasGolden, sharedFile } from '../golden.ts';
import {
  customersOf,
  EVERYTHING,
  failureOf as failure,
  HEADER,
  type OrdersReader,
  openOrdersReader,
} from '../ordersReader.ts';
import { ordersSettings } from '../ordersSettings.ts';
import type { TemporaryHome } from '../temporaryHome.ts';

let reader: OrdersReader;
let folder: TemporaryHome;

beforeEach(async () => {
  reader = await openOrdersReader();
  folder = reader.folder;
});
afterEach(() => reader.close());

const read: OrdersReader['read'] = (source, changes) => reader.read(source, changes);
const readText: OrdersReader['readText'] = (text, changes, name) => reader.readText(text, changes, name);
const reasons = (): [number, string][] => reader.rejects().map((row) => [row.row, row.reason]);

/** January has customers 1 and 3; nobody ordered in February; March has 2 and 3. */
const THREE_MONTHS = `${HEADER}a,1,2024-01-02,5\nb,1,2024-01-09,2.5\nc,3,2024-01-10,4\nd,3,2024-03-01,-1\ne,2,2024-03-05,8\n`;

function month(number: number): DateWindow {
  return { start: `2024-0${number}-01`, end: `2024-0${number + 1}-01` };
}

describe('windows that are asked for together', () => {
  test('have the features that each has alone, also where nobody ordered', async () => {
    const book = await readText(THREE_MONTHS);
    const histories = [month(3), month(2), month(1), EVERYTHING];
    const alone: NumberedFeatures[] = [];
    for (const history of histories) {
      const { customerIds, matrix } = await book.features(history);
      alone.push({ customers: Float64Array.from(customerIds, (id) => Number(id) - 1), matrix });
    }
    expect(await book.featuresOfEach(histories)).toEqual(alone);
    expect(alone[1].matrix.rows).toBe(0);
  });

  test('tell of each customer in them who came for the first time, and who did more than return something', async () => {
    const book = await readText(
      `${HEADER}a,new,2024-03-01,5\nb,old,2024-02-29,3\nc,old,2024-03-31,-1\nd,free,2024-03-10,0\ne,before,2024-02-01,2\nf,later,2024-04-01,9\n`,
    );
    const { customerIds, revenue, isNew, hasBought } = await book.revenueByCustomer(month(3));
    expect(customerIds).toEqual(['free', 'new', 'old']);
    expect([revenue, isNew, hasBought].map((it) => [...it])).toEqual([
      [0, 5, -1],
      [1, 1, 0],
      [1, 1, 0],
    ]);
  });

  test('have the revenue of every customer of the shop, 0 where a customer bought nothing', async () => {
    const book = await readText(THREE_MONTHS);
    const revenue = await book.revenueOfEach([month(1), month(2), month(3)]);
    expect(revenue.map((it) => [...it])).toEqual([
      [7.5, 0, 4],
      [0, 0, 0],
      [0, 8, -1],
    ]);
    expect(await book.revenueOfEach([])).toEqual([]);
    // Of those who ordered in January, one once: what both spent in March.
    expect([...(await book.revenue(month(1), month(3)))]).toEqual([0, -1]);
  });
});

describe('orders', () => {
  test('keep leading zeros of customer ids, and lose the fraction of numeric ones', async () => {
    const book = await readText(
      `${HEADER}a,007,2024-01-01,5\nb,13085.0,2024-01-02,6\nc, 42 ,2024-01-03,7\nd,1.50,2024-01-03,8\n`,
    );
    expect(await customersOf(book)).toEqual({ '007': 5, '13085': 6, '42': 7, '1.50': 8 });
  });

  test('count returns against the customer', async () => {
    const book = await readText(`${HEADER}a,1,2024-01-01,50.10\nb,1,2024-01-05,-20.05\n`);
    expect(await customersOf(book)).toEqual({ '1': 30.05 });
    expect(book.report).toMatchObject({ orders: 2, returns: 1, revenue: 30.05 });
  });

  test('that are many times as large as any of another customer are named', async () => {
    const usual = Array.from({ length: 120 }, (_, c) => `o${c},${c},2024-01-01,${100 + c}`);
    const book = await readText(
      `${HEADER}a,slip,2024-01-05,5000\nb,slip,2024-01-04,7\n${usual.join('\n')}\n`,
    );
    expect(book.report.outlyingOrders).toEqual([
      { customerId: 'slip', day: '2024-01-05', revenue: 5000, times: 5000 / 219 },
    ]);
    expect((await readText(`${HEADER}${usual.join('\n')}\n`)).report.outlyingOrders).toEqual([]);
  });

  test('that are long before all others are named, and do not count as the opening of the shop', async () => {
    const usual = Array.from({ length: 20 }, (_, c) => `o${c},${c},2024-0${1 + (c % 3)}-01,100`);
    const text = (...stray: string[]) => `${HEADER}${[...usual, ...stray].join('\n')}\n`;
    const slip = (await readText(text('s,slip,2021-02-03,100'))).report;
    expect(slip).toMatchObject({
      ...{ firstDate: '2021-02-03', openingDate: '2024-01-01' },
      strayOrders: [{ customerId: 'slip', day: '2021-02-03' }],
    });
    const two = (await readText(text('s,slip,2021-02-03,100', 't,slip,2023-09-30,100'))).report;
    expect(two.strayOrders?.map(({ day }) => day)).toEqual(['2021-02-03', '2023-09-30']);
    // A quarter of a year before the others, and no longer.
    const early = (await readText(text('s,early,2023-10-01,100'))).report;
    expect(early).toMatchObject({ openingDate: '2023-10-01', strayOrders: [] });
    expect((await readText(`${HEADER}a,1,2024-01-01,5\n`)).report.openingDate).toBe('2024-01-01');
  });

  test('without a customer are counted on a line of their own, and never rejected', async () => {
    const book = await readText(`${HEADER}a,1,2024-01-01,5\nb,,2024-01-02,6\nc,,never,7\n`);
    expect(book.report).toMatchObject({
      rowsRead: 3,
      guestRows: 2,
      guestRevenue: 13,
      rejectedRows: 0,
      acceptedRows: 1,
    });
  });

  test('of a customer who is no number in Parquet are guests, and no customer of many orders', async () => {
    const path = `${folder.home.root}/o.parquet`;
    const duck = await Duck.open({ threads: 1 });
    await duck.run(`COPY (SELECT * FROM (VALUES (13085.0::DOUBLE, DATE '2024-01-01', 5), ('nan', DATE '2024-01-02', 6))
      AS rows(customer_id, order_date, revenue)) TO '${path}' (FORMAT parquet)`);
    duck.close();
    const book = await read(path);
    expect(await customersOf(book)).toEqual({ '13085': 5 });
    expect(book.report).toMatchObject({ guestRows: 1, guestRevenue: 6 });
  });

  test('that cannot be used are put away with row and reason, and every row is on one line of the report', async () => {
    const text = [
      'a,1,2024-01-01,5',
      'b,1,2024-02-30,6',
      'c,1,2024-01-03,abc',
      'd,1,2024-01-04,inf',
      'e,1,2024-07-01,7',
      'a,2,2024-01-05,8',
      'f,1,2024-01-06',
      'g,1,2024-01-07,9',
      ',1,2024-01-07,9',
      ',1,2024-01-07,9',
      'b,3,2024-01-08,1',
    ].join('\n');
    const book = await readText(`${HEADER}${text}\n`, { maxRejectShare: 0.6 });
    expect(reasons()).toEqual([
      [8, 'malformed_row'],
      [3, 'unreadable_date'],
      [4, 'unreadable_revenue'],
      [5, 'unreadable_revenue'],
      [6, 'future_date'],
      [7, 'duplicate_order_id'],
    ]);
    const { report } = book;
    expect(report).toMatchObject({ rowsRead: 11, rejectedRows: 6, acceptedRows: 5, guestRows: 0 });
    expect(report.rejectsByReason).toEqual({
      malformed_row: 1,
      unreadable_date: 1,
      unreadable_revenue: 2,
      future_date: 1,
      duplicate_order_id: 1,
    });
  });

  test('dated today are used, tomorrow are not, in the business zone', async () => {
    // Half past noon in London on 30 June is 1 July in Auckland.
    const text = `${HEADER}a,1,2024-07-01,5\nb,1,2024-07-02,6\n`;
    expect((await readText(text, { timezone: 'Pacific/Auckland', maxRejectShare: 1 })).report.orders).toBe(1);
    await expect(readText(text, { timezone: 'UTC', maxRejectShare: 1 })).rejects.toMatchObject({
      code: 'ORDERS_NONE',
    });
  });

  test('with an offset are moved to the business zone; naive ones are local', async () => {
    const text = `${HEADER}a,1,2024-01-31T23:30:00Z,5\nb,2,2024-01-31 23:30:00,6\nc,3,2024-02-01T01:30:00+02:00,7\nd,4,2024-01-31T12:00:00.123+0000,8\n`;
    const book = await readText(text, { timezone: 'Europe/Berlin' });
    const inJanuary = await book.features({ start: '2024-01-01', end: '2024-02-01' });
    expect(inJanuary.customerIds).toEqual(['2', '4']);
  });

  test('are the same from CSV, gzip, semicolons, NDJSON and Parquet', async () => {
    const rows = ['a,01,2024-01-01,5.5', 'b,02,2024-02-01,6', 'c,01,2024-03-01,-1'];
    const csv = `${HEADER}${rows.join('\n')}\n`;
    const ndjson = rows.map((row) => {
      const [order_id, customer_id, order_date, revenue] = row.split(',');
      return JSON.stringify({ order_id, customer_id, order_date, revenue: Number(revenue) });
    });
    const path = await folder.write('orders.csv', csv);
    const duck = await Duck.open({ threads: 1 });
    await duck.run(
      `COPY (SELECT * REPLACE (CAST(order_date AS TIMESTAMP) AS order_date, CAST(revenue AS DOUBLE) AS revenue) FROM read_csv('${path}', all_varchar = true)) TO '${folder.home.root}/orders.parquet' (FORMAT parquet)`,
    );
    duck.close();
    const books = [
      await read(path),
      await read(await folder.write('o.csv.gz', gzipSync(csv))),
      await readText(csv.replaceAll(',', ';'), {}, 'semicolons.csv'),
      await readText(ndjson.join('\n'), {}, 'o.ndjson'),
      await read(await folder.write('o.jsonl.gz', gzipSync(ndjson.join('\n')))),
      await read(`${folder.home.root}/orders.parquet`),
    ];
    const prints = await Promise.all(books.map((book) => book.fingerprint(EVERYTHING)));
    expect(prints[0]).toMatchObject({
      orders: 3,
      customers: 2,
      firstDate: '2024-01-01',
      lastDate: '2024-03-01',
    });
    for (const print of prints) expect(print).toEqual(prints[0]);
  });

  test('have another fingerprint if a customer, a day or an amount is another one, whatever lies outside', async () => {
    const orders = 'a,1,2024-01-02,5\nb,2,2024-01-03,6\n';
    const printOf = async (text: string) => {
      const book = await readText(HEADER + text);
      return (await book.fingerprint(month(1))).sha256;
    };
    const usual = await printOf(orders);
    for (const other of [
      orders.replace('b,2,', 'b,3,'),
      orders.replace('01-03', '01-04'),
      orders.replace(',6', ',6.01'),
    ])
      expect(await printOf(other), other).not.toBe(usual);
    // Neither the order of the rows matters, nor what is not of this month.
    expect(await printOf('b,2,2024-01-03,6\nc,1,2023-12-31,9\na,1,2024-01-02,5\nd,2,2024-02-01,9\n')).toBe(
      usual,
    );
  });

  test('are counted by day and by customer: who came back, and who paid more than he or she got back', async () => {
    const book = await readText(
      [
        `${HEADER}a1,a,2024-01-01,10\na2,a,2024-01-05,5`,
        'b1,b,2024-01-02,10\nb2,b,2024-01-03,-10', // One order and a return: nothing paid, and not back.
        'c1,c,2024-01-02,-5',
        'd1,d,2024-03-01,5', // Later.
        'e1,e,2024-01-03,0\ne2,e,2024-01-04,3', // What is free is no return.
        'f1,f,2024-01-09,7\nf2,f,2024-01-10,8', // The second one is of the end itself.
      ].join('\n'),
    );
    expect(await book.countCustomers('2024-01-10')).toEqual({
      customers: 5,
      repeatBuyers: 2,
      payingCustomers: 3,
    });
    expect(await book.countOrders({ start: '2024-01-02', end: '2024-01-10' })).toBe(7);
  });

  test('of a guest make no other order of the same id a duplicate, and are none', async () => {
    const text = `${HEADER}a,,2024-01-01,5\na,1,2024-01-02,6\na,,2024-01-03,7\n`;
    expect(await customersOf(await readText(text, { maxRejectShare: 1 }))).toEqual({ '1': 6 });
    expect(reasons()).toEqual([]);
  });

  test('that are lines of one order are one by day: what is sent back later changes no month before', async () => {
    const lines = ['a,1,2024-01-05,-5', 'a,1,2024-01-02,6', 'a,1,2024-01-02,7', 'a,2,2024-01-02,1'];
    const book = await readText(`${HEADER}${lines.join('\n')}\n`, { grain: 'line' });
    expect(book.report).toMatchObject({
      orders: 3,
      returns: 1,
      firstDate: '2024-01-02',
      lastDate: '2024-01-05',
    });
    expect(await customersOf(book)).toEqual({ '1': 8, '2': 1 });
    const { customerIds, revenue } = await book.revenueByCustomer({ start: '2024-01-01', end: '2024-01-05' });
    expect([customerIds, [...revenue]]).toEqual([
      ['1', '2'],
      [13, 1],
    ]);
  });

  test('of whom just as many as the limit allows cannot be used are taken', async () => {
    const text = `${HEADER}a,1,2024-01-01,5\nb,1,2024-01-02,?\n`;
    expect(await customersOf(await readText(text, { maxRejectShare: 0.5 }))).toEqual({ '1': 5 });
  });

  test('come from the file that is named, although its name looks like a pattern', async () => {
    await folder.write('orders1.csv', `${HEADER}a,other,2024-01-02,1\n`);
    const named = await readText(`${HEADER}b,named,2024-01-02,2\n`, {}, 'orders[1].csv');
    expect(await customersOf(named)).toEqual({ named: 2 });
    expect(await customersOf(await read(`${folder.home.root}/orders*.csv`))).toEqual({ named: 2, other: 1 });
  });

  test('come from every file of a glob, and a reject names its own file', async () => {
    await folder.write('day1.csv', `${HEADER}a,1,2024-01-01,5\n`);
    await folder.write(
      'day2.csv',
      'customer_id,order_id,revenue,order_date\n2,b,6,2024-01-02\n2,c,x,2024-01-02\n',
    );
    const book = await read(`${folder.home.root}/day*.csv`, { maxRejectShare: 0.5 });
    expect(await customersOf(book)).toEqual({ '1': 5, '2': 6 });
    expect(reader.rejects()).toMatchObject([{ file: 'day2.csv', row: 3, reason: 'unreadable_revenue' }]);
  });

  test('come from the file that is named, also where its name looks like a pattern', async () => {
    await folder.write('orders1.csv', `${HEADER}a,wrong,2024-01-01,5\n`);
    const named = await folder.write('orders[1].csv', `${HEADER}a,right,2024-01-01,5\n`);
    expect(await customersOf(await read(named))).toEqual({ right: 5 });
    const starred = await folder.write('orders*.csv', `${HEADER}a,starred,2024-01-01,5\n`);
    expect(await customersOf(await read(starred))).toEqual({ starred: 5 });
  });

  test('come from a glob below a folder whose name looks like a pattern', async () => {
    const root = `${folder.home.root}/shop [2024]`;
    await mkdir(root);
    await folder.write('shop [2024]/a.csv', `${HEADER}a,1,2024-01-01,5\n`);
    expect(await customersOf(await read(`${root}/*.csv`))).toEqual({ '1': 5 });
    expect(await customersOf(await read(`${folder.home.root}/shop*/[a-c].csv`))).toEqual({ '1': 5 });
  });

  test('are numbered as a spreadsheet shows them, also below empty rows and breaks between quotes', async () => {
    const text =
      'a,1,2024-01-01,5\n\n\nb,1,2024-01-02,?\nc,"1\n\n",2024-01-03,6\nd,1,2024-01-04,7,8\n\ne,1,never,9\n';
    await readText(HEADER + text, { maxRejectShare: 1 });
    expect(reasons()).toEqual([
      [7, 'malformed_row'],
      [5, 'unreadable_revenue'],
      [9, 'unreadable_date'],
    ]);
    const lines = '{"customer_id":"1","order_date":"2024-01-01","revenue":5}\n\n \n{"customer_id":"1"}\n';
    await readText(lines, { maxRejectShare: 1 }, 'o.ndjson');
    expect(reasons()).toEqual([[4, 'unreadable_date']]);
  });

  test('are numbered so below a quote in the middle of a value, which opens nothing', async () => {
    const text = `${HEADER}a,5" x,2024-01-01,5\n\nb,2,never,6\nc,"3""\n\n4",2024-01-01,7\n\nd,"",never,8\ne,5,never,9\n`;
    await readText(text, { maxRejectShare: 1 });
    expect(reasons()).toEqual([
      [4, 'unreadable_date'],
      [8, 'unreadable_date'],
    ]);
  });

  test('are numbered so where lines end as on an old Macintosh', async () => {
    const text = `${HEADER}a,1,2024-01-01,5\n\n\nb,"2\n\n",never,6\n\nc,3,2024-01-03\nd,4,never,7\n`;
    await readText(text.replaceAll('\n', '\r'), { maxRejectShare: 1 });
    expect(reasons()).toEqual([
      [7, 'malformed_row'],
      [5, 'unreadable_date'],
      [8, 'unreadable_date'],
    ]);
  });

  test('are numbered so in a message about rows of which none is rejected', async () => {
    const { message } = await failure(readText(`${HEADER}\na,1,2024-01-01,5\n\nb,1,2024-01-02,1.234\n`));
    expect(message).toContain('1 like 1.234 (first: orders.csv row 5)');
    const currencies = await failure(readText(`${HEADER}\na,1,2024-01-01,5 EUR\n\nb,1,2024-01-02,6 USD\n`));
    expect(currencies.message).toContain(
      '1 in EUR (first: orders.csv row 3); 1 in USD (first: orders.csv row 5)',
    );
  });

  test('of files of one name in several folders are told apart', async () => {
    await mkdir(`${folder.home.root}/a`);
    await mkdir(`${folder.home.root}/b`);
    await folder.write('a/o.csv', `${HEADER}a,1,2024-01-01,5\nb,1,2024-01-01,5,6\nc,1,2024-01-01,5,6\n`);
    await folder.write('b/o.csv', `${HEADER}d,1,2024-01-01,5\ne,1,never,5\n`);
    const book = await read(`${folder.home.root}/*/o.csv`, { maxRejectShare: 1 });
    expect(book.report.files).toEqual(['a/o.csv', 'b/o.csv']);
    expect(reader.rejects().map(({ file, row }) => [file, row])).toEqual([
      ['a/o.csv', 3],
      ['a/o.csv', 4],
      ['b/o.csv', 3],
    ]);
  });

  test('in NDJSON may leave out what they have no value for', async () => {
    const text = [
      { order_date: '2024-01-01', revenue: 1 },
      { order_id: 'a', customer_id: '1', order_date: '2024-01-02', revenue: 2 },
      { order_id: 'a', customer_id: '1', order_date: '2024-01-02', revenue: 2 },
    ].map((order) => JSON.stringify(order));
    const book = await readText(text.join('\n'), { maxRejectShare: 0.5 }, 'o.ndjson');
    expect(book.report).toMatchObject({ guestRows: 1, acceptedRows: 1, revenue: 2 });
    expect(reasons()).toEqual([[3, 'duplicate_order_id']]);
  });

  test('takes the place of none where its first row is of nobody', async () => {
    const book = await readText(`${HEADER}1,1.23457E+11,2024-01-01,1\n1,B,2024-01-02,7\n1,C,2024-01-03,7\n`, {
      maxRejectShare: 1,
    });
    expect(await customersOf(book)).toEqual({ B: 7 });
    expect(reasons()).toEqual([
      [2, 'unreadable_customer'],
      [4, 'duplicate_order_id'],
    ]);
  });

  test('in NDJSON may have any name for a key', async () => {
    const customerId = 'the "customer\\s" ~id/1';
    const text = JSON.stringify({ [customerId]: '1', order_date: '2024-01-02', revenue: 2 });
    const columns = { ...ordersSettings({ source: '' }).columns, customerId };
    expect(await customersOf(await readText(text, { columns }, 'o.ndjson'))).toEqual({ '1': 2 });
  });

  test('may stand beside columns without a name, or with a name that is there twice', async () => {
    const text = ',order_id,customer_id,order_date,revenue,Revenue,note,note,\n0,a,1,2024-01-01,5,6,,,\n';
    expect(await customersOf(await readText(text))).toEqual({ '1': 5 });
  });

  test('are read where lines end as on an old Macintosh', async () => {
    const text = `${HEADER}a,1,2024-01-01,5\nb,2,2024-01-02,6\n`.replaceAll('\n', '\r');
    expect(await customersOf(await readText(text))).toEqual({ '1': 5, '2': 6 });
  });

  test('are made of invoice lines where the grain is line', async () => {
    const text =
      'Invoice,Cust,When,Qty,Price\n1,A,2024-01-01 10:00,2,2.5\n1,A,2024-01-01 10:01,1,1\nC2,A,2024-01-09,-1,2.5\n3,,2024-01-09,1,1\n,B,2024-01-09,1,1\n';
    const book = await readText(text, {
      grain: 'line',
      maxRejectShare: 0.2,
      columns: {
        customerId: 'Cust',
        orderDate: 'When',
        orderId: 'Invoice',
        revenue: { quantity: 'Qty', unitPrice: 'Price' },
      },
    });
    expect(await customersOf(book)).toEqual({ A: 3.5 });
    expect(book.report).toMatchObject({
      rowsRead: 5,
      orders: 2,
      returns: 1,
      guestRows: 1,
      rejectsByReason: { missing_order_id: 1 },
    });
  });

  test('in the shop’s own date format are read where the config names it', async () => {
    const book = await readText(`${HEADER}a,1,31/01/2024,5\n`, { dateFormat: '%d/%m/%Y' });
    expect(book.report.firstDate).toBe('2024-01-31');
  });

  test('with the name of a zone behind the time are moved to the business zone', async () => {
    for (const zone of ['UTC', 'GMT', 'Europe/London']) {
      const text = `${HEADER}a,1,2024-01-31 23:30:00 ${zone},5\n`;
      const book = await readText(text, { timezone: 'Europe/Berlin' });
      expect(book.report.firstDate).toBe('2024-02-01');
    }
  });

  test('with a year of two digits are not taken for those of antiquity', async () => {
    await readText(`${HEADER}a,1,2024-01-31,5\nb,1,24-01-31,5\nc,1,31-01-24,5\nd,1,0001-01-01,5\n`, {
      maxRejectShare: 1,
    });
    expect(reasons()).toEqual([3, 4, 5].map((row) => [row, 'unreadable_date']));
  });

  test('in seconds that are none are rejects, and the others are read', async () => {
    const text = `${HEADER}a,1,1710018000,5\nb,1,1710018000123,5\nc,1,9223372036854775807,5\n`;
    const book = await readText(text, { dateFormat: '%s', maxRejectShare: 1 });
    expect(book.report.acceptedRows).toBe(1);
    expect(reasons()).toEqual([3, 4].map((row) => [row, 'unreadable_date']));
  });

  test('in a format that says when exactly it was are moved to the business zone', async () => {
    const timezone = 'Australia/Sydney';
    const firstDateOf = async (text: string, dateFormat: string): Promise<string> =>
      (await readText(`${HEADER}a,1,${text},5\n`, { timezone, dateFormat })).report.firstDate;
    // Nine in the evening of the 9th in London, eight in the morning of the 10th in Sydney.
    expect(await firstDateOf('10/03/2024 08:00 +1100', '%d/%m/%Y %H:%M %z')).toBe('2024-03-10');
    expect(await firstDateOf('09/03/2024 21:00 UTC', '%d/%m/%Y %H:%M %Z')).toBe('2024-03-10');
    expect(await firstDateOf('1710018000', '%s')).toBe('2024-03-10');
    expect(await firstDateOf('10/03/2024 08:00 %z', '%d/%m/%Y %H:%M %%z')).toBe('2024-03-10');
  });

  test('that are few of many rejects are not given as the reason', async () => {
    const rows = Array.from({ length: 100 }, (_, i) => `${Math.floor(i / 2)},1,2024-01-01,1\n`).join('');
    const { code, message } = await failure(readText(`${HEADER}${rows}x,1,31/05/2024,1\n`));
    expect([code, message]).toEqual([
      'ORDERS_REJECTED',
      expect.stringContaining('50 duplicate_order_id (first: orders.csv row 3, "0"); 1 unreadable_date'),
    ]);
  });

  test('in a zone that is clearly named are moved to the business zone, and others rejected', async () => {
    const read = (date: string) =>
      readText(`${HEADER}a,1,2024-01-01,5\nb,2,${date},5\n`, {
        timezone: 'Europe/London',
        maxRejectShare: 0.5,
      });
    for (const zone of [' UTC', ' gmt', 'Z', ' Africa/Abidjan']) {
      const { lastDate } = (await read(`2024-06-01 23:30:00${zone}`)).report;
      expect([zone, lastDate, reasons()]).toEqual([zone, '2024-06-02', []]);
    }
    // British Summer Time, or Bangladesh's.
    await read('2024-06-01 00:30:00 BST');
    expect(reasons()).toEqual([[3, 'unreadable_date']]);
  });

  test('with a blank before the offset, or without seconds, are moved as others are', async () => {
    for (const date of ['2024-01-31 23:30:00 +0000', '2024-01-31 23:30+00:00', '2024-01-31T23:30Z']) {
      const book = await readText(`${HEADER}a,1,${date},5\n`, { timezone: 'Europe/Berlin' });
      expect([date, book.report.firstDate]).toEqual([date, '2024-02-01']);
    }
  });

  test('at changes of clocks have the date that the clocks of the shop showed', async () => {
    const rows = [
      'before,2024-03-30T22:59:59Z',
      'spring,2024-03-30T23:00:00Z',
      'spring,2024-03-31T21:59:59Z',
      'after,2024-03-31T22:00:00Z',
      'skipped,2024-03-31 02:30:00',
      'autumn,2023-10-29T22:59:59Z',
      'autumn,2023-10-29 02:30:00',
    ].map((row, i) => `${i},${row},1\n`);
    const book = await readText(HEADER + rows.join(''), { timezone: 'Europe/Berlin' });
    const on = async (start: string, end: string): Promise<readonly string[]> =>
      (await book.features({ start, end })).customerIds;
    expect(await on('2024-03-30', '2024-03-31')).toEqual(['before']);
    expect(await on('2024-03-31', '2024-04-01')).toEqual(['skipped', 'spring']);
    expect(await on('2024-04-01', '2024-04-02')).toEqual(['after']);
    expect(await on('2023-10-29', '2023-10-30')).toEqual(['autumn']);
  });

  test('whose dates have a type in Parquet need no format, also where the config names one', async () => {
    const path = `${folder.home.root}/o.parquet`;
    const duck = await Duck.open({ threads: 1 });
    await duck.run(`COPY (SELECT 1 AS customer_id, TIMESTAMPTZ '2024-01-31 23:30:00+00' AS order_date, 5 AS revenue)
      TO '${path}' (FORMAT parquet)`);
    duck.close();
    const book = await read(path, { dateFormat: '%d/%m/%Y', timezone: 'Europe/Berlin' });
    expect(book.report.firstDate).toBe('2024-02-01');
  });

  test('whose lines add up to more than any order are rejected with all their lines', async () => {
    const lines = Array.from({ length: 12 }, () => 'A,1,2024-01-01,900000000000\n').join('');
    const text = `${HEADER}${lines}B,2,2024-01-01,5\nC,1,2024-01-01,900000000000\n`;
    const book = await readText(text, { grain: 'line', maxRejectShare: 1 });
    expect(await customersOf(book)).toEqual({ '1': 9e11, '2': 5 });
    expect(reasons()).toEqual(Array.from({ length: 12 }, (_, i) => [2 + i, 'unreadable_revenue']));
    expect((await failure(readText(text, { grain: 'line' }))).message).toContain(
      'first: orders.csv row 2, "the 12 lines of order A add up to 10800000000000"',
    );
  });

  test('that give more back than any order is worth are rejected too, and their customer with them', async () => {
    const line = 'A,1,2024-01-01,-900000000000\n';
    const book = await readText(`${HEADER}${line}${line}B,2,2024-01-01,5\n`, {
      grain: 'line',
      maxRejectShare: 1,
    });
    expect(reasons()).toEqual([2, 3].map((row) => [row, 'unreadable_revenue']));
    expect(await customersOf(book)).toEqual({ '2': 5 });
    const [revenue] = await book.revenueOfEach([EVERYTHING]);
    expect([...revenue]).toEqual([5]);
  });

  test('have ids that are told apart by case, and by any sign but blanks around them', async () => {
    const ids = ['x\0y', '😀', 'Abc', 'abc', '"abc "', '" abc"'];
    const rows = ids.map((id, i) => `${i},${id},2024-01-01,${2 ** i}\n`);
    expect(await customersOf(await readText(HEADER + rows.join('')))).toEqual({
      'x\0y': 1,
      '😀': 2,
      Abc: 4,
      abc: 8 + 16 + 32,
    });
  });

  test.skipIf(!hasGolden)('of the raw invoice lines of a real shop are all accounted for', async () => {
    const book = await read(sharedFile('data/online_retail_2010_raw.parquet'), {
      grain: 'line',
      columns: {
        customerId: 'Customer ID',
        orderDate: 'InvoiceDate',
        orderId: 'Invoice',
        revenue: { quantity: 'Quantity', unitPrice: 'Price' },
      },
    });
    expect(book.report).toMatchObject({
      rowsRead: 525_461,
      guestRows: 107_927,
      rejectedRows: 0,
      acceptedRows: 417_534,
      customers: 4383,
    });
    expect((await book.features(EVERYTHING)).customerIds).toContain('13085');
  });
});

describe('wrong input gets a sentence', () => {
  test('for a file that is missing', async () => {
    const { code, message, remedy } = await failure(read(`${folder.home.root}/nope.csv`));
    expect([code, message]).toEqual([
      'ORDERS_FILE_MISSING',
      `There is no orders file at ${folder.home.root}/nope.csv.`,
    ]);
    expect(remedy).toContain('--orders');
  });

  test('for a glob without files, a folder, and an ending that is not known', async () => {
    expect((await failure(read(`${folder.home.root}/*.csv`))).code).toBe('ORDERS_FILE_MISSING');
    expect((await failure(read(folder.home.root))).message).toContain('is a folder');
    expect((await failure(readText('x', {}, 'orders.xlsx'))).code).toBe('ORDERS_FILE_KIND');
  });

  test('for an empty file, and for one that has only a header', async () => {
    expect((await failure(readText(''))).message).toMatch(/orders\.csv is empty/);
    expect(await failure(readText(HEADER))).toMatchObject({ code: 'ORDERS_NONE' });
  });

  test('for a header without a needed column: what was found, and the closest', async () => {
    const { message, remedy } = await failure(
      readText('order_id,CustomerID,order_date,revenue\na,1,2024-01-01,5\n'),
    );
    expect(message).toMatch(
      /has no column "customer_id" .* It has: order_id, CustomerID, order_date, revenue\. The closest is "CustomerID"\./,
    );
    expect(remedy).toContain('data.columns.customer_id');
  });

  test('for a header without several needed columns: all of them at once', async () => {
    const { message, remedy } = await failure(readText('Nr,Datum,Kunde,Summe\n1,2024-01-01,5,6\n'));
    expect(message).toMatch(
      /has no column "customer_id" \(data\.columns\.customer_id\)\. It has: Nr, Datum, Kunde, Summe\. Missing, too: "order_date" \(data\.columns\.order_date\), "revenue" \(data\.columns\.revenue\)\./,
    );
    expect(remedy).toMatch(/to the column that holds it, and the others likewise\.$/);
  });

  test('for a file in which nothing is left', async () => {
    expect(await failure(readText(`${HEADER}a,,2024-01-01,5\n`))).toMatchObject({ code: 'ORDERS_NONE' });
  });

  test('for dates in two formats: how many of each, and where the first stands', async () => {
    const { code, message } = await failure(
      readText(`${HEADER}a,1,2024-01-31,5\nb,1,31/01/2024,6\nc,1,01/02/2024,6\n`),
    );
    expect(code).toBe('ORDERS_DATES_MIXED');
    expect(message).toContain('1 like 2024-01-31 (first: orders.csv row 2)');
    expect(message).toContain('2 like 31/01/2024 (first: orders.csv row 3)');
  });

  test('for dates in one format that the config has to name', async () => {
    const { code, remedy } = await failure(readText(`${HEADER}a,1,31.01.2024,5\n`));
    expect(code).toBe('ORDERS_DATE_FORMAT');
    expect(remedy).toContain('"%d.%m.%Y"');
  });

  test.each([
    ['29.10.2023', '%d.%m.%Y'],
    ['29.10.2023 21:42', '%d.%m.%Y %H:%M'],
    ['29.10.23 21:42:05', '%d.%m.%y %H:%M:%S'],
    ['29/10/2023 04:35', '%d/%m/%Y %H:%M'],
    ['10/29/2023 04:35 PM', '%m/%d/%Y %I:%M %p'],
    ['10/29/23T04:35:10.250', '%m/%d/%yT%H:%M:%S.%f'],
    ['29-10-2023 04:35', '%d-%m-%Y %H:%M'],
    ['10-29-2023', '%m-%d-%Y'],
    ['20231029', '%Y%m%d'],
  ])('for dates like %s names the format by which they can be read', async (date, dateFormat) => {
    const text = `${HEADER}a,1,${date},5\n`;
    const { code, remedy } = await failure(readText(text));
    expect(code).toBe('ORDERS_DATE_FORMAT');
    expect(remedy).toContain(`to "${dateFormat}".`);
    const { report } = await readText(text, { dateFormat });
    expect(report).toMatchObject({ firstDate: '2023-10-29', rejectedRows: 0 });
  });

  test('for dates of which none shows whether the day comes first: both formats, with their time', async () => {
    const { remedy } = await failure(
      readText(`${HEADER}a,1,01/02/2024 4:35 am,5\nb,1,03/02/2024 4:35 am,5\n`),
    );
    expect(remedy).toContain(
      '"%d/%m/%Y %I:%M %p" if the day comes first, "%m/%d/%Y %I:%M %p" if the month does',
    );
  });

  test('for dates that the named format does not read: how they are written, and no advice to name it again', async () => {
    const text = `${HEADER}a,1,29.10.2023 21:42,5\nb,1,29.10.2023 21:42 Uhr,6\n`;
    const { code } = await failure(readText(text, { dateFormat: '%d.%m.%Y %H:%M' }));
    expect(code).toBe('ORDERS_REJECTED');
    const other = await failure(readText(`${HEADER}a,1,31.02.2023,5\n`, { dateFormat: '%d.%m.%Y' }));
    expect(other.remedy).not.toContain('Set data.date_format');
  });

  test.each(['%Q', 'dd/mm/yyyy'])('for a date format that is none: %s', async (dateFormat) => {
    const { code, message } = await failure(readText(`${HEADER}a,1,2024-01-31,5\n`, { dateFormat }));
    expect(code).toBe('DATE_FORMAT_UNKNOWN');
    expect(message).toContain(`data.date_format is "${dateFormat}"`);
  });

  test('for rows that a setting would make usable: which one', async () => {
    const row = 'a,1,2024-01-31,5\n';
    expect((await failure(readText(HEADER + row + row))).remedy).toContain('set data.grain to line');
    expect((await failure(readText(`${HEADER}a,1,31 Jan 2024,5\n${row}`))).remedy).toContain(
      'data.date_format',
    );
    expect((await failure(readText(`${HEADER}a,1,2024-01-31,5 apples\n${row}`))).remedy).toContain(
      'currency',
    );
    expect((await failure(readText(`${HEADER}a,1,2024-01-31,12,50\n${row}`))).remedy).toContain('semicolons');
    const latin1 = Buffer.from(`${HEADER}a,Müller,2024-01-31,5\n${row}`, 'latin1');
    expect((await failure(read(await folder.write('latin1.csv', latin1)))).remedy).toContain('as UTF-8');
  });

  test('for a gzip that was cut short, also where the cut falls between two lines', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => `o${i},${i % 97},2024-01-01,${i}`).join('\n');
    const whole = gzipSync(`${HEADER}${rows}\n`);
    const cut = await folder.write('cut.csv.gz', whole.subarray(0, whole.length >> 1));
    const noTrailer = await folder.write('trailer.csv.gz', whole.subarray(0, whole.length - 4));
    for (const path of [cut, noTrailer]) {
      const { code, message } = await failure(read(path));
      expect(code).toBe('ORDERS_FILE_CUT_SHORT');
      expect(message).toContain(path);
    }
  });

  test('for a quote that is never closed, instead of swallowing the rest of the file', async () => {
    const { message } = await failure(
      readText(`${HEADER}a,1,2024-01-01,5\nb,"2,2024-01-02,5\nc,3,2024-01-03,6\n`),
    );
    expect(message).toMatch(/Row 3 of .* opens a quote that is never closed/);
  });

  test('for a Parquet file that is none', async () => {
    expect((await failure(readText('not parquet', {}, 'o.parquet'))).code).toBe('ORDERS_FILE_DAMAGED');
  });

  test('above the limit of rejects: counts, first places, the file they are in', async () => {
    const { code, message, remedy } = await failure(
      readText(`${HEADER}a,1,2024-01-01,5\nb,1,2024-01-02,?\n`),
    );
    expect(code).toBe('ORDERS_REJECTED');
    expect(message).toContain(
      '1 of 2 rows cannot be used (50.00 %, the limit is 1.00 %): 1 unreadable_revenue (first: orders.csv row 3, "?")',
    );
    expect(remedy).toContain('rejects.csv');
  });

  test('with numbers that can be read', async () => {
    const rows = 'a,1,2024-01-01,5\n'.repeat(1_235);
    const { message } = await failure(readText(HEADER + rows));
    expect(message).toContain('1,234 of 1,235 rows cannot be used');
    expect(message).toContain(': 1,234 duplicate_order_id (first');
  });

  test('for NDJSON lines that are no JSON object: they are rejects, not guests', async () => {
    const order = '{"customer_id":"1","order_date":"2024-01-01","revenue":5}';
    const text = `${order}\n{"customer_id":\n42\nnull\n["1"]\n`;
    const { code, message } = await failure(readText(text, {}, 'o.ndjson'));
    expect(code).toBe('ORDERS_REJECTED');
    expect(message).toContain('4 of 5 rows cannot be used (80.00 %');
    expect(reasons()).toEqual([2, 3, 4, 5].map((row) => [row, 'malformed_row']));
  });

  test('for a first row that is empty', async () => {
    const text = `${HEADER}a,1,2024-01-01,5\n`;
    expect((await failure(readText(`\n${text}`))).message).toMatch(/^Row 1 of .* is empty/);
  });

  test('for a needed column that is there twice', async () => {
    const { code } = await failure(readText('customer_id,order_date,revenue,revenue\n1,2024-01-01,5,6\n'));
    expect(code).toBe('ORDERS_COLUMN_TWICE');
  });
});

test('more malformed rows than a call takes arguments are all told', async () => {
  const { message } = await failure(readText(`${HEADER}a,1,2024-01-01,1\n${'b,1\n'.repeat(130_000)}`));
  expect(message).toContain('130,000 of 130,001 rows cannot be used');
  expect(message.length).toBeLessThan(500);
});
