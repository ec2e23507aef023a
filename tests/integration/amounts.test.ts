import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DecimalMark, OrdersSettings } from '../../src/orders/settings.ts';
import { Duck } from '../../src/tables/duck.ts';
import { customersOf, failureOf, HEADER, type OrdersReader, openOrdersReader } from '../ordersReader.ts';
import { ordersSettings } from '../ordersSettings.ts';

let reader: OrdersReader;

beforeEach(async () => {
  reader = await openOrdersReader();
});
afterEach(() => reader.close());

/** One row for each amount; the customer is its number, from 1. */
function rowsOf(amounts: readonly string[]): string {
  return HEADER + amounts.map((amount, i) => `o${i},${i + 1},2024-01-01,"${amount}"\n`).join('');
}

/** What each amount is read as; null where it is rejected. A last row makes sure that there is an order. */
async function readAmounts(
  amounts: readonly string[],
  decimalMark: DecimalMark | null,
): Promise<(number | null)[]> {
  const text = rowsOf([...amounts, decimalMark === ',' ? '0,5' : '0.5']);
  const customers = await customersOf(await reader.readText(text, { decimalMark, maxRejectShare: 1 }));
  expect(reader.rejects().every((reject) => reject.reason === 'unreadable_revenue')).toBe(true);
  return amounts.map((_, i) => customers[i + 1] ?? null);
}

type Readings = readonly (readonly [
  amount: string,
  unsaid: number | null,
  point: number | null,
  comma: number | null,
])[];

async function expectReadings(readings: Readings): Promise<void> {
  const amounts = readings.map(([amount]) => amount);
  const unsaid = await readAmounts(amounts, null);
  const point = await readAmounts(amounts, '.');
  const comma = await readAmounts(amounts, ',');
  expect(amounts.map((amount, i) => [amount, unsaid[i], point[i], comma[i]])).toEqual(readings);
}

describe('an amount', () => {
  test('has the mark before its decimals that the config names, and is never read in two ways', () =>
    expectReadings([
      ['12.50', 12.5, 12.5, null],
      ['12,50', null, null, 12.5],
      ['1,234', null, 1234, 1.234],
      ['1.234', 1.234, 1.234, 1234],
      ['1,234.50', 1234.5, 1234.5, null],
      ['1.234,50', null, null, 1234.5],
      ['1,234,567', 1234567, 1234567, null],
      ['1.234.567', null, null, 1234567],
      ['0,125', null, null, 0.125],
      ['0.125', 0.125, 0.125, null],
      ['01.234', 1.234, 1.234, null],
      ['1234,567.8', null, null, null],
      ['1,23,456.50', null, null, null],
      ['1,234,56', null, null, null],
      ['12.345,6', null, null, 12345.6],
      ['1234', 1234, 1234, 1234],
    ]));

  test('may have thousands apart by blanks or apostrophes, in groups of three', () =>
    expectReadings([
      ['1 234.50', 1234.5, 1234.5, null],
      ['1\u00a0234,50', null, null, 1234.5],
      ['1\u202f234\u202f567', 1234567, 1234567, 1234567],
      ["1'234.50", 1234.5, 1234.5, null],
      ['1’234', 1234, 1234, 1234],
      ['1 2345', null, null, null],
      ['12 13', null, null, null],
      ['1,234 567', null, null, null],
    ]));

  test('may have a currency beside it, and is negative behind a minus, before one, or in parentheses', () =>
    expectReadings([
      ['$12.50', 12.5, 12.5, null],
      ['-$12.50', -12.5, -12.5, null],
      ['12.50-', -12.5, -12.5, null],
      ['($12.50)', -12.5, -12.5, null],
      ['$ (1,234.50)', -1234.5, -1234.5, null],
      ['\u221212,50', null, null, -12.5],
      ['$ 1.234,50', null, null, 1234.5],
      ['12,50- $', null, null, -12.5],
      ['$1,234', null, 1234, 1.234],
    ]));

  test('may have a currency of letters', async () => {
    for (const [amount, is] of [
      ['12,50 EUR', 12.5],
      ['R$ 1.234,50', 1234.5],
      ['1 234,50 kr.', 1234.5],
      ['Fr. 12', 12],
      ['zł -5', -5],
    ] as const)
      expect([amount, await readAmounts([amount], ',')]).toEqual([amount, [is]]);
  });

  test('that is more or less than an amount is refused rather than cut to one', () =>
    expectReadings(
      [
        '12,-',
        '12.-',
        '12.50 CR',
        '5 Mio',
        '5k',
        '12 %',
        '(-5)',
        '-5-',
        '--5',
        '(5',
        '5)',
        '$5 $',
        '1_000',
        '0x10',
        'Infinity',
        '１２',
        '5 eur',
        '',
        '€',
      ].map((amount) => [amount, null, null, null]),
    ));

  test('as computers write it is read as ever', () =>
    expectReadings([
      ['1e5', 1e5, 1e5, 1e5],
      ['-0', 0, 0, 0],
      [' 12 ', 12, 12, 12],
      ['+5', 5, 5, 5],
      ['.5', 0.5, 0.5, null],
      ['1e400', null, null, null],
      ['4999999999', 4999999999, 4999999999, 4999999999],
      ['1000000000000', null, null, null],
    ]));

  test('of quantity times price has decimals as the config says in both, and a currency in the price alone', async () => {
    const columns: OrdersSettings['columns'] = {
      ...ordersSettings({ source: '' }).columns,
      revenue: { quantity: 'quantity', unitPrice: 'price' },
    };
    const text =
      'order_id;customer_id;order_date;quantity;price\na;1;2024-01-01;1,5;€ 1.234,00\nb;2;2024-01-01;2-;12,50\nc;3;2024-01-01;€ 2;12,50\n';
    const book = await reader.readText(text, { columns, decimalMark: ',', maxRejectShare: 0.5 });
    expect(await customersOf(book)).toEqual({ '1': 1851, '2': -25 });
    expect(reader.rejects()).toMatchObject([{ row: 4, revenue: '€ 2 x 12,50' }]);
  });
});

describe('numbers that are no text', () => {
  test('have a point in Parquet, whatever mark the config names', async () => {
    const path = `${reader.folder.home.root}/o.parquet`;
    const duck = await Duck.open({ threads: 1 });
    for (const [type, revenue] of [
      ['DOUBLE', 1.234],
      ['FLOAT', 0.5],
      ['DECIMAL(18, 3)', 1.234],
      ['DECIMAL(38, 10)', 1234.5],
      ['BIGINT', 1234],
      ['UTINYINT', 12],
    ] as const) {
      await duck.run(`COPY (SELECT 1 AS customer_id, DATE '2024-01-01' AS order_date, ${revenue}::${type} AS revenue)
        TO '${path}' (FORMAT parquet)`);
      for (const decimalMark of [null, '.', ','] as const)
        expect([type, await customersOf(await reader.read(path, { decimalMark }))]).toEqual([
          type,
          { '1': revenue },
        ]);
    }
    await duck.run(`COPY (SELECT 1 AS customer_id, DATE '2024-01-01' AS order_date, '1.234' AS revenue)
      TO '${path}' (FORMAT parquet)`);
    duck.close();
    expect(await customersOf(await reader.read(path, { decimalMark: ',' }))).toEqual({ '1': 1234 });
  });

  test('have a point in NDJSON, and text beside them has the mark that the config names', async () => {
    const text = [1.234, '1.234', '12,5', 1e3].map((revenue, i) =>
      JSON.stringify({ customer_id: i, order_date: '2024-01-01', revenue }),
    );
    const book = await reader.readText(text.join('\n'), { decimalMark: ',' }, 'o.ndjson');
    expect(await customersOf(book)).toEqual({ '0': 1.234, '1': 1234, '2': 12.5, '3': 1000 });
  });
});

describe('amounts that cannot be read get a sentence', () => {
  const sayOf = (amounts: readonly string[], decimalMark: DecimalMark | null = null) =>
    failureOf(reader.readText(rowsOf(amounts), { decimalMark }));

  test('with the mark to name', async () => {
    expect(await sayOf(['12,50', '1.234,50', '7', '1,234'])).toMatchObject({
      code: 'ORDERS_AMOUNT_FORMAT',
      message: 'Amounts are written in a way that has to be named: 2 like 12,50 (first: orders.csv row 2).',
      remedy: 'Set data.decimal_mark in config/model_config.yaml to ",".',
    });
    expect((await sayOf(['€ 12.50', '1,234.50'], ',')).remedy).toContain('to "."');
    expect((await sayOf(['12,50 €'], '.')).remedy).toContain('to ","');
  });

  test('with both meanings where each could be meant', async () => {
    const { code, message, remedy } = await sayOf(['7', '1,234']);
    expect(code).toBe('ORDERS_AMOUNTS_AMBIGUOUS');
    expect(message).toBe('Amounts can be read in two ways: 1 like 1,234 (first: orders.csv row 3).');
    expect(remedy).toContain(
      'to "." if 1,234 is more than a thousand, and to "," if it is little more than one',
    );
  });

  test('where points have three digits behind them and nothing tells what they stand for', async () => {
    const { code, message, remedy } = await sayOf(['950', '1.234', '12.000', '7']);
    expect(code).toBe('ORDERS_AMOUNTS_AMBIGUOUS');
    expect(message).toContain('2 like 1.234 (first: orders.csv row 3), and no other tells');
    expect(remedy).toContain(
      'to "," if 1.234 is more than a thousand, and to "." if it is little more than one',
    );
    const revenueOf = async (amounts: readonly string[], decimalMark: DecimalMark | null): Promise<number> =>
      (await reader.readText(rowsOf(amounts), { decimalMark })).report.revenue;
    expect(await revenueOf(['950', '1.234'], ',')).toBe(2184);
    expect(await revenueOf(['950', '1.234'], '.')).toBe(951.234);
    // A decimal of another length tells, and so does a thousand that is written in one.
    expect(await revenueOf(['0.250', '1.234'], null)).toBe(1.484);
    expect(await revenueOf(['1250', '1.234'], null)).toBe(1251.234);
  });

  test('where both marks occur', async () => {
    const { code, message } = await sayOf(['12.50', '13,50', '14,50']);
    expect(code).toBe('ORDERS_AMOUNTS_MIXED');
    expect(message).toContain(
      '1 like 12.50 (first: orders.csv row 2); 2 like 13,50 (first: orders.csv row 3)',
    );
  });

  test('where the currencies differ, however few they are', async () => {
    const { code, message } = await failureOf(
      reader.readText(rowsOf(['$12.50', '5', '€12.50', '$1']), { maxRejectShare: 1 }),
    );
    expect(code).toBe('ORDERS_CURRENCIES_MIXED');
    expect(message).toContain('2 in $ (first: orders.csv row 2); 1 in € (first: orders.csv row 4)');
  });

  test('of their own: a few of them are rejects, and dates that are unreadable are told first', async () => {
    const few = rowsOf([...Array.from({ length: 199 }, () => '5.25'), '12,50']);
    expect((await reader.readText(few)).report.rejectsByReason).toEqual({ unreadable_revenue: 1 });
    const dates = `${HEADER}a,1,31.01.2024,5\nb,1,31.01.2024,"12,50"\n`;
    expect((await failureOf(reader.readText(dates))).code).toBe('ORDERS_DATE_FORMAT');
  });
});
