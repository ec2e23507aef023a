/**
 * How soon a season can be trusted: compares seasons learned from the first months of a shop with the one learned from
 * all of its months, and counts how often chance alone passes for a season, or for a change of level.
 *
 *     npm run bench:season -- [--orders <file>]...
 *
 * Without --orders: the shop apparel in CLV_SHARED (or `../shared`), if it is there, and the sample shops of
 * bench:accuracy. The error of a window is the logarithm of its factor over the factor learned from all months; the
 * table has its root mean square over windows of 3 and 6 months after the cutoff, beside that without a season. The
 * season learned from all months includes the early ones, so these errors are somewhat too small; those without a
 * season are not.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { addMonths, type IsoDate } from '../src/domain/calendar/dates.ts';
import { windowDays } from '../src/domain/calendar/windows.ts';
import { learnSeason } from '../src/domain/forecast/season/learnSeason.ts';
import { type Season, seasonOfWindow } from '../src/domain/forecast/season/season.ts';
import { Random } from '../src/domain/random.ts';
import type { OrderBook } from '../src/orders/orderBook.ts';
import { type AccuracyShop, givenShop, realShops, sampleShops } from './accuracyShops.ts';
import { readShop } from './readShop.ts';

const WINDOWS = [3, 6];
/** Months of orders before the cutoff. */
const LEAST = 15;
const MOST = 30;

const { values: options } = parseArgs({
  options: { orders: { type: 'string', multiple: true, default: [] } },
});
const folder = mkdtempSync(join(tmpdir(), 'season-bench-'));
try {
  for (const shop of await chosenShops()) await tell(shop);
  tellChance();
  tellChanceOfShift();
} finally {
  rmSync(folder, { recursive: true });
}

async function chosenShops(): Promise<AccuracyShop[]> {
  if (options.orders.length > 0) return options.orders.map(givenShop);
  return [...realShops().filter(({ name }) => name === 'apparel'), ...(await sampleShops(folder))];
}

async function tell({ name, settings }: AccuracyShop): Promise<void> {
  const book = await readShop(settings);
  try {
    const whole = await seasonAt(book, book.dataEnd);
    console.log(`\n## ${name}, orders from ${book.report.firstDate} to ${book.dataEnd}\n`);
    if (whole === null) return console.log('All months together show no season.');
    console.log('| months of orders | error, no season | error, learned | learned |\n|--:|--:|--:|---|');
    for (let months = LEAST; months <= MOST; months++) {
      const cutoff = addMonths(book.report.firstDate, months);
      if (addMonths(cutoff, Math.max(...WINDOWS)) > book.dataEnd) break;
      const early = await seasonAt(book, cutoff);
      const [without, learned] = [null, early].map((season) => errorOf(season, whole, cutoff));
      console.log(
        `| ${months} | ${without.toFixed(3)} | ${learned.toFixed(3)} | ${early === null ? 'no' : 'yes'} |`,
      );
    }
  } finally {
    book.close();
  }
}

/** Shops without a season: every month the same number of customers, who order as often on each day, by chance. */
function tellChance(): void {
  const [shops, customers, ordersADay, day] = [1000, 4000, 20, '2025-01-01'];
  console.log(`\n## ${shops} shops without a season, ${customers} customers, ${ordersADay} orders a day\n`);
  console.log(
    '| months of orders | a season is found | its largest factor: median | 95th percentile |\n|--:|--:|--:|--:|',
  );
  for (const months of [18, 24, 36]) {
    const random = new Random(months);
    const largest: number[] = [];
    for (let shop = 0; shop < shops; shop++) {
      const past = Array.from({ length: months }, (_, age) => {
        const expected =
          ordersADay * windowDays({ start: addMonths(day, -1 - age), end: addMonths(day, -age) });
        // The normal law stands for the Poisson law, of which nobody can tell it at hundreds of orders.
        const orders = Math.round(expected + Math.sqrt(expected) * random.normal());
        return { customers, orders, regulars: customers, ordersOfRegulars: orders };
      });
      const season = learnSeason(past, day);
      if (season !== null) largest.push(Math.max(...season.index.map((factor) => Math.abs(factor - 1))));
    }
    largest.sort((a, b) => a - b);
    const [median, high] = [0.5, 0.95].map((share) => largest[Math.floor(share * largest.length)]);
    const share = (100 * largest.length) / shops;
    console.log(`| ${months} | ${share.toFixed(0)} % | ${signed(median)} | ${signed(high)} |`);
  }
}

/** Shops whose months vary from what is usual, each by itself, and in which nothing lasts: how often a change of level is seen all the same. */
function tellChanceOfShift(): void {
  const [shops, customers, ordersAMonth, day] = [1000, 4000, 600, '2025-01-01'];
  console.log(`\n## ${shops} shops whose months vary, without a lasting change\n`);
  console.log(
    '| months of orders | standard deviation of a month | a change of level is seen |\n|--:|--:|--:|',
  );
  for (const months of [18, 24, 36])
    for (const deviation of [0.05, 0.1, 0.2, 0.3]) {
      const random = new Random(months);
      let seen = 0;
      for (let shop = 0; shop < shops; shop++) {
        const past = Array.from({ length: months }, () => {
          const orders = Math.round(ordersAMonth * Math.exp(deviation * random.normal()));
          return { customers, orders, regulars: customers, ordersOfRegulars: orders };
        });
        if (learnSeason(past, day)?.shift) seen++;
      }
      console.log(
        `| ${months} | ${(100 * deviation).toFixed(0)} % | ${((100 * seen) / shops).toFixed(1)} % |`,
      );
    }
}

function signed(distance: number): string {
  return `1 ± ${distance.toFixed(3)}`;
}

async function seasonAt(book: OrderBook, day: IsoDate): Promise<Season | null> {
  return learnSeason(await book.activity(day), day);
}

function errorOf(season: Season | null, whole: Season, cutoff: IsoDate): number {
  const errors = WINDOWS.map((months) => {
    const window = { start: cutoff, end: addMonths(cutoff, months) };
    return Math.log(seasonOfWindow(season, window) / seasonOfWindow(whole, window));
  });
  return Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
}
