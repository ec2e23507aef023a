import type { BtydSummary } from '../../../src/domain/btyd/summary.ts';
import type { IsoDate } from '../../../src/domain/calendar/dates.ts';
import { historyWindow, predictionWindow } from '../../../src/domain/calendar/windows.ts';
import type { CustomersAt } from '../../../src/domain/forecast/customersAt.ts';
import type { PurchaseModel } from '../../../src/domain/forecast/purchases/purchaseModel.ts';
import { learnSeason } from '../../../src/domain/forecast/season/learnSeason.ts';
import type { Season, ShiftOutlook } from '../../../src/domain/forecast/season/season.ts';
import { customersAt } from '../../../src/orders/customersAt.ts';
import type { OrderBook } from '../../../src/orders/orderBook.ts';
import type { ComputePool } from '../../pool.ts';

/** Customers at a cutoff, and what they spent in the window behind it. */
export interface LabelledCustomersAt extends CustomersAt {
  readonly labels: Float64Array<SharedArrayBuffer>;
}

/** A shop as it stood on any of its days. */
export interface ShopAtCutoffs {
  /** The day from which it was open. */
  readonly openingDate: IsoDate;
  readonly historyMonths: number;
  /** Customers with an order in the history before the cutoff, labelled with the window behind it. */
  labelled(cutoff: IsoDate, predMonths: number): Promise<LabelledCustomersAt>;
  /** What the same customers spent in so many months behind the cutoff. */
  spent(cutoff: IsoDate, months: number): Promise<Float64Array>;
  /** The purchase model, in the time of a season, of who had ordered before the cutoff; null where there is none. */
  purchaseModel(cutoff: IsoDate, season: Season | null): Promise<PurchaseModel | null>;
  /** The model, to the same season, of who is still active of them; null where there is no purchase model. */
  activityModel(cutoff: IsoDate, season: Season | null): Promise<PurchaseModel | null>;
  /** The season that the orders before the cutoff show; null where they show none. */
  season(cutoff: IsoDate): Promise<Season | null>;
}

/** Reads a shop at its cutoffs and keeps what was read: the fits of several origins share cutoffs. */
export function shopAtCutoffs(
  book: OrderBook,
  {
    historyMonths,
    features,
    levelShift,
  }: {
    readonly historyMonths: number;
    readonly features: readonly string[];
    readonly levelShift?: ShiftOutlook;
  },
  { pool, signal }: { readonly pool: ComputePool; readonly signal: AbortSignal },
): ShopAtCutoffs {
  const { firstDate, openingDate } = book.report;
  const summaries = new Map<IsoDate, Promise<BtydSummary>>();
  const purchaseModels = new Map<string, Promise<PurchaseModel | null>>();
  const labelled = new Map<string, Promise<LabelledCustomersAt>>();
  // From the first order on: a window would leave out whoever has been silent for longer than it.
  const everybody = (cutoff: IsoDate): Promise<BtydSummary> =>
    kept(summaries, cutoff, () => book.btydSummary({ start: firstDate, end: cutoff }));
  const purchaseModel = (cutoff: IsoDate, season: Season | null): Promise<PurchaseModel | null> =>
    // A season is known by the day up to which it was learned.
    kept(purchaseModels, `${cutoff} ${season?.anchor}`, async () =>
      pool.run('fitPurchaseModelTask', { summary: await everybody(cutoff), season, cutoff }, signal),
    );
  return {
    openingDate,
    historyMonths,
    labelled: (cutoff, predMonths) =>
      kept(labelled, `${cutoff} ${predMonths}`, async () => {
        const windows = { historyMonths, predMonths };
        const { customers } = await customersAt(book, cutoff, windows, features);
        const labels = await book.revenue(historyWindow(cutoff, historyMonths), customers.window);
        return { ...customers, labels };
      }),
    spent: (cutoff, months) =>
      book.revenue(historyWindow(cutoff, historyMonths), predictionWindow(cutoff, months)),
    purchaseModel,
    activityModel: async (cutoff, season) => {
      const btyd = await purchaseModel(cutoff, season);
      if (btyd === null) return null;
      return pool.run('fitActivityModelTask', { btyd, summary: await everybody(cutoff), cutoff }, signal);
    },
    season: async (cutoff) => learnSeason(await book.activity(cutoff), cutoff, levelShift),
  };
}

function kept<Key, Value>(
  all: Map<Key, Promise<Value>>,
  key: Key,
  make: () => Promise<Value>,
): Promise<Value> {
  const known = all.get(key) ?? make();
  all.set(key, known);
  return known;
}
