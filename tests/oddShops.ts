import { addDays, type IsoDate } from '../src/domain/calendar/dates.ts';
import { Random } from '../src/domain/random.ts';

/** One row of a file of orders. */
export interface OddOrder {
  readonly customer: string;
  readonly date: IsoDate;
  /** As it is written in the file. */
  readonly revenue: string;
  readonly id: string;
}

const FIRST_DAY = '2023-12-01';
/** How many days a shop sells: with a window of one month, contenders meet once more before they are measured. */
const LONG = 210;
/** They meet only where they are measured. */
const SHORT = 150;

/** Ids that a file, a query or a sort could stumble over; "Mia" and "mia" are two customers. */
const ODD_IDS = [
  ...['a,b', 'a"b', '"', "o'k", '😀', '007', '7', '1e5', '#1', '=1+1', '-1', 'x'.repeat(500)],
  ...['Mia', 'mia', 'Straße', 'e\u0301', '\u00e9', '中文', '__proto__', 'customer_id', '<b>', 'a;b|c'],
];

/**
 * A shop whose customers are odd in every way that can stand side by side: ids of all kinds, prices of 0, more taken back
 * than bought, several orders a day, one customer with hundreds of orders and one with an order ten thousand times as large
 * as the others, and many who ordered once, for nothing.
 */
export function oddCustomers(seed: number): OddOrder[] {
  const random = new Random(seed);
  const orders = new Orders(LONG);
  for (const [c, id] of ODD_IDS.entries()) orders.some(random, id, 14, (price) => (c % 5 === 0 ? 0 : price));
  for (let c = 0; c < 6; c++)
    orders.some(random, `taker-${c}`, 14, (price) => (random.uniform() < 0.6 ? -price : price));
  for (let k = 0; k < 300; k++) orders.add('whale', random.below(LONG), 5 + random.below(20));
  for (let c = 0; c < 20; c++) orders.add(`once-${c}`, random.below(LONG), 0);
  orders.add('7', LONG - 60, 200_000);
  orders.add('Mia', LONG - 1, 20);
  return orders.rows;
}

/** A shop of 200 customers who are not odd at all. */
export function usualCustomers(seed: number): OddOrder[] {
  const random = new Random(seed);
  const orders = new Orders(LONG);
  for (let c = 0; c < 200; c++) orders.some(random, `usual-${c}`, 20, (price) => price);
  return orders.rows;
}

/** Shops that are odd as a whole, by what is odd about them. */
export const ODD_SHOPS: Readonly<Record<string, (seed: number) => OddOrder[]>> = {
  'nobody comes back': (seed) =>
    shopOf(seed, 90, (orders, random, id) => orders.add(id, random.below(SHORT), 20)),
  'all is free or taken back': (seed) =>
    shopOf(seed, 40, (orders, random, id, c) =>
      orders.some(random, id, 14, (price) => (c % 2 === 0 ? 0 : -price)),
    ),
  'one order is a thousand million times as large': (seed) =>
    shopOf(seed, 40, (orders, random, id, c) => {
      orders.some(random, id, 14, () => 1);
      if (c === 7) orders.add(id, SHORT - 50, 1_000_000_000);
    }),
  'all order alike on the same days': (seed) =>
    shopOf(seed, 40, (orders, _, id) => {
      for (let day = 0; day < SHORT; day += 19) orders.add(id, day, 10);
    }),
};

/** Shops that nobody can train on. */
export const HOPELESS_SHOPS: Readonly<
  Record<string, { readonly orders: () => OddOrder[]; readonly says: RegExp }>
> = {
  'of one customer': {
    orders: () => shopOf(1, 1, (orders, random, id) => orders.some(random, id, 5, (price) => price)),
    says: /orders of only 1 customer .* at least 20 are needed/,
  },
  'of one day': {
    orders: () => shopOf(1, 40, (orders, _, id) => orders.add(id, SHORT - 1, 10)),
    says: /cannot be measured honestly.*the orders begin at/,
  },
};

/** @param each adds the orders of the c-th customer. */
function shopOf(
  seed: number,
  customers: number,
  each: (orders: Orders, random: Random, id: string, c: number) => void,
): OddOrder[] {
  const random = new Random(seed);
  const orders = new Orders(SHORT);
  for (let c = 0; c < customers; c++) each(orders, random, `customer-${String(c).padStart(3, '0')}`, c);
  orders.add('customer-000', SHORT - 1, 0);
  return orders.rows;
}

class Orders {
  readonly rows: OddOrder[] = [];
  readonly #days: number;

  /** @param days how long the shop sells. */
  constructor(days: number) {
    this.#days = days;
  }

  /** @param day from 0 on. @param price a whole number of cents, but for the noise of binary fractions, in currency. */
  add(customer: string, day: number, price: number): void {
    const revenue = String(Math.round(price * 100) / 100);
    this.rows.push({ customer, date: addDays(FIRST_DAY, day), revenue, id: `o${this.rows.length}` });
  }

  /** About an order every `gap` days from some day on, until the customer leaves. @param priced what a usual price becomes. */
  some(random: Random, customer: string, gap: number, priced: (price: number) => number): void {
    const last = random.uniform() < 0.3 ? random.below(this.#days) : this.#days - 1;
    for (let day = random.below(60); day <= last; day += 1 + random.below(2 * gap))
      this.add(customer, day, priced(5 + 60 * random.uniform()));
  }
}
