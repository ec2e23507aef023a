/**
 * Shops whose customers behave in ways that no contender assumes: they buy in step, on fixed days, in bursts, once a
 * year, or ever less. Each is simulated day by day, so that what it expects of a customer is found by letting the
 * same customer live on many times.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromEpochDay, type IsoDate, toEpochDay } from '../src/domain/calendar/dates.ts';
import { predictionWindow } from '../src/domain/calendar/windows.ts';
import { Random } from '../src/domain/random.ts';
import { exponential } from '../src/domain/sample/distributions.ts';
import type { MeasuredCutoff } from './accuracyShops.ts';

const START: IsoDate = '2022-07-01';
const END: IsoDate = '2026-01-01';
const FIRST_DAY = toEpochDay(START);
const DAYS = toEpochDay(END) - FIRST_DAY;

/** How often each customer lives on from the cutoff; the mean revenue of these lives is what is expected. */
const LIVES = 200;

/** One customer: numbers that a day may change. */
export interface Customer {
  /** Orders a day, before season and age. */
  rate: number;
  /** Typical value of an order, in currency. */
  value: number;
  /** 0 once the customer has left. */
  alive: number;
  /** What a kind of shop remembers: a phase, a day, a state or an amount. */
  memory: number;
  readonly arrived: number;
}

/** A way of buying. Days are counted from the shop's first. */
export interface KindOfShop {
  readonly name: string;
  readonly customers: number;
  /** Weight of a day for the arrival of new customers, who order on the day on which they arrive. */
  readonly arrivals: (day: number) => number;
  readonly meet: (random: Random, arrived: number) => Customer;
  /** Lets the customer live a day after that, and tells the revenue of it: 0 for none, below 0 for a return. */
  readonly live: (customer: Customer, day: number, random: Random) => number;
  /** Value of an order of this day, in currency. */
  readonly order: (customer: Customer, day: number, random: Random) => number;
}

const logNormal = (random: Random, median: number, sigma: number): number =>
  median * Math.exp(sigma * random.normal());

/** The day's part of the year, 0 to 1; the shop begins in the middle of one. */
export const yearAt = (day: number): number => ((day + 181) / 365.25) % 1;
const wave = (day: number, peak: number): number => Math.cos(2 * Math.PI * (yearAt(day) - peak));
const isBeforeChristmas = (day: number): boolean => yearAt(day) > 0.9 && yearAt(day) < 0.97;

export const steady = (): number => 1;
export const varying =
  (sigma: number): KindOfShop['order'] =>
  ({ value }, _, random) =>
    logNormal(random, value, sigma);

/** Orders by chance at the customer's rate times a factor of the day, until the customer leaves. */
const byChance =
  (leaves: number, factor: (day: number, customer: Customer) => number, order: KindOfShop['order']) =>
  (customer: Customer, day: number, random: Random): number => {
    if (customer.alive === 0) return 0;
    if (random.uniform() < leaves) customer.alive = 0;
    const orders = random.uniform() < 1 - Math.exp(-customer.rate * factor(day, customer));
    return orders ? order(customer, day, random) : 0;
  };

const someone = (rate: number, value: number, arrived: number, memory = 0): Customer => ({
  rate,
  value,
  alive: 1,
  memory,
  arrived,
});

export const drawn =
  (rate: number, rateSigma: number, value: number, valueSigma: number) =>
  (random: Random, arrived: number): Customer =>
    someone(logNormal(random, rate, rateSigma), logNormal(random, value, valueSigma), arrived);

function kindsOfShop(): KindOfShop[] {
  const basket = varying(0.4);
  const dearer: KindOfShop['order'] = (customer, day, random) =>
    basket(customer, day, random) * 1.25 ** (day / 365);
  return [
    {
      name: 'groceries',
      customers: 3000,
      arrivals: steady,
      meet: drawn(1 / 12, 0.6, 40, 0.5),
      order: basket,
      // Three phases between two orders: gaps are steadier than by chance.
      live: (customer, day, random) => {
        if (customer.alive === 0) return 0;
        if (random.uniform() < 1 / 700) customer.alive = 0;
        if (random.uniform() < Math.exp(-3 * customer.rate)) return 0;
        customer.memory = (customer.memory + 1) % 3;
        return customer.memory === 0 ? basket(customer, day, random) : 0;
      },
    },
    {
      name: 'subscribers',
      customers: 4000,
      arrivals: steady,
      // The rate is the chance to renew.
      meet: (random, arrived) =>
        someone(1 - 0.25 * random.uniform() ** 2, [9, 19, 49][random.below(3)] ?? 9, arrived),
      order: ({ value }) => value,
      live: (customer, day, random) => {
        if (customer.alive === 0 || (day - customer.arrived) % 30 !== 0) return 0;
        if (random.uniform() > customer.rate) customer.alive = 0;
        return customer.alive * (random.uniform() < 0.05 ? 0 : customer.value);
      },
    },
    {
      name: 'wholesalers',
      customers: 500,
      arrivals: steady,
      meet: drawn(1 / 25, 0.7, 600, 1.3),
      order: varying(0.6),
      live: byChance(1 / 900, (day) => Math.exp(0.9 * wave(day, 0.3)), varying(0.6)),
    },
    {
      name: 'fashion with returns',
      customers: 6000,
      arrivals: (day) => Math.exp(0.4 * wave(2 * day, 0.3)),
      meet: (random, arrived) => ({
        ...drawn(1 / 90, 0.8, 70, 0.5)(random, arrived),
        alive: random.uniform() < 0.6 ? 1 : 0,
      }),
      order: basket,
      // A fifth of the orders come back a week later.
      live: (customer, day, random) => {
        const returned = customer.memory > 0 && random.uniform() < 1 / 7 ? customer.memory : 0;
        if (returned > 0) customer.memory = 0;
        const bought = byChance(1 / 400, (at) => Math.exp(0.5 * wave(2 * at, 0.3)), basket)(
          customer,
          day,
          random,
        );
        if (bought > 0 && random.uniform() < 0.2) customer.memory = bought;
        return bought - returned;
      },
    },
    {
      name: 'gifts',
      customers: 6000,
      arrivals: (day) => (isBeforeChristmas(day) ? 8 : 1),
      meet: drawn(1 / 900, 0.7, 60, 0.6),
      order: basket,
      live: byChance(1 / 900, (day) => (isBeforeChristmas(day) ? 20 : 1), basket),
    },
    {
      name: 'growth',
      customers: 8000,
      arrivals: (day) => 2 ** (day / 365),
      meet: drawn(1 / 60, 0.8, 50, 0.7),
      order: basket,
      live: byChance(1 / 200, steady, basket),
    },
    {
      name: 'interest that fades',
      customers: 6000,
      arrivals: (day) => 0.6 ** (day / 365),
      meet: drawn(1 / 30, 0.8, 50, 0.7),
      order: basket,
      live: byChance(1 / 2000, (day, { arrived }) => Math.exp((arrived - day) / 300), basket),
    },
    {
      name: 'rates that drift',
      customers: 4000,
      arrivals: steady,
      meet: drawn(1 / 45, 0.5, 50, 0.7),
      order: basket,
      // The memory is the logarithm of what the rate is multiplied by; it forgets half of itself in ten months.
      live: (customer, day, random) => {
        customer.memory = 0.9977 * customer.memory + 0.07 * random.normal();
        return byChance(1 / 1500, () => Math.exp(customer.memory), basket)(customer, day, random);
      },
    },
    {
      name: 'prices that rise',
      customers: 5000,
      arrivals: steady,
      meet: drawn(1 / 60, 0.9, 40, 0.8),
      order: dearer,
      live: byChance(1 / 600, steady, dearer),
    },
    {
      name: 'projects',
      customers: 5000,
      arrivals: steady,
      // A project of 20 days on average, with an order every five days; the rate is that at which a project begins.
      meet: (random, arrived) => ({ ...drawn(1 / 250, 0.8, 90, 0.8)(random, arrived), memory: 1 }),
      order: basket,
      live: (customer, day, random) => {
        if (random.uniform() < (customer.memory === 1 ? 1 / 20 : customer.rate))
          customer.memory = 1 - customer.memory;
        return customer.memory === 1 && random.uniform() < 1 / 5 ? basket(customer, day, random) : 0;
      },
    },
    {
      name: 'a few who spend most',
      customers: 5000,
      arrivals: steady,
      meet: (random, arrived) => someone(exponential(random) / 60, logNormal(random, 30, 1.6), arrived),
      order: varying(0.7),
      live: byChance(1 / 700, steady, varying(0.7)),
    },
  ];
}

/** A varied shop: the file of its orders, and what the simulation expects of each of its customers. */
export interface VariedShop {
  readonly name: string;
  readonly source: string;
  /** Revenue in the window from the cutoff that is expected of each customer who had come by then, by id. */
  readonly expected: (measured: MeasuredCutoff) => ReadonlyMap<string, number>;
}

/** Writes the orders of each varied shop into the folder. */
export function writeVariedShops(folder: string): Promise<VariedShop[]> {
  return writeKinds(folder, kindsOfShop());
}

/** Simulates a shop of each kind, the first one with the seed `from`, and writes its orders. */
export async function writeKinds(
  folder: string,
  kinds: readonly KindOfShop[],
  from = 0,
): Promise<VariedShop[]> {
  const shops: VariedShop[] = [];
  for (const [i, kind] of kinds.entries()) {
    const k = from + i;
    const source = join(folder, `varied-${k}.csv`);
    const rows = ['customer_id,order_date,revenue'];
    const arrivals = arrivalDays(kind, new Random(k));
    for (const [c, arrived] of arrivals.entries())
      liveUntil(kind, new Random(k, c + 1), arrived, DAYS, (day, revenue) => {
        rows.push(`${idOf(c)},${fromEpochDay(FIRST_DAY + day)},${revenue.toFixed(2)}`);
      });
    await writeFile(source, `${rows.join('\n')}\n`);
    shops.push({
      name: kind.name,
      source,
      expected: ({ cutoff, predMonths }) => {
        const from = toEpochDay(cutoff) - FIRST_DAY;
        const until = toEpochDay(predictionWindow(cutoff, predMonths).end) - FIRST_DAY;
        const expected = new Map<string, number>();
        for (const [c, arrived] of arrivals.entries())
          if (arrived < from) expected.set(idOf(c), meanRevenue(kind, { k, c, arrived, from, until }));
        return expected;
      },
    });
  }
  return shops;
}

const idOf = (c: number): string => `C${String(c).padStart(5, '0')}`;

function arrivalDays({ customers, arrivals }: KindOfShop, random: Random): number[] {
  const cumulative: number[] = [];
  let sum = 0;
  for (let day = 0; day < DAYS; day++) {
    sum += arrivals(day);
    cumulative.push(sum);
  }
  return Array.from({ length: customers }, () => {
    const at = random.uniform() * sum;
    return cumulative.findIndex((up) => up > at);
  });
}

/** Lets a customer live up to the day, without it, telling each day with revenue; returns the customer as of then. */
function liveUntil(
  kind: KindOfShop,
  random: Random,
  arrived: number,
  end: number,
  tell: (day: number, revenue: number) => void = () => undefined,
): Customer {
  const customer = kind.meet(random, arrived);
  tell(arrived, kind.order(customer, arrived, random));
  for (let day = arrived + 1; day < end; day++) {
    const revenue = kind.live(customer, day, random);
    if (revenue !== 0) tell(day, revenue);
  }
  return customer;
}

function meanRevenue(
  kind: KindOfShop,
  who: { k: number; c: number; arrived: number; from: number; until: number },
): number {
  const then = liveUntil(kind, new Random(who.k, who.c + 1), who.arrived, who.from);
  const random = new Random(1000 + who.k, who.c + 1);
  let sum = 0;
  for (let life = 0; life < LIVES; life++) {
    const customer = { ...then };
    for (let day = who.from; day < who.until; day++) sum += kind.live(customer, day, random);
  }
  return sum / LIVES;
}
