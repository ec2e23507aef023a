import { eligibilityLimits } from '../../src/config/gridSearchSettings.ts';
import type { ModelConfig } from '../../src/config/schema.ts';
import type { BtydSummary } from '../../src/domain/btyd/summary.ts';
import type { DataSpan } from '../../src/domain/calendar/dataSpan.ts';
import { dateInZone, type IsoDate } from '../../src/domain/calendar/dates.ts';
import {
  type DateWindow,
  historyWindow,
  predictionWindow,
  type WindowPair,
} from '../../src/domain/calendar/windows.ts';
import type { EligibilityFinding } from '../../src/domain/eligibility/eligibility.ts';
import { looksAtSeason } from '../../src/domain/features/chooseFeatures.ts';
import type { DataFingerprint } from '../../src/domain/features/dataFingerprint.ts';
import { learnSeason } from '../../src/domain/forecast/season/learnSeason.ts';
import type { Season } from '../../src/domain/forecast/season/season.ts';
import type { FoldContest, FoldData, PurchasesAt } from '../../src/domain/gridsearch/foldData.ts';
import type { Fold } from '../../src/domain/gridsearch/folds.ts';
import type { SearchSettings } from '../../src/domain/gridsearch/searchSettings.ts';
import { sharedFloats } from '../../src/domain/sharedFloats.ts';
import type { NumberedFeatures, OrderBook } from '../../src/orders/orderBook.ts';
import { openOrders } from '../../src/shop/openOrders.ts';
import { readEligibility } from '../../src/shop/readEligibility.ts';
import type { ComputePool } from '../pool.ts';
import type { WorkContext } from '../processor.ts';
import { SharedAnswers } from './sharedAnswers.ts';

/** A shop's orders as the cells of its searches share them: read once, and each feature matrix computed once. */
export class SearchShop {
  readonly fingerprint: DataFingerprint;
  readonly span: DataSpan;
  readonly eligibility: readonly EligibilityFinding[];
  readonly customers: number;
  readonly #book: OrderBook;
  readonly #pool: ComputePool;
  readonly #answers = new SharedAnswers();

  private constructor(
    book: OrderBook,
    pool: ComputePool,
    fingerprint: DataFingerprint,
    eligibility: EligibilityFinding[],
  ) {
    this.#book = book;
    this.#pool = pool;
    this.fingerprint = fingerprint;
    this.eligibility = eligibility;
    this.customers = book.report.customers;
    this.span = { firstDate: book.report.openingDate, dataEnd: book.dataEnd };
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
      return new SearchShop(book, pool, await book.fingerprint(all), findings);
    } catch (error) {
      book.close();
      throw error;
    }
  }

  /**
   * What each fold of a pair of windows is fitted and measured on. What no cell has asked for before is asked of the
   * orders in one query for the features, and one for the revenue, of all folds.
   */
  async foldData(
    windows: WindowPair,
    folds: readonly Fold[],
    settings: Pick<SearchSettings, 'engine' | 'features'>,
  ): Promise<FoldData[]> {
    const { historyMonths, predMonths } = windows;
    const cutoffs = folds.flatMap(({ trainCutoff, validationCutoff }) => [trainCutoff, validationCutoff]);
    const request = { features: settings.features, predMonths };
    // The season of a window is a feature that other windows do not share.
    const looksAt = looksAtSeason(settings.features) ? `${historyMonths}, ${predMonths}` : `${historyMonths}`;
    const [features, revenue, contests] = await Promise.all([
      this.#answers.each(
        cutoffs,
        (cutoff) => `features ${looksAt} ${cutoff}`,
        ({ customers, matrix }: NumberedFeatures) => customers.byteLength + matrix.values.byteLength,
        (missing) =>
          this.#book.featuresOfEach(
            missing.map((cutoff) => historyWindow(cutoff, historyMonths)),
            request,
          ),
      ),
      this.#answers.each(
        cutoffs,
        (cutoff) => `revenue ${predMonths} ${cutoff}`,
        (byCustomer: Float64Array) => byCustomer.byteLength,
        (missing) => this.#book.revenueOfEach(missing.map((cutoff) => predictionWindow(cutoff, predMonths))),
      ),
      settings.engine === 'tournament'
        ? Promise.all(folds.map((fold) => this.#contestOf(windows, fold)))
        : folds.map(() => null),
    ]);
    return folds.map((_, i) => ({
      matrix: features[2 * i].matrix,
      target: revenueOf(features[2 * i].customers, revenue[2 * i]),
      validation: features[2 * i + 1].matrix,
      actual: revenueOf(features[2 * i + 1].customers, revenue[2 * i + 1]),
      contest: contests[i],
    }));
  }

  close(): void {
    this.#answers.clear();
    this.#book.close();
  }

  async #contestOf(windows: WindowPair, { trainCutoff, validationCutoff }: Fold): Promise<FoldContest> {
    const season = await this.#answers.one(
      `season ${validationCutoff}`,
      () => 1,
      async () => learnSeason(await this.#book.activity(validationCutoff), validationCutoff),
    );
    const [fit, validation] = await Promise.all(
      [trainCutoff, validationCutoff].map((cutoff) => this.#purchasesAt(windows, cutoff, season)),
    );
    return { fit, validation, season };
  }

  async #purchasesAt(
    { historyMonths, predMonths }: WindowPair,
    cutoff: IsoDate,
    season: Season | null,
  ): Promise<PurchasesAt> {
    const [summary, btyd] = await Promise.all([
      this.#summaryOf(historyWindow(cutoff, historyMonths)),
      this.#answers.one(
        `purchase model ${cutoff} ${season?.anchor}`,
        () => 1,
        async () => {
          // From the first order on: a window would leave out whoever has been silent for longer than it.
          const summary = await this.#summaryOf({ start: this.#book.report.firstDate, end: cutoff });
          // Without the signal of the cell that asks first: others wait for it, too.
          return this.#pool.run('fitPurchaseModelTask', { summary, season, cutoff });
        },
      ),
    ]);
    return { btyd, summary, window: predictionWindow(cutoff, predMonths) };
  }

  /** Purchases, up to the end of a history window, of who ordered in it. */
  #summaryOf(history: DateWindow): Promise<BtydSummary> {
    return this.#answers.one(
      `purchases ${history.start} ${history.end}`,
      ({ ageWeeks }: BtydSummary) => 4 * ageWeeks.byteLength,
      () => this.#book.btydSummary(history),
    );
  }
}

/** The revenue of each row's customer, on a shared buffer. */
function revenueOf(customers: Float64Array, byCustomer: Float64Array): Float64Array<SharedArrayBuffer> {
  const revenue = sharedFloats(customers.length);
  for (let row = 0; row < customers.length; row++) revenue[row] = byCustomer[customers[row]];
  return revenue;
}
