import { readdir } from 'node:fs/promises';
import { runOfPredictions } from '../artefacts/names.ts';
import { type OpenWindow, writePartial } from '../artefacts/run/partialFile.ts';
import { findSidecar, type Sidecar } from '../artefacts/sidecar.ts';
import { addDays, addMonths, type IsoDate, toEpochDay } from '../domain/calendar/dates.ts';
import { type DateWindow, historyWindow, predictionWindow } from '../domain/calendar/windows.ts';
import { measureOpenWindow, type OpenWindowFacts } from '../domain/drift/openWindow.ts';
import type { OrderBook } from '../orders/orderBook.ts';

/** The progress of a shop's open windows, on the day up to which its orders reach. */
export interface OpenWindows {
  /** The day after the last order. */
  readonly asOf: IsoDate;
  readonly windows: readonly OpenWindow[];
  /** The file that it was written to, below `outputs`. */
  readonly file: string;
}

/**
 * Compares the revenue of every prediction file whose window is open with what was expected so far, and writes
 * `monitoring/partial_<as of>.csv`. The day up to which revenue counts is that of the last order, not today, because
 * orders that arrive late must not look like customers who stay away. Prediction files without a sidecar are left out.
 * Throws FileWriteError.
 */
export async function watchOpenWindows(outputs: string, book: OrderBook): Promise<OpenWindows> {
  const asOf = book.dataEnd;
  const windows: OpenWindow[] = [];
  for (const name of (await readdir(outputs)).filter((it) => runOfPredictions(it) !== null).sort()) {
    const sidecar = await findSidecar(`${outputs}/${name}`);
    if (sidecar === null || typeof sidecar.predicted_revenue !== 'number') continue;
    const window = predictionWindow(sidecar.cutoff, sidecar.pred_months);
    if (asOf < window.start || asOf >= window.end) continue;
    const facts = await factsOf(book, sidecar, window, sidecar.predicted_revenue);
    windows.push({
      file: name,
      modelId: sidecar.model_id,
      cutoff: sidecar.cutoff,
      windowEnd: window.end,
      customers: sidecar.rows,
      predicted: facts.predicted,
      realised: facts.realised,
      ...measureOpenWindow(facts),
    });
  }
  return { asOf, windows, file: await writePartial(outputs, asOf, windows) };
}

async function factsOf(
  book: OrderBook,
  { cutoff, history_months, pred_months }: Sidecar,
  window: DateWindow,
  predicted: number,
): Promise<OpenWindowFacts> {
  const asOf = book.dataEnd;
  const history = historyWindow(cutoff, history_months);
  const cutoffBefore = addMonths(cutoff, -12);
  const historyBefore = historyWindow(cutoffBefore, history_months);
  const windowBefore = predictionWindow(cutoffBefore, pred_months);
  const asOfBefore = addDays(cutoffBefore, toEpochDay(asOf) - toEpochDay(cutoff));
  // The year before cannot serve for comparison if the orders do not cover the whole history before it, or if its
  // window is not over yet.
  const isTold = book.report.openingDate <= historyBefore.start && windowBefore.end <= asOf;
  return {
    window,
    asOf,
    predicted,
    realised: await revenueOf(book, history, { start: cutoff, end: asOf }),
    yearBefore: isTold
      ? {
          toDate: await revenueOf(book, historyBefore, {
            start: cutoffBefore,
            end: earlierOf(asOfBefore, windowBefore.end),
          }),
          whole: await revenueOf(book, historyBefore, windowBefore),
        }
      : null,
  };
}

function earlierOf(a: IsoDate, b: IsoDate): IsoDate {
  if (a < b) return a;
  return b;
}

/** Net revenue in `window` of all customers with an order in `history`. */
async function revenueOf(book: OrderBook, history: DateWindow, window: DateWindow): Promise<number> {
  return (await book.revenue(history, window)).reduce((sum, value) => sum + value, 0);
}
