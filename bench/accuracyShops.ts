import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { homeAt } from '../src/config/home.ts';
import { loadConfig } from '../src/config/loadConfig.ts';
import { addMonths, type IsoDate } from '../src/domain/calendar/dates.ts';
import type { ShopOptions } from '../src/domain/sample/shopOptions.ts';
import type { OrdersSettings } from '../src/orders/settings.ts';
import { writeSampleShop } from '../src/sample/writeSampleShop.ts';
import { ordersSettings } from '../src/shop/ordersSource.ts';
import { bestForecast } from './bestForecast.ts';
import { addGiants, writeAlikeShop } from './giantShops.ts';
import { USUAL_COLUMNS } from './readShop.ts';
import { type VariedShop, writeKinds, writeVariedShops } from './variedShops.ts';
import { YEARLY_KINDS } from './yearlyShops.ts';

/** The cutoff at which a shop is measured, and the windows. */
export interface MeasuredCutoff {
  readonly cutoff: IsoDate;
  readonly historyMonths: number;
  readonly predMonths: number;
}

/** What a simulation knows of a customer at a cutoff. */
interface Known {
  /** Expected revenue in the window, in currency. */
  readonly expected: number;
  /** Whether the customer has not left; null where the simulation does not say. */
  readonly isActive: boolean | null;
}

/** A shop whose contenders are measured. */
export interface AccuracyShop {
  readonly name: string;
  readonly settings: OrdersSettings;
  /** Null for the two latest cutoffs whose labels are complete, half a window apart. */
  readonly cutoffs: readonly MeasuredCutoff[] | null;
  /**
   * For a simulated shop, what the simulation itself knows of each customer, by id; null for a real one. It knows the
   * customer's rate and whether the customer has left, which no forecast can know.
   */
  readonly truth: ((measured: MeasuredCutoff) => Promise<ReadonlyMap<string, Known>>) | null;
  /**
   * For a simulated shop whose orders are complete, the best possible forecast of the customers with these ids
   * (`bestForecast`).
   */
  readonly bestPossible: ((measured: MeasuredCutoff, ids: readonly string[]) => Float64Array) | null;
}

/** How the invoice lines of UCI Online Retail II are read. */
const invoiceLines: Omit<OrdersSettings, 'source'> = {
  ...USUAL_COLUMNS,
  grain: 'line',
  columns: {
    customerId: 'Customer ID',
    orderDate: 'InvoiceDate',
    revenue: { quantity: 'Quantity', unitPrice: 'Price' },
    orderId: 'Invoice',
  },
};

const at = (cutoff: IsoDate, historyMonths: number, predMonths: number): MeasuredCutoff => ({
  cutoff,
  historyMonths,
  predMonths,
});

/** The shops of these kinds: real, sample, young, changed, shifted, giants, stationary, varied, yearly. @param folder where the orders of simulated ones are written. */
export async function shopsOfKinds(kinds: readonly string[], folder: string): Promise<AccuracyShop[]> {
  return [
    ...(kinds.includes('real') ? realShops() : []),
    ...(kinds.includes('sample') ? await sampleShops(folder) : []),
    ...(kinds.includes('young') ? await youngShops(folder) : []),
    ...(kinds.includes('changed') ? await changedShops(folder) : []),
    ...(kinds.includes('shifted') ? await shiftedShops(folder) : []),
    ...(kinds.includes('giants') ? await giantShops(folder) : []),
    ...(kinds.includes('stationary') ? await stationaryShops(folder) : []),
    ...(kinds.includes('varied') ? await variedShops(folder) : []),
    ...(kinds.includes('yearly') ? await yearlyShops(folder) : []),
  ];
}

/** The real orders beside the project, if they are there. */
export function realShops(): AccuracyShop[] {
  const shared = process.env.CLV_SHARED ?? fileURLToPath(new URL('../../../../../shared', import.meta.url));
  const found = (
    name: string,
    file: string,
    rest: Pick<AccuracyShop, 'cutoffs'>,
    settings = USUAL_COLUMNS,
  ) => ({
    name,
    settings: { ...settings, source: join(shared, 'data', file) },
    truth: null,
    bestPossible: null,
    ...rest,
  });
  const shops: AccuracyShop[] = [
    found('CDNOW', 'cdnow.csv.gz', {
      cutoffs: [at('1998-01-01', 9, 6), at('1998-01-01', 9, 3), at('1998-01-01', 12, 6)],
    }),
    found('apparel', 'apparel.csv.gz', {
      cutoffs: [at('2008-01-01', 12, 6), at('2009-01-01', 12, 6), at('2010-01-01', 18, 9)],
    }),
    found(
      'online retail',
      'online_retail_2010_raw.parquet',
      { cutoffs: [at('2010-09-09', 3, 3), at('2010-06-10', 6, 3)] },
      invoiceLines,
    ),
  ];
  return shops.filter(({ settings }) => existsSync(settings.source));
}

const SAMPLE_KINDS = [
  { name: 'sample 1 (4,000)', customers: 4000, seed: 1, busier: 1 },
  { name: 'sample 2 (8,000, busier)', customers: 8000, seed: 2, busier: 2 },
  { name: 'sample 3 (12,000, quieter)', customers: 12_000, seed: 3, busier: 0.5 },
];

/** Three shops that differ in size, in seed and in how often their customers buy. */
export async function sampleShops(folder: string): Promise<AccuracyShop[]> {
  const cutoffs = [at('2025-07-01', 12, 6), at('2025-01-01', 12, 6), at('2025-07-01', 12, 3)];
  const shops: AccuracyShop[] = [];
  for (const { name, customers, seed, busier } of SAMPLE_KINDS) {
    const change = { at: '2022-07-01', factor: busier };
    shops.push(await simulated(folder, name, { customers, shop: { months: 42, seed, change }, cutoffs }));
  }
  return shops;
}

/**
 * The sample shops with only the orders of the last 9 to 14 months before the cutoff, from which no season can be
 * learned. A customer from before then looks like one who is new with the first order since.
 */
async function youngShops(folder: string): Promise<AccuracyShop[]> {
  const kinds = [
    { from: '2024-10-01', cutoffs: [at('2025-07-01', 3, 3)] },
    { from: '2024-02-01', cutoffs: [at('2025-02-01', 6, 6)] },
    { from: '2024-05-01', cutoffs: [at('2025-07-01', 12, 6)] },
  ];
  const shops: AccuracyShop[] = [];
  for (const shop of await sampleShops(folder)) {
    for (const { from, cutoffs } of kinds) {
      const source = shop.settings.source.replace(/\.csv$/, `-from-${from}.csv`);
      await rewriteOrders(shop.settings.source, source, (day) => (day >= from ? day : null));
      shops.push({
        ...shop,
        name: `${shop.name}, from ${from} on`,
        settings: { ...shop.settings, source },
        cutoffs,
        bestPossible: null,
      });
    }
  }
  return shops;
}

/**
 * The sample shops as they would be had something happened to them: closed for four months a year before the measured
 * ones, opened but seven months before them, or one order with a year that slipped.
 */
async function changedShops(folder: string): Promise<AccuracyShop[]> {
  const slipped = '2025-03-15';
  const changes: [string, (day: IsoDate, isFirst: boolean) => IsoDate | null][] = [
    ['closed', (day) => (day >= '2024-08-01' && day < '2024-12-01' ? null : day)],
    ['just opened', (day) => (day >= '2024-12-01' ? day : null)],
    ['a slipped year', (day, isFirst) => (isFirst && day === slipped ? addMonths(day, -60) : day)],
    [
      'opened a year before, a slipped year',
      (day, isFirst) => {
        if (day < '2024-05-01') return null;
        return isFirst && day === slipped ? addMonths(day, -60) : day;
      },
    ],
  ];
  const shops: AccuracyShop[] = [];
  for (const shop of await sampleShops(folder)) {
    for (const [k, [what, change]] of changes.entries()) {
      const source = shop.settings.source.replace(/\.csv$/, `-changed-${k}.csv`);
      await rewriteOrders(shop.settings.source, source, change);
      shops.push({
        ...shop,
        name: `${shop.name}, ${what}`,
        settings: { ...shop.settings, source },
        cutoffs: [at('2025-07-01', 12, 6)],
        bestPossible: null,
      });
    }
  }
  return shops;
}

/**
 * Twelve sample shops whose customers began to order more or less often: in nine of them for good, four, seven and eleven months
 * before the measured ones; in three for four months, which end as the measured ones begin.
 */
async function shiftedShops(folder: string): Promise<AccuracyShop[]> {
  const lasting = [
    { says: 'half as often since March', change: { at: '2025-03-01', factor: 0.5 } },
    { says: '1.8 times as often since December', change: { at: '2024-12-01', factor: 1.8 } },
    { says: '0.6 times as often since August', change: { at: '2024-08-01', factor: 0.6 } },
  ];
  const shops: AccuracyShop[] = [];
  for (let seed = 41; seed <= 49; seed++) {
    const { says, change } = lasting[seed % lasting.length];
    const options = {
      customers: 6000,
      shop: { months: 42, seed, change },
      cutoffs: [at('2025-07-01', 12, 6)],
    };
    shops.push(await simulated(folder, `shop ${seed}, ${says}`, options));
  }
  for (let seed = 50; seed <= 52; seed++) {
    const options = { customers: 6000, shop: { months: 42, seed }, cutoffs: [at('2025-05-01', 12, 6)] };
    const shop = await simulated(folder, `shop ${seed}, half the orders from January to April`, options);
    const source = shop.settings.source.replace(/\.csv$/, '-passing.csv');
    let count = 0;
    const isLost = (day: IsoDate): boolean => day >= '2025-01-01' && day < '2025-05-01' && count++ % 2 === 0;
    await rewriteOrders(shop.settings.source, source, (day) => (isLost(day) ? null : day));
    shops.push({ ...shop, settings: { ...shop.settings, source }, truth: null, bestPossible: null });
  }
  return shops;
}

/**
 * Copies orders, each under the day that `change` gives for its day, and for whether it is the first of that day in the
 * file; without it where that is null.
 */
async function rewriteOrders(
  source: string,
  out: string,
  change: (day: IsoDate, isFirst: boolean) => IsoDate | null,
): Promise<void> {
  const [header, ...rows] = (await readFile(source, 'utf8')).trimEnd().split('\n');
  const date = header.split(',').indexOf('order_date');
  const seen = new Set<string>();
  const kept = rows.flatMap((row) => {
    const cells = row.split(',');
    const day = change(cells[date], !seen.has(cells[date]));
    seen.add(cells[date]);
    return day === null ? [] : [cells.with(date, day).join(',')];
  });
  await writeFile(out, [header, ...kept, ''].join('\n'));
}

/** The sample shops, the varied ones, and one of customers who are all alike, each with three giants (giantShops.ts). */
async function giantShops(folder: string): Promise<AccuracyShop[]> {
  const alike = join(folder, 'alike.csv');
  await writeAlikeShop(alike);
  const shops = [
    ...(await sampleShops(folder)),
    ...(await variedShops(folder)),
    { ...givenShop(alike), name: 'alike' },
  ];
  const cutoffs = [at('2025-07-01', 12, 6), at('2025-03-01', 12, 6)];
  const withGiants: AccuracyShop[] = [];
  for (const [seed, { name, settings }] of shops.entries()) {
    const source = join(folder, `giants-${seed}.csv`);
    await addGiants(settings.source, source, seed);
    withGiants.push({ ...givenShop(source), name: `${name}, three giants`, cutoffs });
  }
  return withGiants;
}

/** Eight shops without seasons, in which nothing changes, so that totals have to add up. */
async function stationaryShops(folder: string): Promise<AccuracyShop[]> {
  const cutoffs = [at('2025-07-01', 12, 6), at('2025-01-01', 12, 6)];
  const shops: AccuracyShop[] = [];
  for (let seed = 31; seed <= 38; seed++) {
    const shop = { months: 48, seed, season: 0 };
    shops.push(await simulated(folder, `stationary ${seed}`, { customers: 10_000, shop, cutoffs }));
  }
  return shops;
}

/** Eleven shops whose customers behave in ways that no contender assumes (variedShops.ts). */
async function variedShops(folder: string): Promise<AccuracyShop[]> {
  const cutoffs = [at('2025-07-01', 12, 6), at('2025-01-01', 12, 6), at('2025-04-01', 12, 3)];
  return (await writeVariedShops(folder)).map((shop) => accuracyShop(shop, cutoffs));
}

/** Three shops whose customers come about once a year (yearlyShops.ts). */
async function yearlyShops(folder: string): Promise<AccuracyShop[]> {
  const cutoffs = [at('2025-07-01', 12, 6), at('2025-01-01', 12, 6), at('2025-01-01', 24, 12)];
  return (await writeKinds(folder, YEARLY_KINDS, 100)).map((shop) => accuracyShop(shop, cutoffs));
}

function accuracyShop(
  { name, source, expected }: VariedShop,
  cutoffs: readonly MeasuredCutoff[],
): AccuracyShop {
  return {
    name,
    settings: { ...USUAL_COLUMNS, source },
    cutoffs,
    truth: async (measured) =>
      new Map([...expected(measured)].map(([id, revenue]) => [id, { expected: revenue, isActive: null }])),
    bestPossible: null,
  };
}

/** A shop of `clv sample` that ends with 2025. */
async function simulated(
  folder: string,
  name: string,
  {
    customers,
    shop,
    cutoffs,
  }: Required<Pick<AccuracyShop, 'cutoffs'>> & {
    readonly customers: number;
    readonly shop: Omit<ShopOptions, 'end' | 'truth'>;
  },
): Promise<AccuracyShop> {
  const end = '2026-01-01';
  const { change, ...rest } = shop;
  const planted = change === undefined ? {} : { changeAt: change.at, changeFactor: change.factor };
  const made = { ...rest, ...planted, customers, end, out: join(folder, `sample-${shop.seed}.csv`) };
  await writeSampleShop(made);
  return {
    name,
    settings: { ...USUAL_COLUMNS, source: made.out },
    cutoffs,
    truth: async ({ cutoff, predMonths }) => {
      const truth = { out: join(folder, 'truth.csv'), cutoff, predMonths };
      await writeSampleShop({ ...made, out: join(folder, 'again.csv'), truth });
      const [, ...rows] = (await readFile(truth.out, 'utf8')).trimEnd().split('\n');
      return new Map(
        rows
          .map((row) => row.split(','))
          .map(([id, expected, alive]) => [id, { expected: Number(expected), isActive: alive === '1' }]),
      );
    },
    bestPossible: ({ cutoff, predMonths }, ids) =>
      bestForecast({ ...shop, end, truth: { cutoff, predMonths } }, ids),
  };
}

/** A shop whose file is named on the command line; it has to have the default columns. */
export function givenShop(source: string): AccuracyShop {
  return {
    name: source,
    settings: { ...USUAL_COLUMNS, source },
    cutoffs: null,
    truth: null,
    bestPossible: null,
  };
}

/** The shop of a home, whose config says where its orders are and how they are read. */
export async function shopOfHome(root: string): Promise<AccuracyShop> {
  const home = homeAt(root);
  const settings = ordersSettings(home, await loadConfig(home), null);
  return { name: root, settings, cutoffs: null, truth: null, bestPossible: null };
}
