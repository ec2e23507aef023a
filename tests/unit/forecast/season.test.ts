import { describe, expect, test } from 'vitest';
import { addMonths, toEpochDay } from '../../../src/domain/calendar/dates.ts';
import { learnSeason, type MonthOfOrders } from '../../../src/domain/forecast/season/learnSeason.ts';
import { type Season, seasonOfWindow } from '../../../src/domain/forecast/season/season.ts';
import { Random } from '../../../src/domain/random.ts';

/** From March on: twice as much in December, less elsewhere. */
const season: Season = {
  anchor: '2024-03-01',
  shift: null,
  index: [10, 10, 10, 10, 10, 10, 10, 10, 10, 22, 10, 10].map((it) => it / 11),
};
const DECEMBER = 2;
const OTHER = 10 / 11;

describe('the season of a window', () => {
  test('is 1 over a whole year, and where there is no season', () => {
    const year = { start: '2026-07-15', end: '2027-07-15' };
    expect(seasonOfWindow(season, year)).toBeCloseTo(1, 2);
    expect(seasonOfWindow(null, year)).toBe(1);
  });

  test('weighs its months by their days, years before and after the anchor alike', () => {
    for (const year of [2019, 2024, 2031]) {
      expect(seasonOfWindow(season, { start: `${year}-12-01`, end: `${year + 1}-01-01` })).toBeCloseTo(
        DECEMBER,
        12,
      );
      expect(seasonOfWindow(season, { start: `${year}-11-21`, end: `${year}-12-11` })).toBeCloseTo(
        (DECEMBER + OTHER) / 2,
        12,
      );
    }
  });

  test('knows months that begin in the middle of one, and at the end of short ones', () => {
    const shifted = { ...season, anchor: '2024-03-31' };
    // The tenth month begins with the 31st of December; the second with the 30th of April.
    expect(seasonOfWindow(shifted, { start: '2025-12-30', end: '2026-01-01' })).toBeCloseTo(
      (OTHER + DECEMBER) / 2,
      12,
    );
    expect(seasonOfWindow(shifted, { start: '2025-02-27', end: '2025-03-31' })).toBeCloseTo(OTHER, 12);
  });

  test('of an empty window changes nothing', () => {
    expect(seasonOfWindow(season, { start: '2025-12-01', end: '2025-12-01' })).toBe(1);
  });
});

describe('learning a season', () => {
  const ANCHOR = '2026-05-01';
  /** Months before the anchor, latest first, with so many orders in 30 days. */
  const months = (count: number, orders: (age: number) => number, customers = () => 1000): MonthOfOrders[] =>
    Array.from({ length: count }, (_, age) => {
      const month = { customers: customers(), orders: (orders(age) * daysOf(age)) / 30 };
      return { ...month, regulars: month.customers, ordersOfRegulars: month.orders };
    });
  const daysOf = (age: number): number =>
    toEpochDay(addMonths(ANCHOR, -age)) - toEpochDay(addMonths(ANCHOR, -1 - age));
  const isDecember = (age: number): boolean => addMonths(ANCHOR, -1 - age).slice(5, 7) === '12';

  test('finds the month in which customers order twice as much, whatever the shop grows by', () => {
    const grown = (age: number): number => 4000 * 1.02 ** -age * (isDecember(age) ? 2 : 1);
    const found = learnSeason(months(36, grown), ANCHOR);
    expect(found?.anchor).toBe(ANCHOR);
    const december = { start: '2026-12-01', end: '2027-01-01' };
    const june = { start: '2026-06-01', end: '2026-07-01' };
    expect(seasonOfWindow(found, december) / seasonOfWindow(found, june)).toBeCloseTo(2, 3);
    expect(seasonOfWindow(found, { start: ANCHOR, end: addMonths(ANCHOR, 12) })).toBeCloseTo(1, 12);
  });

  test('finds it as soon as a quarter of the year has come twice, growth taken out', () => {
    const grown = (age: number): number => 4000 * 1.02 ** -age * (isDecember(age) ? 2 : 1);
    const found = learnSeason(months(15, grown), ANCHOR);
    const december = { start: '2026-12-01', end: '2027-01-01' };
    for (const month of ['2026-05', '2026-09', '2027-03']) {
      const other = { start: `${month}-01`, end: addMonths(`${month}-01`, 1) };
      expect(seasonOfWindow(found, december) / seasonOfWindow(found, other)).toBeCloseTo(2, 3);
    }
  });

  test('does not take months in which the shop was closed for quiet ones', () => {
    const isClosed = (age: number): boolean => age >= 7 && age < 11;
    const orders = (age: number): number => 1000 * (isDecember(age) ? 2 : 1);
    const open = learnSeason(months(36, orders), ANCHOR);
    for (const left of [0, 0.1]) {
      const closed = learnSeason(
        months(36, (age) => (isClosed(age) ? left : 1) * orders(age)),
        ANCHOR,
      );
      open?.index.forEach((factor, month) => {
        expect(closed?.index[month]).toBeCloseTo(factor, 4);
      });
    }
    // A shop that closes every year has a season, and where few orders are to be expected none may be chance.
    const summers = learnSeason(
      months(36, (age) => (isClosed(age % 12) ? 0 : 1000)),
      ANCHOR,
    );
    expect(Math.min(...(summers?.index ?? []))).toBeLessThan(0.01);
    const small = months(36, (age) => (isClosed(age) ? 1 : 10));
    expect(Math.min(...(learnSeason(small, ANCHOR)?.index ?? []))).toBeLessThan(0.95);
  });

  test('says nothing where the shop was open for too few months', () => {
    const closed = (age: number): number => (age < 12 ? 0 : 1000 * (isDecember(age) ? 2 : 1));
    expect(learnSeason(months(26, closed), ANCHOR)).toBeNull();
    expect(learnSeason(months(27, closed), ANCHOR)).not.toBeNull();
  });

  test('does not take more customers for more orders of each', () => {
    let customers = 100;
    const growing = months(
      24,
      () => 0,
      () => customers++,
    ).map((month, age) => ({ ...month, orders: (month.customers * daysOf(age)) / 10 }));
    const found = learnSeason(growing, ANCHOR);
    for (const factor of found?.index ?? [1]) expect(factor).toBeCloseTo(1, 2);
  });

  test('does not take short months for quiet ones', () => {
    const found = learnSeason(
      months(36, (age) => 50_000 * (isDecember(age) ? 2 : 1)),
      ANCHOR,
    );
    const factorOf = (month: string): number =>
      seasonOfWindow(found, { start: `${month}-01`, end: addMonths(`${month}-01`, 1) });
    expect(factorOf('2027-02')).toBeCloseTo(factorOf('2027-03'), 4);
  });

  test('believes little of what chance explains, and nothing of one good year', () => {
    const random = new Random(3);
    let largest = 0;
    for (let shop = 0; shop < 50; shop++) {
      const found = learnSeason(
        months(36, () => 100 * Math.exp(0.3 * (random.uniform() - 0.5))),
        ANCHOR,
      );
      largest = Math.max(largest, ...(found?.index ?? [1]).map((factor) => Math.abs(factor - 1)));
    }
    // Unshrunk, the largest of these effects is above 0.15.
    expect(largest).toBeLessThan(0.1);
    expect(
      learnSeason(
        months(14, (age) => (isDecember(age) ? 2000 : 1000)),
        ANCHOR,
      ),
    ).toBeNull();
  });

  test('says nothing of months without customers', () => {
    expect(
      learnSeason(
        months(
          24,
          () => 0,
          () => 0,
        ),
        ANCHOR,
      ),
    ).toBeNull();
  });
});
