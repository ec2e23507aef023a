/**
 * How well a model says who is still active, and when they order next: BG/NBD and the Pareto/NBD of `fitActivityModel`
 * side by side, shop by shop and cutoff by cutoff, fitted only on orders before the cutoff.
 *
 * npm run bench:activity -- [--shops real,sample,young,stationary,varied]
 *
 * A simulation knows who has left; of real customers nobody does. What can be seen everywhere: of customers who are active
 * with a probability of 60 %, 30 % should have ordered by the day by which half of the active ones do. Only customers whose
 * day lies within the orders count.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dateAfterCutoff } from '../src/domain/btyd/nextOrder.ts';
import { addDays, type IsoDate } from '../src/domain/calendar/dates.ts';
import { historyWindow, predictionWindow } from '../src/domain/calendar/windows.ts';
import { mean } from '../src/domain/evaluation/averages.ts';
import { outlookOf } from '../src/domain/forecast/outlook.ts';
import { fitActivityModel, fitPurchaseModel } from '../src/domain/forecast/purchases/purchaseModel.ts';
import { learnSeason } from '../src/domain/forecast/season/learnSeason.ts';
import type { OrderBook } from '../src/orders/orderBook.ts';
import { type AccuracyShop, type MeasuredCutoff, shopsOfKinds } from './accuracyShops.ts';
import { figure, percent } from './figures.ts';
import { readShop } from './readShop.ts';

const { values: options } = parseArgs({
  options: { shops: { type: 'string', default: 'real,sample,young,varied' } },
});

/** What one model says at one cutoff, as means over customers. */
interface Figures {
  readonly active: number;
  readonly activeOnce: number;
  /** Mean squared error of the probability (Brier score); null where nobody knows who is active. */
  readonly brier: number | null;
  /** Of the customers whose day lies within the orders: how many should have ordered by it, and how many had. */
  readonly expected: number;
  readonly ordered: number;
}

const differences: Record<string, number[]> = { 'BG/NBD': [], 'Pareto/NBD': [] };
const folder = mkdtempSync(join(tmpdir(), 'activity-bench-'));
try {
  console.log(
    '| shop, cutoff, history + months | customers, bought once | active | of those who bought once | model | says active | of those | Brier | should have ordered by the day | had |',
  );
  console.log('|---|--:|--:|--:|---|--:|--:|--:|--:|--:|');
  for (const shop of await shopsOfKinds(options.shops.split(','), folder)) {
    using book = await readShop(shop.settings);
    for (const at of shop.cutoffs ?? []) await measure(shop, book, at);
  }
  for (const [name, all] of Object.entries(differences))
    console.log(
      `\n${name}: had ordered and should have differ by ${percent(mean(all))} of the customers on average.`,
    );
} finally {
  rmSync(folder, { recursive: true });
}

async function measure({ name, truth }: AccuracyShop, book: OrderBook, at: MeasuredCutoff): Promise<void> {
  const { cutoff, historyMonths, predMonths } = at;
  const history = historyWindow(cutoff, historyMonths);
  const { customerIds } = await book.features(history);
  const summary = await book.btydSummary(history);
  const everybody = await book.btydSummary({ start: book.report.firstDate, end: cutoff });
  const season = learnSeason(await book.activity(cutoff), cutoff);
  const btyd = fitPurchaseModel(everybody, season, cutoff);
  if (btyd === null) return;
  const firstOrder = await firstOrdersFrom(book, cutoff);
  const known = await truth?.(at);
  const isActive = customerIds.map((id) => known?.get(id)?.isActive ?? null);
  const rows = [...customerIds.keys()];
  const once = rows.filter((row) => summary.repeatPurchases[row] === 0);
  const activeOf = (some: readonly number[]): number | null =>
    isActive.includes(null) || some.length === 0 ? null : mean(some.map((row) => Number(isActive[row])));
  const figuresOf = (activity: typeof btyd): Figures => {
    const { pAlive, weeksToNextOrder } = outlookOf(
      { btyd, activity, intervals: null, season },
      { summary, window: predictionWindow(cutoff, predMonths) },
      new Float64Array(rows.length),
    );
    const days = Array.from(weeksToNextOrder, (weeks) => dateAfterCutoff(cutoff, weeks));
    const seen = rows.filter((row) => (days[row] ?? book.dataEnd) < book.dataEnd);
    return {
      active: mean([...pAlive]),
      activeOnce: mean(once.map((row) => pAlive[row])),
      brier: isActive.includes(null)
        ? null
        : mean(rows.map((row) => (pAlive[row] - Number(isActive[row])) ** 2)),
      expected: mean(seen.map((row) => pAlive[row] / 2)),
      ordered: mean(
        seen.map((row) => Number((firstOrder.get(customerIds[row]) ?? book.dataEnd) <= (days[row] ?? ''))),
      ),
    };
  };
  const where = `${name}, ${cutoff}, ${historyMonths} + ${predMonths}`;
  for (const [model, figures] of [
    ['BG/NBD', figuresOf(btyd)],
    ['Pareto/NBD', figuresOf(fitActivityModel(btyd, everybody, cutoff))],
  ] as const) {
    const { active, activeOnce, brier, expected, ordered } = figures;
    differences[model].push(Math.abs(expected - ordered));
    console.log(
      `| ${where} | ${rows.length}, ${once.length} | ${percent(activeOf(rows))} | ${percent(activeOf(once))} | ${model} | ${percent(active)} | ${once.length > 0 ? percent(activeOnce) : '-'} | ${figure(brier)} | ${percent(expected)} | ${percent(ordered)} |`,
    );
  }
}

/** The day of each customer's first order from a cutoff on that is not a return, by id. */
async function firstOrdersFrom(book: OrderBook, cutoff: IsoDate): Promise<ReadonlyMap<string, IsoDate>> {
  const first = new Map<string, IsoDate>();
  for (let day = cutoff; day < book.dataEnd; day = addDays(day, 1)) {
    const { customerIds, hasBought } = await book.revenueByCustomer({ start: day, end: addDays(day, 1) });
    customerIds.forEach((id, i) => {
      if (hasBought[i] === 1 && !first.has(id)) first.set(id, day);
    });
  }
  return first;
}
