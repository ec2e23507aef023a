import { isAbsolute, resolve } from 'node:path';
import { eligibilityLimits } from '../../src/config/gridSearchSettings.ts';
import type { ModelConfig } from '../../src/config/schema.ts';
import { dateInZone, type IsoDate } from '../../src/domain/calendar/dates.ts';
import { historyWindow, predictionWindow } from '../../src/domain/calendar/windows.ts';
import type { EligibilityFinding } from '../../src/domain/eligibility/eligibility.ts';
import type { DataFingerprint } from '../../src/domain/features/dataFingerprint.ts';
import type { FoldData } from '../../src/domain/gridsearch/evaluateFold.ts';
import type { DataSpan, Fold, WindowPair } from '../../src/domain/gridsearch/folds.ts';
import type { SearchSettings } from '../../src/domain/gridsearch/searchSettings.ts';
import type { NumberedFeatures, OrderBook } from '../../src/orders/orderBook.ts';
import { sourceSignature } from '../../src/orders/sourceSignature.ts';
import { openOrders } from '../../src/shop/openOrders.ts';
import { readEligibility } from '../../src/shop/readEligibility.ts';
import type { WorkContext } from '../processor.ts';

/** What is kept of features and labels at most; what was used longest ago goes first. */
const MOST_CACHED_BYTES = 512 * 2 ** 20;
/** A shop that no cell asked for during this time is let go. */
const IDLE_MS = 5 * 60_000;

/** A shop's orders as the cells of its searches share them: read once, and each feature matrix computed once. */
export class SearchShop {
  readonly fingerprint: DataFingerprint;
  readonly span: DataSpan;
  readonly eligibility: readonly EligibilityFinding[];
  readonly customers: number;
  readonly #book: OrderBook;
  readonly #cache = new Map<string, { readonly value: Promise<unknown>; bytes: number }>();
  #cachedBytes = 0;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(book: OrderBook, fingerprint: DataFingerprint, eligibility: EligibilityFinding[]) {
    this.#book = book;
    this.fingerprint = fingerprint;
    this.eligibility = eligibility;
    this.customers = book.report.customers;
    this.span = { firstDate: book.report.firstDate, dataEnd: book.dataEnd };
  }

  static async read(
    context: Pick<WorkContext, 'home' | 'clock' | 'pool'>,
    config: ModelConfig,
    settings: SearchSettings,
    orders: string | null,
  ): Promise<SearchShop> {
    const { home, clock, pool } = context;
    const book = await openOrders({ home, clock, threads: pool.threads }, config, orders);
    try {
      const all = { start: book.report.firstDate, end: book.dataEnd };
      // The least that the search can do: longer windows are skipped, each with its reason.
      const longest = Math.max(Math.min(...settings.historyMonths), Math.min(...settings.predMonths));
      const today = dateInZone(clock.now(), config.general.timezone);
      const findings = await readEligibility(book, eligibilityLimits(config), longest, today);
      return new SearchShop(book, await book.fingerprint(all), findings);
    } catch (error) {
      book.close();
      throw error;
    }
  }

  /**
   * What each fold of a pair of windows is fitted and measured on. What no cell has asked for before is asked of the
   * orders in one query for the features, and one for the revenue, of all folds.
   */
  async foldData({ historyMonths, predMonths }: WindowPair, folds: readonly Fold[]): Promise<FoldData[]> {
    const cutoffs = folds.flatMap(({ trainCutoff, validationCutoff }) => [trainCutoff, validationCutoff]);
    const [features, revenue] = await Promise.all([
      this.#ofEach(
        `features ${historyMonths}`,
        cutoffs,
        ({ customers, matrix }: NumberedFeatures) => customers.byteLength + matrix.values.byteLength,
        (missing) => this.#book.featuresOfEach(missing.map((cutoff) => historyWindow(cutoff, historyMonths))),
      ),
      this.#ofEach(
        `revenue ${predMonths}`,
        cutoffs,
        (byCustomer: Float64Array) => byCustomer.byteLength,
        (missing) => this.#book.revenueOfEach(missing.map((cutoff) => predictionWindow(cutoff, predMonths))),
      ),
    ]);
    return folds.map((_, i) => ({
      matrix: features[2 * i].matrix,
      target: revenueOf(features[2 * i].customers, revenue[2 * i]),
      validation: features[2 * i + 1].matrix,
      actual: revenueOf(features[2 * i + 1].customers, revenue[2 * i + 1]),
    }));
  }

  close(): void {
    this.#cache.clear();
    // A query that still runs ends before its connection is closed.
    this.#turn.then(
      () => this.#book.close(),
      () => this.#book.close(),
    );
  }

  /** One connection streams one result at a time. */
  #alone<T>(query: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(query, query);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** What was found for each cutoff before, and what `compute` gives at once for all that were not. */
  #ofEach<T>(
    what: string,
    cutoffs: readonly IsoDate[],
    bytesOf: (value: T) => number,
    compute: (missing: IsoDate[]) => Promise<T[]>,
  ): Promise<T[]> {
    const keyOf = (cutoff: IsoDate): string => `${what} ${cutoff}`;
    const missing = [...new Set(cutoffs)].filter((cutoff) => !this.#cache.has(keyOf(cutoff)));
    if (missing.length > 0) {
      const batch = this.#alone(() => compute(missing));
      missing.forEach((cutoff, i) => {
        this.#keep(
          keyOf(cutoff),
          batch.then((values) => values[i]),
          bytesOf,
        );
      });
    }
    return Promise.all(cutoffs.map((cutoff) => this.#use(keyOf(cutoff)) as Promise<T>));
  }

  #use(key: string): Promise<unknown> | undefined {
    const found = this.#cache.get(key);
    if (found === undefined) return undefined;
    // A map keeps the order of insertion: put last, it is evicted last.
    this.#cache.delete(key);
    this.#cache.set(key, found);
    return found.value;
  }

  #keep<T>(key: string, value: Promise<T>, bytesOf: (value: T) => number): void {
    const entry = { value, bytes: 0 };
    this.#cache.set(key, entry);
    value.then(
      (result) => {
        if (this.#cache.get(key) !== entry) return;
        entry.bytes = bytesOf(result);
        this.#cachedBytes += entry.bytes;
        this.#evict();
      },
      () => {
        if (this.#cache.get(key) === entry) this.#cache.delete(key);
      },
    );
  }

  #evict(): void {
    for (const [key, entry] of this.#cache) {
      if (this.#cachedBytes <= MOST_CACHED_BYTES) return;
      if (entry.bytes === 0) continue;
      this.#cache.delete(key);
      this.#cachedBytes -= entry.bytes;
    }
  }
}

/** The revenue of each row's customer, on a shared buffer. */
function revenueOf(customers: Float64Array, byCustomer: Float64Array): Float64Array<SharedArrayBuffer> {
  const revenue = new Float64Array(new SharedArrayBuffer(customers.byteLength));
  for (let row = 0; row < customers.length; row++) revenue[row] = byCustomer[customers[row]];
  return revenue;
}

interface OpenShop {
  readonly key: string;
  readonly shop: Promise<SearchShop>;
  idle: NodeJS.Timeout | undefined;
}

/** One a home; the model-build worker of a home does one job at a time. */
const openShops = new Map<string, OpenShop>();

/**
 * The shop of a search, read now or by a cell before in this process. Orders that have changed since are read anew.
 * Throws what reading orders throws.
 */
export async function searchShop(
  context: Pick<WorkContext, 'home' | 'clock' | 'pool'>,
  config: ModelConfig,
  settings: SearchSettings,
  orders: string | null,
): Promise<SearchShop> {
  const { home, clock } = context;
  const source = orders ?? config.data.orders;
  const path = source === null || isAbsolute(source) ? source : resolve(home.root, source);
  const key = JSON.stringify([
    [path, path === null ? null : await sourceSignature(path)],
    [config.data, config.general, config.eligibility],
    [settings.historyMonths, settings.predMonths],
    dateInZone(clock.now(), config.general.timezone),
  ]);
  let open = openShops.get(home.root);
  if (open?.key !== key) {
    forgetSearchShop(home.root);
    const shop = SearchShop.read(context, config, settings, orders);
    open = { key, shop, idle: undefined };
    openShops.set(home.root, open);
    shop.catch(() => openShops.delete(home.root));
  }
  clearTimeout(open.idle);
  open.idle = setTimeout(() => forgetSearchShop(home.root), IDLE_MS).unref();
  return open.shop;
}

/** Lets the orders of a home go, once a search is finished. */
export function forgetSearchShop(homeRoot: string): void {
  const open = openShops.get(homeRoot);
  if (open === undefined) return;
  openShops.delete(homeRoot);
  clearTimeout(open.idle);
  open.shop.then(
    (shop) => shop.close(),
    () => undefined,
  );
}
