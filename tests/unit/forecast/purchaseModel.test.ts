import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ComputePool, createComputePool } from '../../workers/pool.ts';

const NEW = 1200;
const OLD = 300;

let pool: ComputePool;
beforeAll(() => {
  pool = createComputePool({ threads: 1 });
});
afterAll(() => pool?.close());

/** New customers who bought once, or again where said, and old ones who did. */
function summaryOf(doNewOnesComeBack: boolean) {
  const age = (i: number): number => (i < NEW ? 30 : 150);
  const comesBack = (i: number): boolean => (i < NEW ? doNewOnesComeBack : true) && i % 3 > 0;
  const column = (of: (i: number) => number) => Float64Array.from({ length: NEW + OLD }, (_, i) => of(i));
  return {
    repeatPurchases: column((i) => (comesBack(i) ? 1 + (i % 5) : 0)),
    recencyWeeks: column((i) => (comesBack(i) ? age(i) - 1 - (i % 20) : 0)),
    ageWeeks: column(age),
    meanRepeatValue: column((i) => (comesBack(i) ? 20 + (i % 7) : Number.NaN)),
  };
}

test('a purchase model is fitted on the customers who came lately, and on all where nobody of those came back', async () => {
  expect(await pool.run('fitBtydTask', { summary: summaryOf(true) })).toMatchObject({ customers: NEW });
  expect(await pool.run('fitBtydTask', { summary: summaryOf(false) })).toMatchObject({
    customers: NEW + OLD,
    repeatCustomers: 200,
  });
});
