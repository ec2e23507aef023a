import { describe, expect, test } from 'vitest';
import {
  allocateHistory,
  type CustomerHistory,
  simulateCustomer,
} from '../../../src/domain/sample/purchases.ts';
import { openShop, type Shop } from '../../../src/domain/sample/shop.ts';
import type { ShopOptions } from '../../../src/domain/sample/shopOptions.ts';

const OPTIONS: ShopOptions = { seed: 3, months: 36, end: '2025-01-01' };
const CUSTOMERS = 20_000;

function forEachCustomer(shop: Shop, customers: number, visit: (history: CustomerHistory) => void): void {
  const columns = allocateHistory();
  for (let number = 1; number <= customers; number++) visit(simulateCustomer(shop, number, columns));
}

/** The customer's purchases as plain rows. */
function rowsOf({ purchases }: CustomerHistory): number[][] {
  return Array.from({ length: purchases.count }, (_, i) => [
    purchases.day[i]!,
    purchases.cents[i]!,
    purchases.returnDay[i]!,
    purchases.returnCents[i]!,
  ]);
}

describe('a simulated customer', () => {
  const shop = openShop(OPTIONS);

  test('is the same alone, after others, and in columns that were used before', () => {
    const columns = allocateHistory();
    const inTurn = Array.from({ length: 50 }, (_, i) => rowsOf(simulateCustomer(shop, i + 1, columns)));
    const backwards = Array.from({ length: 50 }, (_, i) => rowsOf(simulateCustomer(shop, 50 - i))).reverse();
    expect(backwards).toEqual(inTurn);
  });

  test('differs from other customers and between seeds', () => {
    const otherShop = openShop({ ...OPTIONS, seed: 4 });
    const histories = [1, 2, 3].flatMap((number) => [
      JSON.stringify(rowsOf(simulateCustomer(shop, number))),
      JSON.stringify(rowsOf(simulateCustomer(otherShop, number))),
    ]);
    expect(new Set(histories).size).toBe(6);
  });

  test('orders in time order, within the shop, from the first day until gone, for at least a cent', () => {
    forEachCustomer(shop, CUSTOMERS, ({ customer, purchases, guestPurchases }) => {
      const days = purchases.day.subarray(0, purchases.count);
      const cents = purchases.cents.subarray(0, purchases.count);
      const inOrder = days.every((day, i) => i === 0 || day >= days[i - 1]!);
      const isInShop = days[0] === customer.firstDay && days.at(-1)! < Math.min(shop.days, customer.goneDay);
      const guestsInShop = guestPurchases.day
        .subarray(0, guestPurchases.count)
        .every((day) => day >= 0 && day < shop.days);
      const isWholeCents = cents.every((value) => Number.isInteger(value) && value >= 1);
      expect([inOrder, isInShop, guestsInShop, isWholeCents]).toEqual([true, true, true, true]);
    });
  });

  test('gives back no more than the order, and only after it', () => {
    forEachCustomer(shop, CUSTOMERS, ({ purchases }) => {
      for (let i = 0; i < purchases.count; i++) {
        const returnCents = purchases.returnCents[i]!;
        const isReturned = purchases.returnDay[i]! >= 0;
        const isSound = isReturned
          ? purchases.returnDay[i]! > purchases.day[i]! &&
            returnCents >= 1 &&
            returnCents <= purchases.cents[i]!
          : returnCents === 0;
        if (!isSound)
          expect.fail(`return ${returnCents} of ${purchases.cents[i]} on day ${purchases.returnDay[i]}`);
      }
    });
  });

  test('is one of many: kinds, orders, returns, guests and one-time buyers have the shares of the design', () => {
    const kinds = { household: 0, replenisher: 0, business: 0 };
    let orders = 0;
    let returns = 0;
    let guests = 0;
    let oneTimeBuyers = 0;
    forEachCustomer(shop, CUSTOMERS, ({ customer, purchases, guestPurchases }) => {
      kinds[customer.kindInShop.kind.name]++;
      orders += purchases.count;
      guests += guestPurchases.count;
      if (purchases.count === 1) oneTimeBuyers++;
      for (let i = 0; i < purchases.count; i++) if (purchases.returnDay[i]! >= 0) returns++;
    });
    expect(kinds.household / CUSTOMERS).toBeCloseTo(0.875, 2);
    expect(kinds.replenisher / CUSTOMERS).toBeCloseTo(0.12, 2);
    expect(kinds.business / CUSTOMERS).toBeCloseTo(0.005, 2);
    expect(kinds.business).toBeGreaterThan(0);
    // With the returns that are rows too, 100,000 customers give about a million rows.
    expect((orders + returns) / CUSTOMERS).toBeGreaterThan(9.5);
    expect((orders + returns) / CUSTOMERS).toBeLessThan(10.5);
    expect(returns / orders).toBeCloseTo(0.05, 2);
    expect(guests / orders).toBeCloseTo(0.02, 2);
    expect(oneTimeBuyers / CUSTOMERS).toBeGreaterThan(0.2);
    expect(oneTimeBuyers / CUSTOMERS).toBeLessThan(0.35);
  });

  test('keeps a steadier rhythm as a replenisher than as a household', () => {
    const spreadOfGaps = { household: [] as number[], replenisher: [] as number[], business: [] as number[] };
    forEachCustomer(shop, CUSTOMERS, ({ customer, purchases }) => {
      if (purchases.count < 12) return;
      const days = purchases.day.subarray(0, purchases.count);
      const gaps = Array.from(days.subarray(1), (day, i) => day - days[i]!);
      const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
      const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / (gaps.length - 1);
      spreadOfGaps[customer.kindInShop.kind.name].push(Math.sqrt(variance) / mean);
    });
    const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    // Erlang gaps of four stages spread half as far as exponential ones.
    expect(average(spreadOfGaps.replenisher)).toBeLessThan(0.65);
    expect(average(spreadOfGaps.household)).toBeGreaterThan(0.85);
  });

  test('buys as before until a planted change, and at the changed rate after it', () => {
    const at = '2024-01-01';
    const changed = openShop({ ...OPTIONS, change: { at, factor: 0.5 } });
    const changeDay = shop.dates.indexOf(at);
    let ordersAfter = 0;
    let changedAfter = 0;
    for (let number = 1; number <= 5000; number++) {
      const [plainRows, changedRows] = [shop, changed].map((each) => rowsOf(simulateCustomer(each, number)));
      const isBefore = ([day]: number[]) => day! < changeDay;
      expect(changedRows!.filter(isBefore)).toEqual(plainRows!.filter(isBefore));
      // The first order is an arrival, which the change does not touch.
      ordersAfter += plainRows!.slice(1).filter((row) => !isBefore(row)).length;
      changedAfter += changedRows!.slice(1).filter((row) => !isBefore(row)).length;
    }
    expect(changedAfter / ordersAfter).toBeCloseTo(0.5, 1);
  });

  test('orders only once where the change stops all demand from the first day', () => {
    const closed = openShop({ ...OPTIONS, change: { at: '2022-01-01', factor: 0 } });
    forEachCustomer(closed, 100, ({ purchases }) => expect(purchases.count).toBe(1));
  });
});
