/**
 * How soon a season can be trusted: compares seasons learned from the first months of a shop with the one learned from
 * all of its months.
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
import { learnSeason } from '../src/domain/forecast/season/learnSeason.ts';
import { type Season, seasonOfWindow } from '../src/domain/forecast/season/season.ts';
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
