import type { BoostingParams } from '../../src/domain/boosting/boostingParams.ts';
import {
  growBooster,
  type TrainedBooster,
  type ValidationRows,
} from '../../src/domain/boosting/growBooster.ts';
import type { BtydModel } from '../../src/domain/btyd/btydModel.ts';
import { BtydInputError } from '../../src/domain/btyd/errors.ts';
import { fitBtyd } from '../../src/domain/btyd/fitBtyd.ts';
import type { BtydSummary } from '../../src/domain/btyd/summary.ts';
import type { WindowPair } from '../../src/domain/calendar/windows.ts';
import { type BtydForecast, btydForecast } from '../../src/domain/forecast/btydForecast.ts';
import type { FittedContender } from '../../src/domain/forecast/contender.ts';
import type { CustomersAt } from '../../src/domain/forecast/customersAt.ts';
import { customersToFit } from '../../src/domain/forecast/customersToFit.ts';
import type { Forecaster } from '../../src/domain/forecast/forecaster.ts';
import { type ForecastInputs, forecastRows } from '../../src/domain/forecast/forecastRows.ts';
import { type Outlook, outlookOf } from '../../src/domain/forecast/outlook.ts';
import type { BinnedMatrix } from '../../src/domain/forest/binnedMatrix.ts';
import { poolTask } from './taskAnswer.ts';

/** Shops of which no purchase model can be fitted, because nobody came back or came back with money. */
const UNFITTED = new Set(['BTYD_NO_CUSTOMERS', 'BTYD_NO_REPEAT_PURCHASES', 'BTYD_NO_SPEND']);

/**
 * Fits a purchase model on the customers who came lately; on all of them where those give none; null where nobody gives
 * one.
 */
export const fitBtydTask = poolTask((task: { readonly summary: BtydSummary }): BtydModel | null => {
  return modelOf(customersToFit(task.summary)) ?? modelOf(task.summary);
});

function modelOf(customers: BtydSummary): BtydModel | null {
  try {
    return fitBtyd(customers);
  } catch (error) {
    if (error instanceof BtydInputError && UNFITTED.has(error.code)) return null;
    throw error;
  }
}

/** Grows boosted trees; with `validation` as many as are best there. */
export const growBoosterTask = poolTask(
  (task: {
    readonly data: BinnedMatrix;
    readonly target: Float64Array;
    readonly weights?: Float64Array;
    readonly params: BoostingParams;
    readonly validation?: ValidationRows;
  }): TrainedBooster =>
    growBooster(task.data, task.target, task.params, { weights: task.weights, validation: task.validation }),
);

/** What a purchase model forecasts of customers, as features and as a base; see `btydForecast`. */
export const forecastByBtydTask = poolTask(
  (task: CustomersAt & { readonly model: BtydModel | null; readonly windows: WindowPair }): BtydForecast =>
    btydForecast(task.model, task, task.windows),
);

/** Has a contender forecast rows into their places in the shared `forecast`; see `forecastRows`. */
export const forecastRowsTask = poolTask(
  (task: {
    readonly contender: FittedContender;
    readonly inputs: ForecastInputs;
    readonly from: number;
    readonly to: number;
    readonly forecast: Float64Array<SharedArrayBuffer>;
  }): void => {
    const { contender, inputs, from, to, forecast } = task;
    forecast.set(forecastRows(contender, inputs, from, to), from);
  },
);

/** What marketers act on beside the CLV; see `outlookOf`. */
export const describeOutlookTask = poolTask(
  (task: {
    readonly model: Pick<Forecaster, 'btyd' | 'intervals' | 'season'>;
    readonly customers: Pick<CustomersAt, 'summary' | 'window'>;
    readonly clv: Float64Array;
  }): Outlook => outlookOf(task.model, task.customers, task.clv),
);
