import { isAbsolute, resolve } from 'node:path';
import { eligibilityLimits } from '../../src/config/gridSearchSettings.ts';
import type { ModelConfig } from '../../src/config/schema.ts';
import { dateInZone, type IsoDate } from '../../src/domain/calendar/dates.ts';
import { historyWindow, predictionWindow } from '../../src/domain/calendar/windows.ts';
import type { EligibilityFinding } from '../../src/domain/eligibility/eligibility.ts';
import type { DataFingerprint } from '../../src/domain/features/dataFingerprint.ts';
import type { FeatureMatrix } from '../../src/domain/features/matrix.ts';
import type { BinnedMatrix } from '../../src/domain/forest/binnedMatrix.ts';
import type { DataSpan } from '../../src/domain/gridsearch/folds.ts';
import type { SearchSettings } from '../../src/domain/gridsearch/searchSettings.ts';
import type { OrderBook } from '../../src/orders/orderBook.ts';
import { sourceSignature } from '../../src/orders/sourceSignature.ts';
import { openOrders } from '../../src/shop/openOrders.ts';
import { readEligibility } from '../../src/shop/readEligibility.ts';
import { binOnPool } from '../compute/trainForest.ts';
import type { ComputePool } from '../pool.ts';
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

  /** Features at `cutoff`; `rows x features, column-major`. */
  features(cutoff: IsoDate, historyMonths: number): Promise<FeatureMatrix> {
    return this.#once(`features ${cutoff} ${historyMonths}`, bytesOfMatrix, async () => {
      const { matrix } = await this.#alone(() => this.#book.features(historyWindow(cutoff, historyMonths)));
      return matrix;
    });
  }

  /** The same features as bin codes, which every forest at this cutoff is grown from. */
  async binned(
    cutoff: IsoDate,
    historyMonths: number,
    settings: Pick<SearchSettings, 'maxBins' | 'seed'>,
    pool: ComputePool,
  ): Promise<BinnedMatrix> {
    const matrix = await this.features(cutoff, historyMonths);
    const key = `binned ${cutoff} ${historyMonths} ${settings.maxBins} ${settings.seed}`;
    return this.#once(
      key,
      ({ codes }) => codes.byteLength,
      () => binOnPool(pool, matrix, settings),
    );
  }

  /** Revenue of the same customers in the months from `cutoff`, in currency. */
  labels(
    cutoff: IsoDate,
    historyMonths: number,
    predMonths: number,
  ): Promise<Float64Array<SharedArrayBuffer>> {
    return this.#once(
      `labels ${cutoff} ${historyMonths} ${predMonths}`,
      (labels) => labels.byteLength,
      () =>
        this.#alone(() =>
          this.#book.revenue(historyWindow(cutoff, historyMonths), predictionWindow(cutoff, predMonths)),
        ),
    );
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

  #once<T>(key: string, bytesOf: (value: T) => number, compute: () => Promise<T>): Promise<T> {
    const found = this.#cache.get(key);
    if (found !== undefined) {
      // A map keeps the order of insertion: put last, it is evicted last.
      this.#cache.delete(key);
      this.#cache.set(key, found);
      return found.value as Promise<T>;
    }
    const value = compute();
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
    return value;
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

function bytesOfMatrix(matrix: FeatureMatrix): number {
  return matrix.values.byteLength;
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
