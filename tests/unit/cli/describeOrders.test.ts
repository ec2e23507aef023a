import { expect, test } from 'vitest';
import { describeOrders } from '../../../src/cli/summaries.ts';
import type { OrdersReport, OutlyingOrder } from '../../../src/orders/report.ts';

const report: OrdersReport = {
  files: ['orders.csv'],
  rowsRead: 1000,
  guestRows: 0,
  guestRowsById: {},
  guestRevenue: 0,
  rejectedRows: 0,
  rejectsByReason: {},
  acceptedRows: 1000,
  orders: 1000,
  returns: 0,
  customers: 400,
  revenue: 2_000_000,
  firstDate: '2025-01-01',
  openingDate: '2025-01-01',
  lastDate: '2025-12-31',
};
const order = (customerId: string, revenue: number): OutlyingOrder => ({
  customerId,
  day: '2025-07-31',
  revenue,
  times: revenue / 2000,
});

test('stray orders are named, with the day that the shop is taken to have opened on', () => {
  const strayOrders = [{ customerId: 'a', day: '2022-01-05' }];
  expect(describeOrders({ ...report, firstDate: '2022-01-05', strayOrders }).slice(2)).toEqual([
    'Look at    the order of customer a on 2022-01-05, long before all others. If it is a slip, correct it in the file; the shop is taken to have opened on 2025-01-01',
  ]);
});

test('an order is compared with those of customers who have no such order themselves', () => {
  const linesOf = (outlyingOrders: OutlyingOrder[]) => describeOrders({ ...report, outlyingOrders }).slice(2);
  expect(linesOf([order('a', 1_000_000)])).toEqual([
    expect.stringContaining('customer a on 2025-07-31: 500 times the largest order of any other customer.'),
  ]);
  expect(linesOf([order('a', 1_000_000), order('b', 900_000)])).toEqual([
    expect.stringContaining('500 times the largest order of any customer without such an order.'),
    expect.stringContaining('450 times the largest order of any customer without such an order.'),
  ]);
});
