/**
 * Shops whose customers come about once a year, or twice: few of them can have come back in the first year and a half, and
 * when they come does not depend on how long they have been silent, but on the date.
 */
import { type Customer, drawn, type KindOfShop, steady, varying, yearAt } from './variedShops.ts';

const YEAR = 365.25;
const basket = varying(0.4);

/** The days from `day` until the next date of the year, at least one. @param date a part of the year, 0 to 1. */
const daysUntil = (day: number, date: number): number => {
  const left = Math.round(((date - yearAt(day) + 1) % 1) * YEAR);
  return left === 0 ? Math.round(YEAR) : left;
};

/**
 * A customer who may come on the day in `memory`, with a chance of `rate` times that of the day, and then leaves with a chance of
 * `leaves`; `next` tells the day after that.
 */
const onTheDay =
  (
    leaves: number,
    next: (day: number, normal: number) => number,
    chance: (day: number) => number = steady,
  ): KindOfShop['live'] =>
  (customer, day, random) => {
    if (customer.alive === 0 || day < customer.memory) return 0;
    customer.memory = day + Math.max(1, next(day, random.normal()));
    const comes = random.uniform() < customer.rate * chance(day);
    if (random.uniform() < leaves) customer.alive = 0;
    return comes ? basket(customer, day, random) : 0;
  };

const meeting =
  (rate: number, value: number, first: (arrived: number, normal: number) => number): KindOfShop['meet'] =>
  (random, arrived): Customer => {
    const customer = drawn(rate, 0.3, value, 0.5)(random, arrived);
    return { ...customer, memory: arrived + Math.max(1, first(arrived, random.normal())) };
  };

const inAYear = (_: number, normal: number): number => Math.round(YEAR + 12 * normal);
/** Appeals go out in June and in December. */
const toNextAppeal = (day: number, normal: number): number =>
  Math.min(daysUntil(day, 0.45), daysUntil(day, 0.93)) + Math.round(6 * Math.abs(normal));
const toNextTyres = (day: number, normal: number): number =>
  Math.min(daysUntil(day, 0.27), daysUntil(day, 0.8)) + Math.round(10 * Math.abs(normal));

/** Families who book each year around the same day, donors who answer two appeals a year, and a garage that changes tyres. */
export const YEARLY_KINDS: readonly KindOfShop[] = [
  {
    name: 'holidays',
    customers: 8000,
    arrivals: steady,
    meet: meeting(0.5, 600, inAYear),
    order: basket,
    live: onTheDay(0.1, inAYear),
  },
  {
    name: 'donors',
    customers: 8000,
    arrivals: (day) => (yearAt(day) > 0.9 ? 5 : 1),
    meet: meeting(0.5, 40, toNextAppeal),
    order: basket,
    live: onTheDay(0.06, toNextAppeal, (day) => (yearAt(day) > 0.7 ? 1 : 0.3)),
  },
  {
    name: 'tyres',
    customers: 6000,
    arrivals: steady,
    meet: meeting(0.6, 90, toNextTyres),
    order: basket,
    live: onTheDay(0.05, toNextTyres),
  },
];
