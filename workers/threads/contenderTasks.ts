import type { BoostingParams } from '../../src/domain/boosting/boostingParams.ts';
import {
  growBooster,
  type TrainedBooster,
  type ValidationRows,
} from '../../src/domain/boosting/growBooster.ts';
import type { RevenueDistributions } from '../../src/domain/btyd/revenueDistributions.ts';
import type { BtydSummary } from '../../src/domain/btyd/summary.ts';
import type { IsoDate } from '../../src/domain/calendar/dates.ts';
import { type BtydForecast, btydForecast } from '../../src/domain/forecast/contenders/btydForecast.ts';
import type { FittedContender } from '../../src/domain/forecast/contenders/contender.ts';
import { type ForecastInputs, forecastRows } from '../../src/domain/forecast/contenders/forecastRows.ts';
import type { CustomersAt } from '../../src/domain/forecast/customersAt.ts';
import type { Forecaster } from '../../src/domain/forecast/forecaster.ts';
import {
  forecastImportance,
  type MeasuredForecast,
  rmseOfModel,
} from '../../src/domain/forecast/forecastImportance.ts';
import { type Outlook, outlookOf } from '../../src/domain/forecast/outlook.ts';
import {
  fitActivityModel,
  fitPurchaseModel,
  type PurchaseModel,
} from '../../src/domain/forecast/purchases/purchaseModel.ts';
import { revenueDistributionsOf } from '../../src/domain/forecast/purchases/revenueDistributionsOf.ts';
import type { Season } from '../../src/domain/forecast/season/season.ts';
import type { BinnedMatrix } from '../../src/domain/forest/binning/binnedMatrix.ts';
import type {
  FeatureImportance,
  Shuffles,
} from '../../src/domain/forest/predicting/permutationImportance.ts';
import { poolTask } from './taskAnswer.ts';

/** Fits a purchase model; see `fitPurchaseModel`. */
export const fitPurchaseModelTask = poolTask(
  (task: {
    readonly summary: BtydSummary;
    readonly season: Season | null;
    readonly cutoff: IsoDate;
  }): PurchaseModel | null => fitPurchaseModel(task.summary, task.season, task.cutoff),
);

/** Fits the model of who is still active; see `fitActivityModel`. */
export const fitActivityModelTask = poolTask(
  (task: {
    readonly btyd: PurchaseModel;
    readonly summary: BtydSummary;
    readonly cutoff: IsoDate;
  }): PurchaseModel => fitActivityModel(task.btyd, task.summary, task.cutoff),
);

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
  (task: CustomersAt & { readonly btyd: PurchaseModel | null }): BtydForecast =>
    btydForecast(task.btyd, task),
);

/** The predictive distributions of customers' revenue; see `revenueDistributionsOf`. */
export const predictDistributionsTask = poolTask(
  (task: {
    readonly btyd: PurchaseModel;
    readonly customers: Pick<CustomersAt, 'summary' | 'window'>;
  }): RevenueDistributions => revenueDistributionsOf(task.btyd, task.customers),
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

/** The error of a model on months that it had not seen; see `rmseOfModel`. */
export const rmseOfModelTask = poolTask((measured: MeasuredForecast): number => rmseOfModel(measured));

/** Measures what shuffling one feature does to the forecast of a model; see `forecastImportance`. */
export const measureImportanceTask = poolTask(
  (task: {
    readonly measured: MeasuredForecast;
    readonly feature: string;
    readonly shuffles: Shuffles;
  }): FeatureImportance => forecastImportance(task.measured, task.feature, task.shuffles),
);

/** What marketers act on beside the CLV; see `outlookOf`. */
export const describeOutlookTask = poolTask(
  (task: {
    readonly model: Pick<Forecaster, 'btyd' | 'activity' | 'intervals' | 'season'>;
    readonly customers: Pick<CustomersAt, 'summary' | 'window'>;
    readonly clv: Float64Array;
  }): Outlook => outlookOf(task.model, task.customers, task.clv),
);
