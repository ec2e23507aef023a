import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClvError } from '../../src/domain/errors.ts';
import { HEADER, type OrdersReader, openOrdersReader } from '../ordersReader.ts';

let reader: OrdersReader;

beforeAll(async () => {
  reader = await openOrdersReader();
});
afterAll(() => reader?.close());

/** What a person is told of a file that cannot be used. */
function saidOf(reading: Promise<unknown>): Promise<string> {
  return reading.then(
    () => 'nothing',
    (error: ClvError) => error.toSentences(),
  );
}

describe('a person is told what to do about', () => {
  test.each([
    [
      '1,2024-01-01,10,a\n',
      /first row holds 1, 2024-01-01, 10, a, which looks like an order.*\n.*names of the columns in a row above/,
    ],
    ['a;31.01.2024;5\n', /looks like an order/],
    ['{"customer_id":"1","order_date":"2024-01-01"}\n', /is not CSV: its first row is JSON\.\n.*\.ndjson/],
    ['[\n', /its first row is JSON/],
    [
      `${HEADER}a,1,45292,5\nb,2,45293.5,6\n`,
      /numbers of days, as a spreadsheet holds them: 2 like 45292 \(first: .* row 2\)\.\n.*YYYY-MM-DD/,
    ],
  ])('a file that begins %j', async (text, says) => {
    expect(await saidOf(reader.readText(text))).toMatch(says);
  });

  test.each([
    ['https://example.com/orders.csv', /download what stands at the address/],
    ['~/orders.csv', /~ does not stand for a folder here/],
    ['nowhere/*.csv', /Hidden files have to be named/],
  ])('%s', async (source, says) => {
    expect(await saidOf(reader.read(source))).toMatch(says);
  });
});

test('a time with an offset that nowhere has is rejected, and one that somewhere has is not', async () => {
  const times = ['+14:00', '-1200', ' +05:45', '-03', '+25:00', '-1500', '+99'];
  const rows = times.map((offset, i) => `${i},${i},2024-01-05T12:00:00${offset},5\n`);
  await reader.readText(HEADER + rows.join(''), { maxRejectShare: 1 });
  expect(reader.rejects().map(({ orderDate, reason }) => [orderDate.slice(19), reason])).toEqual([
    ['+25:00', 'unreadable_date'],
    ['-1500', 'unreadable_date'],
    ['+99', 'unreadable_date'],
  ]);
});
