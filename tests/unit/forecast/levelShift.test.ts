import { describe, expect, test } from 'vitest';
import { addDays, addMonths } from '../../../src/domain/calendar/dates.ts';
import { windowDays } from '../../../src/domain/calendar/windows.ts';
import { learnSeason, type MonthOfOrders } from '../../../src/domain/forecast/season/learnSeason.ts';
import { factorsOfDays, type Season, seasonOfWindow } from '../../../src/domain/forecast/season/season.ts';
import { Random } from '../../../src/domain/random.ts';

const ANCHOR = '2026-05-01';
const CUSTOMERS = 2000;
const NOISE = 0.04;

interface Shop {
  /** Orders of a customer in 30 days, so many months before the anchor; 0 is the latest month. */
  readonly rate: (age: number) => number;
  readonly months?: number;
  /** Customers of the year before that never come back, beside the usual ones. */
  readonly crowd?: (age: number) => number;
  readonly seed?: number;
}

/** What a shop learns of its months, which vary by chance. */
function learn({ rate, months = 36, crowd = () => 0, seed = 1 }: Shop): Season | null {
  const random = new Random(seed);
  const past = Array.from({ length: months }, (_, age): MonthOfOrders => {
    const days = windowDays({ start: addMonths(ANCHOR, -1 - age), end: addMonths(ANCHOR, -age) });
    const orders = Math.round(CUSTOMERS * rate(age) * (days / 30) * Math.exp(NOISE * random.normal()));
    return { customers: CUSTOMERS + crowd(age), orders, regulars: CUSTOMERS, ordersOfRegulars: orders };
  });
  return learnSeason(past, ANCHOR);
}

const monthOf = (age: number): string => addMonths(ANCHOR, -1 - age).slice(5, 7);
const seasonal = (age: number): number =>
  0.5 * (monthOf(age) === '12' ? 2 : 1) * (monthOf(age) === '08' ? 0.7 : 1);
/** The usual season, with so many times as many orders in the latest months. */
const changed = (months: number, factor: number) => (age: number) =>
  seasonal(age) * (age < months ? factor : 1);

describe('a change of how often customers order', () => {
  test.each([
    [3, 0.5],
    [4, 0.65],
    [5, 1.6],
    [9, 2],
    [14, 0.6],
    [18, 1.5],
  ])('that came %d months ago by a factor of %d is found, and is no season', (months, factor) => {
    const found = learn({ rate: changed(months, factor) });
    expect(found?.shift?.from).toBe(addMonths(ANCHOR, -months));
    expect(Math.abs(Math.log((found?.shift?.factor ?? 0) / factor))).toBeLessThan(0.12);
    const index = learn({ rate: seasonal })?.index ?? [];
    for (const [month, usual] of index.entries())
      expect(Math.abs(Math.log((found?.index[month] ?? 0) / usual))).toBeLessThan(0.1);
  });

  // Here one that came a year before it, in the other direction, would explain the months just as well.
  test.each([
    [3, 22],
    [3, 27],
    [4, 28],
    [5, 26],
    [6, 25],
    [6, 30],
  ])('that came %d months ago is found in %d months', (age, months) => {
    for (let seed = 1; seed <= 20; seed++)
      for (const factor of [0.5, 1.7])
        expect(learn({ rate: changed(age, factor), months, seed })?.shift?.from).toBe(
          addMonths(ANCHOR, -age),
        );
  });

  test('that came 15 months ago is found in 27 months, where one of 3 months ago would explain them as well', () => {
    for (let seed = 1; seed <= 20; seed++)
      for (const factor of [0.5, 1.7])
        expect(learn({ rate: changed(15, factor), months: 27, seed })?.shift?.from).toBe(
          addMonths(ANCHOR, -15),
        );
  });

  test('is found where nothing varies by chance', () => {
    for (let months = 20; months <= 30; months++)
      for (const perDay of [700, 2500]) {
        const past = Array.from({ length: months }, (_, age): MonthOfOrders => {
          const days = windowDays({ start: addMonths(ANCHOR, -1 - age), end: addMonths(ANCHOR, -age) });
          const orders = days * (age < 4 ? perDay : 1000);
          return { customers: 10_000, orders, regulars: 10_000, ordersOfRegulars: orders };
        });
        expect(learnSeason(past, ANCHOR)?.shift?.from).toBe(addMonths(ANCHOR, -4));
      }
  });

  test('is found in a shop without a season, whose twelve factors are then 1', () => {
    const shops = Array.from({ length: 20 }, (_, seed) =>
      learn({ rate: (age) => (age < 6 ? 0.25 : 0.5), seed }),
    );
    expect(shops.every((season) => season?.shift !== null)).toBe(true);
    expect(shops.some((season) => season?.index.every((factor) => factor === 1))).toBe(true);
  });

  const lasting = (from: number, to: number, factor: number) => (age: number) =>
    seasonal(age) * (age >= to && age < from ? factor : 1);
  test.each<[string, Shop]>([
    ['that passed a month ago', { rate: lasting(4, 1, 1.8) }],
    ['that passed half a year ago', { rate: lasting(10, 6, 0.5) }],
    ['of two months, which may pass', { rate: changed(2, 1.8) }],
    ['of a tenth', { rate: changed(6, 0.9) }],
    ['that comes every year', { rate: (age) => seasonal(age) * (age % 12 < 4 ? 1.8 : 1) }],
    ['that is a steady growth', { rate: (age) => seasonal(age) * 1.03 ** -age }],
    ['of two years ago, which looks like another a year later', { rate: changed(24, 0.5), months: 33 }],
    ['in a shop too young to tell it from Christmas', { rate: changed(4, 1.8), months: 14 }],
    [
      'that is a crowd of new customers, who do not come back',
      { rate: seasonal, crowd: (age) => (age < 5 ? CUSTOMERS : 0) },
    ],
  ])('%s is not believed', (_, shop) => {
    for (let seed = 1; seed <= 20; seed++) expect(learn({ ...shop, seed })?.shift ?? null).toBeNull();
  });

  test('is seen by chance in none of a thousand shops', () => {
    let seen = 0;
    for (let seed = 0; seed < 1000; seed++)
      if (learn({ rate: seasonal, months: 18 + (seed % 19), seed })?.shift) seen++;
    expect(seen).toBe(0);
  });
});

describe('factors', () => {
  const usual: Season = {
    anchor: '2026-01-01',
    index: [0.8, 1.2, ...new Array<number>(10).fill(1)],
    shift: null,
  };
  const season: Season = { ...usual, shift: { from: '2025-11-10', until: null, factor: 0.5 } };

  test('of days before a change are those of the level of then, and later ones are as ever', () => {
    const window = { start: '2025-02-20', end: '2026-03-01' };
    const [before, after] = [usual, season].map((it) => factorsOfDays(it, window));
    before.forEach((factor, day) => {
      const date = addDays(window.start, day);
      expect(after[day]).toBeCloseTo(factor * (date < '2025-11-10' ? 2 : 1), 12);
    });
  });

  test('of days of a change that is over are those of the level of then, and all others are as ever', () => {
    const shift = { from: '2025-03-10', until: '2025-11-10', factor: 0.5 };
    const window = { start: '2025-02-20', end: '2026-03-01' };
    const [asEver, found] = [usual, { ...usual, shift }].map((it) => factorsOfDays(it, window));
    asEver.forEach((factor, day) => {
      const date = addDays(window.start, day);
      expect(found[day]).toBeCloseTo(factor * (date >= shift.from && date < shift.until ? 0.5 : 1), 12);
    });
  });

  test('of a window are the mean of its days, on both sides of a change', () => {
    expect(seasonOfWindow(season, { start: '2025-11-08', end: '2025-11-12' })).toBeCloseTo(1.5, 12);
    expect(seasonOfWindow(season, { start: '2026-02-01', end: '2026-03-01' })).toBeCloseTo(1.2, 12);
  });
});
