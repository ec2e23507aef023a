/**
 * Shops in which three customers spend many times as much as anybody else: those of the benchmark with such customers
 * added, and one whose other customers are all alike.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fromEpochDay, type IsoDate, toEpochDay } from '../src/domain/calendar/dates.ts';
import { Random } from '../src/domain/random.ts';

const END = toEpochDay('2026-01-01');
/** The year in which the giants are as large as is drawn. */
const YEAR: { readonly from: IsoDate; readonly to: IsoDate } = { from: '2024-07-01', to: '2025-07-01' };
const GIANTS = 3;

interface Order {
  readonly customer: string;
  readonly day: number;
  readonly revenue: number;
}

/** Copies the orders of a shop, with three giants. @param seed of what they buy. */
export async function addGiants(source: string, out: string, seed: number): Promise<void> {
  const [header, ...rows] = (await readFile(source, 'utf8')).trimEnd().split('\n');
  const names = header.split(',');
  const [customer, date, revenue] = ['customer_id', 'order_date', 'revenue'].map((name) =>
    names.indexOf(name),
  );
  const spent = new Map<string, number>();
  for (const row of rows) {
    const cells = row.split(',');
    if (cells[date] < YEAR.from || cells[date] >= YEAR.to) continue;
    // Sample shops have rows that are no orders.
    const value = Number(cells[revenue]);
    if (Number.isFinite(value)) spent.set(cells[customer], (spent.get(cells[customer]) ?? 0) + value);
  }
  const largest = Math.max(...spent.values());
  const added = Array.from({ length: GIANTS }, (_, k) =>
    ordersOfGiant(`G${k}`, largest, new Random(seed, k)),
  ).flat();
  const written = added.map((order, i) =>
    names
      .map((name) => {
        if (name === 'order_id') return `G-${i}`;
        return textOf(order)[name] ?? '';
      })
      .join(','),
  );
  await writeFile(out, [header, ...rows, ...written, ''].join('\n'));
}

/**
 * A giant spends 12 to 40 times what the largest other customer does, every 4 to 45 days on average, as regularly or not as
 * is drawn; amounts drift by a standard deviation of 0.3 a year in logarithms. One in five stops at some time.
 */
function ordersOfGiant(customer: string, largest: number, random: Random): Order[] {
  const between = (low: number, high: number): number => low * (high / low) ** random.uniform();
  const yearly = largest * between(12, 40);
  const every = between(4, 45);
  const [unevenDays, unevenValues] = [random.below(3) * 0.4, random.below(3) * 0.35];
  const begins = END - 500 - random.below(600);
  const ends = random.uniform() < 0.8 ? END : begins + random.below(END - begins);
  const factor = (sigma: number): number => Math.exp(sigma * random.normal() - sigma ** 2 / 2);
  const orders: Order[] = [];
  let level = 1;
  for (let day = begins; day < ends; ) {
    orders.push({
      customer,
      day: Math.floor(day),
      revenue: (level * factor(unevenValues) * yearly * every) / 365,
    });
    const wait = every * factor(unevenDays);
    day += wait;
    level *= Math.exp(0.3 * Math.sqrt(wait / 365) * random.normal());
  }
  return orders;
}

/** Writes a shop where 3,000 customers each buy for 30 about every 40 days, and three in ten leave. */
export async function writeAlikeShop(out: string): Promise<void> {
  const random = new Random(1);
  const orders = Array.from({ length: 3000 }, (_, c) => {
    const begins = END - 200 - random.below(1000);
    const ends = random.uniform() < 0.7 ? END : begins + random.below(END - begins);
    const own: Order[] = [];
    for (let day = begins; day < ends; day += 30 + random.below(21))
      own.push({ customer: `A${c}`, day, revenue: 30 });
    return own;
  }).flat();
  const rows = orders.map((order) => Object.values(textOf(order)).join(','));
  await writeFile(out, ['customer_id,order_date,revenue', ...rows, ''].join('\n'));
}

/** The cells of an order, by column. */
function textOf({ customer, day, revenue }: Order): Readonly<Record<string, string>> {
  return { customer_id: customer, order_date: fromEpochDay(day), revenue: revenue.toFixed(2) };
}
