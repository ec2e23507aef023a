import { afterAll, beforeAll, expect, test } from 'vitest';
import { ALL_FEATURES, chooseFeatures } from '../../src/domain/features/chooseFeatures.ts';
import { columnOf } from '../../src/domain/features/matrix.ts';
import { EVERYTHING, HEADER, type OrdersReader, openOrdersReader } from '../ordersReader.ts';

const ORDERS = 16_000;
let reader: OrdersReader;

beforeAll(async () => {
  reader = await openOrdersReader();
});
afterAll(() => reader?.close());

test('sixteen thousand orders as large as an order may be have features', async () => {
  const row = (i: number, customer: string, revenue: number): string =>
    `${customer}${i},${customer},2024-01-01,${revenue}\n`;
  const rows = Array.from(
    { length: ORDERS },
    (_, i) => row(i, 'equal', 9e11) + row(i, 'two', i % 2 === 0 ? 9e11 : 8e11),
  );
  const book = await reader.readText(HEADER + rows.join(''));
  const features = chooseFeatures([ALL_FEATURES]);
  const { customerIds, matrix } = await book.features(EVERYTHING, { features, predMonths: 6 });
  expect(customerIds).toEqual(['equal', 'two']);
  expect([...columnOf(matrix, 'revenue_sum')]).toEqual([9e11 * ORDERS, 8.5e11 * ORDERS]);
  const [equal, two] = columnOf(matrix, 'std1_order_value');
  expect(equal).toBe(0);
  expect(two / (5e10 * Math.sqrt(ORDERS / (ORDERS - 1)))).toBeCloseTo(1, 12);
});
