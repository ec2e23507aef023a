import { type MaturingWindow, mergeActuals } from '../../queues/maturity.ts';
import { MONEY_DIGITS, moneyTotal, rounded } from '../../src/artefacts/files/roundedNumber.ts';
import { runFileName } from '../../src/artefacts/names.ts';
import { readPredictions, writePredictions } from '../../src/artefacts/run/predictions.ts';
import {
  ArtefactError,
  findSidecar,
  readVerifiedSidecar,
  type Sidecar,
  writeSidecar,
} from '../../src/artefacts/sidecar.ts';
import type { Home } from '../../src/config/home.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import type { ModelConfig } from '../../src/config/schema.ts';
import { dueInstant } from '../../src/domain/calendar/maturity.ts';
import { type DateWindow, predictionWindow } from '../../src/domain/calendar/windows.ts';
import { dataReach, PACE_DAYS, paceWindow } from '../../src/domain/drift/dataReach.ts';
import type { OtherCustomers } from '../../src/domain/drift/driftResult.ts';
import { ClvError, TransientError } from '../../src/domain/errors.ts';
import { counted } from '../../src/domain/words/counted.ts';
import type { OrderBook, WindowRevenue } from '../../src/orders/orderBook.ts';
import { openOrders } from '../../src/shop/openOrders.ts';
import { processorOf } from '../processor.ts';

/** The prediction file cannot be measured as it is: gone, changed, or another window's. */
export class PredictionUnusableError extends ClvError {}

/** The orders do not reach the end of the predicted months yet, or cannot be read as they lie there now. */
export class DataNotThereError extends TransientError {}

/**
 * Joins what customers really spent to the predictions of a window that has passed. What window and model those are is
 * told by the sidecar of the prediction file alone. A result that stands there already stays.
 */
export const mergeActualsProcessor = processorOf(
  mergeActuals,
  async (window, { home, pool, clock, progress, log, waitUntil }) => {
    const predictionPath = `${home.outputs}/${runFileName('predictions', window)}`;
    const actualPath = `${home.outputs}/${runFileName('predictions_actual', window)}`;
    const there = await findResult(actualPath, predictionPath);
    if (there !== null) return there;
    const prediction = await readPredictionSidecar(predictionPath, window);
    const months = predictionWindow(prediction.cutoff, prediction.pred_months);
    const config = await loadConfig(home);
    const { timezone } = config.general;
    const dueMs = dueInstant(window, { timezone, dataLagHours: config.schedule.data_lag_hours });
    // Clocks of hosts differ, and a person can promote a delayed job on the board.
    if (clock.now() < dueMs) return waitUntil(dueMs);

    progress(0.1, 'reading orders');
    using book = await openOrders({ home, clock, threads: pool.threads }, config, null).catch(asNotThere);
    await demandData(book, months, config, home);
    progress(0.6, 'joining revenue');
    const predictions = await readPredictions(predictionPath, prediction.rows);
    const joined = join(predictions.customerIds, await book.revenueByCustomer(months));
    progress(0.8, 'writing actuals');
    const written = await writePredictions(actualPath, predictions, ['actual_clv'], (row) => [
      rounded(joined.actual[row], MONEY_DIGITS),
    ]);
    const sidecar: Sidecar = {
      file: runFileName('predictions_actual', window),
      ...written,
      model_id: prediction.model_id,
      cutoff: prediction.cutoff,
      history_months: prediction.history_months,
      pred_months: prediction.pred_months,
      prediction_window: months,
      made_from_sha256: prediction.sha256,
      predicted_revenue: prediction.predicted_revenue,
      predicted_revenue_bounds: prediction.predicted_revenue_bounds,
      actual_revenue: moneyTotal(joined.actual),
      customers_without_purchase: joined.withoutPurchase,
      new_customers: joined.newCustomers,
      returned_customers: joined.returnedCustomers,
      orders_in_window: await book.fingerprint(months),
    };
    await writeSidecar(actualPath, sidecar);
    log.info(
      { modelId: prediction.model_id, newCustomers: joined.newCustomers },
      'realised revenue joined to the predictions',
    );
    return sidecar;
  },
);

/** The result of an earlier run, unless the window was scored again since. */
async function findResult(actualPath: string, predictionPath: string): Promise<Sidecar | null> {
  const there = await readVerifiedSidecar(actualPath).catch((error) => {
    if (error instanceof ArtefactError) return null;
    throw error;
  });
  if (there === null) return null;
  // A prediction file may have gone to the archive since; what was made of it is still the result.
  const prediction = await findSidecar(predictionPath);
  return prediction === null || prediction.sha256 === there.made_from_sha256 ? there : null;
}

async function readPredictionSidecar(path: string, window: MaturingWindow): Promise<Sidecar> {
  try {
    const sidecar = await readVerifiedSidecar(path);
    if (sidecar.cutoff === window.cutoff && sidecar.pred_months === window.predMonths) return sidecar;
    throw new PredictionUnusableError(
      'PREDICTION_UNUSABLE',
      `The sidecar of ${path} is of another window: cutoff ${sidecar.cutoff}, ${counted(sidecar.pred_months, 'month')}.`,
      { remedy: REMEDY, values: { path } },
    );
  } catch (error) {
    if (!(error instanceof ArtefactError)) throw error;
    throw new PredictionUnusableError(
      'PREDICTION_UNUSABLE',
      `The window cannot be measured: ${error.message}`,
      {
        remedy: REMEDY,
        values: { path, ...error.values },
        cause: error,
      },
    );
  }
}

/**
 * Orders that cannot be read at this moment are waited for like orders that are late: at midnight the file may just be
 * written anew, and whoever mends it in the morning need not think of this job.
 */
function asNotThere(error: unknown): never {
  if (!(error instanceof ClvError) || error instanceof TransientError) throw error;
  const { code, message, remedy, values } = error;
  throw new DataNotThereError(code, message, { remedy, values, cause: error });
}

const REMEDY =
  'Restore the file and its sidecar as they were written, from a backup, and retry this job. Other windows are not affected.';

async function demandData(
  book: OrderBook,
  months: DateWindow,
  config: ModelConfig,
  home: Home,
): Promise<void> {
  const { lastDate } = book.report;
  const recentOrders = await book.countOrders(paceWindow(lastDate));
  const { accept_quiet_days } = config.monitoring;
  const reach = dataReach({ lastDate, recentOrders }, months.end, accept_quiet_days);
  if (reach.isReached) return;
  throw new DataNotThereError(
    'DATA_NOT_THERE',
    `The orders end on ${lastDate}, but the predicted months run up to ${months.end}: ${counted(reach.quietDays, 'day')} without an order, and the shop has had ${counted(recentOrders, 'order')} in the ${PACE_DAYS} days before, so at most ${counted(reach.allowedQuietDays, 'day')} could be quiet.`,
    {
      remedy: `Load the newer orders, then retry this job. If the shop really sold nothing in those days, set monitoring.accept_quiet_days to ${reach.quietDays} in ${home.configFile}.`,
      values: { lastDate, windowEnd: months.end, ...reach },
    },
  );
}

interface Joined {
  /** Net revenue in the window; one entry a scored customer, 0 for who bought nothing. */
  readonly actual: Float64Array;
  /** Scored customers without an order in the window that is not a return. */
  readonly withoutPurchase: number;
  readonly newCustomers: OtherCustomers;
  /** Known before the cutoff, but without an order in the history window, so that they were not scored. */
  readonly returnedCustomers: OtherCustomers;
}

function join(scored: readonly string[], revenue: WindowRevenue): Joined {
  const rowOf = new Map(revenue.customerIds.map((id, row) => [id, row]));
  const isScored = new Uint8Array(revenue.customerIds.length);
  let buyers = 0;
  const actual = Float64Array.from(scored, (id) => {
    const row = rowOf.get(id);
    if (row === undefined) return 0;
    isScored[row] = 1;
    buyers += revenue.hasBought[row];
    return revenue.revenue[row];
  });
  const others = (isNew: number): OtherCustomers => {
    const spent = revenue.revenue.filter((_, row) => isScored[row] === 0 && revenue.isNew[row] === isNew);
    return { customers: spent.length, revenue: moneyTotal(spent) };
  };
  const withoutPurchase = scored.length - buyers;
  return { actual, withoutPurchase, newCustomers: others(1), returnedCustomers: others(0) };
}
