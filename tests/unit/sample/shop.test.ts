import { describe, expect, test } from 'vitest';
import { openShop } from '../../../src/domain/sample/shop.ts';
import { InvalidSampleOptionError, type ShopOptions } from '../../../src/domain/sample/shopOptions.ts';

const OPTIONS: ShopOptions = { seed: 1, months: 36, end: '2025-01-01' };

describe('the shop', () => {
  test('has the months before its end, the end not included', () => {
    const shop = openShop(OPTIONS);
    expect(shop.dates[0]).toBe('2022-01-01');
    expect(shop.dates[shop.days - 1]).toBe('2024-12-31');
    expect(shop.dates).toHaveLength(shop.days);
  });

  test('clamps the day where a month is too short', () => {
    expect(openShop({ ...OPTIONS, months: 6, end: '2024-08-31' }).dates[0]).toBe('2024-02-29');
  });

  test('knows the days of a truth window that reaches beyond its end', () => {
    const shop = openShop({ ...OPTIONS, truth: { cutoff: '2024-10-01', predMonths: 6 } });
    expect(shop.dates[shop.truth!.cutoffDay]).toBe('2024-10-01');
    expect(shop.dates[shop.truth!.endDay - 1]).toBe('2025-03-31');
    expect(shop.days).toBe(openShop(OPTIONS).days);
  });

  test('holds its promotions a few weeks a year, on the same days for the same seed and year', () => {
    const promotionDays = (options: ShopOptions) => {
      const shop = openShop(options);
      return shop.dates.slice(0, shop.days).filter((_, day) => shop.kinds[0]!.basket[day]! < 1);
    };
    const threeYears = promotionDays(OPTIONS);
    expect(threeYears.length / 3).toBeGreaterThan(28);
    expect(threeYears.length / 3).toBeLessThan(45);
    expect(promotionDays({ ...OPTIONS, months: 12 })).toEqual(threeYears.filter((date) => date >= '2024'));
    expect(promotionDays({ ...OPTIONS, seed: 2 })).not.toEqual(threeYears);
  });

  test('sells most before Christmas, and more to households than to others', () => {
    const shop = openShop(OPTIONS);
    const demandOf = (kind: number, month: string) => {
      const days = shop.dates.flatMap((date, day) => (date.slice(5, 7) === month ? [day] : []));
      return days.reduce((sum, day) => sum + shop.kinds[kind]!.demand.weightOf(day), 0) / days.length;
    };
    expect(demandOf(0, '12') / demandOf(0, '07')).toBeGreaterThan(1.7);
    expect(demandOf(1, '12') / demandOf(1, '07')).toBeLessThan(1.3);
  });

  test('multiplies demand from the planted change on, and only from then', () => {
    const plain = openShop(OPTIONS);
    const changed = openShop({ ...OPTIONS, change: { at: '2024-03-01', factor: 0.5 } });
    const changeDay = plain.dates.indexOf('2024-03-01');
    for (const [i, { demand }] of changed.kinds.entries()) {
      const before = plain.kinds[i]!.demand;
      for (let day = 0; day < plain.days; day++) {
        const factor = day < changeDay ? 1 : 0.5;
        expect(demand.weightOf(day)).toBeCloseTo(before.weightOf(day) * factor, 9);
      }
    }
    expect(changed.arrivals.cumulative).toEqual(plain.arrivals.cumulative);
  });

  test.each<[string, Partial<ShopOptions>]>([
    ['seed', { seed: -1 }],
    ['seed', { seed: 1.5 }],
    ['months', { months: 0 }],
    ['months', { months: Number.NaN }],
    ['end', { end: '01/02/2025' }],
    ['end', { end: '2025-02-30' }],
    ['end', { end: '1002-12-31' }],
    ['change-factor', { change: { at: '2024-01-01', factor: -0.1 } }],
    ['change-at', { change: { at: '2019-01-01', factor: 2 } }],
    ['change-at', { change: { at: '2025-01-01', factor: 2 } }],
    ['truth cutoff', { truth: { cutoff: '2022-01-01', predMonths: 6 } }],
    ['truth cutoff', { truth: { cutoff: '2025-01-02', predMonths: 6 } }],
    ['truth pred-months', { truth: { cutoff: '2024-01-01', predMonths: 0 } }],
  ])('refuses an impossible %s by name: %o', (option, wrong) => {
    const open = () => openShop({ ...OPTIONS, ...wrong });
    expect(open).toThrow(InvalidSampleOptionError);
    expect(open).toThrow(`The sample option "${option}" must be`);
  });
});
