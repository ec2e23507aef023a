import type { Booster } from '../../src/domain/boosting/booster.ts';
import type { BoostingParams } from '../../src/domain/boosting/boostingParams.ts';
import { growBooster, type TrainedBooster } from '../../src/domain/boosting/growBooster.ts';
import { predictBoosterRows } from '../../src/domain/boosting/predictBooster.ts';
import type { BtydModel } from '../../src/domain/btyd/btydModel.ts';
import { BtydInputError } from '../../src/domain/btyd/errors.ts';
import { fitBtyd } from '../../src/domain/btyd/fitBtyd.ts';
import { predictBtyd } from '../../src/domain/btyd/predictBtyd.ts';
import type { BtydSummary } from '../../src/domain/btyd/summary.ts';
import { windowDays } from '../../src/domain/calendar/windows.ts';
import type { FeatureMatrix } from '../../src/domain/features/matrix.ts';
import { withBtydFeatures } from '../../src/domain/forecast/btydFeatures.ts';
import type { CustomersAt } from '../../src/domain/forecast/customersAt.ts';
import type { Forecaster } from '../../src/domain/forecast/forecaster.ts';
import { type Outlook, outlookOf } from '../../src/domain/forecast/outlook.ts';
import type { BinnedMatrix } from '../../src/domain/forest/binnedMatrix.ts';
import type { WindowPair } from '../../src/domain/gridsearch/folds.ts';
import { naiveRateForecast } from '../../src/domain/gridsearch/naiveRate.ts';
import { poolTask } from './taskAnswer.ts';

/** Shops of which no purchase model can be fitted, because nobody came back or came back with money. */
const UNFITTED = new Set(['BTYD_NO_CUSTOMERS', 'BTYD_NO_REPEAT_PURCHASES', 'BTYD_NO_SPEND']);

/** Fits a purchase model; null where the customers give none. */
export const fitBtydTask = poolTask((task: { readonly summary: BtydSummary }): BtydModel | null => {
  try {
    return fitBtyd(task.summary);
  } catch (error) {
    if (error instanceof BtydInputError && UNFITTED.has(error.code)) return null;
    throw error;
  }
});

/** Grows boosted trees; with `validation` as many as are best there. */
export const growBoosterTask = poolTask(
  (task: {
    readonly data: BinnedMatrix;
    readonly target: Float64Array;
    readonly params: BoostingParams;
    readonly validation?: { readonly data: FeatureMatrix; readonly target: Float64Array };
  }): TrainedBooster =>
    growBooster(
      task.data,
      task.target,
      task.params,
      task.validation === undefined ? {} : { validation: task.validation },
    ),
);

/** What a purchase model forecasts of customers, as features and as a base; see `forecastByBtyd`. */
export const forecastByBtydTask = poolTask(
  (
    task: CustomersAt & { readonly model: BtydModel | null; readonly windows: WindowPair },
  ): { matrix: FeatureMatrix; base: Float64Array<SharedArrayBuffer> } => {
    const { model, matrix, summary, window, windows } = task;
    const prediction = model === null ? null : predictBtyd(model, summary, windowDays(window) / 7);
    const base = new Float64Array(new SharedArrayBuffer(matrix.rows * Float64Array.BYTES_PER_ELEMENT));
    base.set(prediction?.expectedClv ?? naiveRateForecast(matrix, windows).map((rate) => Math.max(0, rate)));
    return { matrix: withBtydFeatures(matrix, prediction), base };
  },
);

/** Predicts rows of a matrix into their places in the shared `predictions`. */
export const predictBoosterRowsTask = poolTask(
  (task: {
    readonly booster: Booster;
    readonly matrix: FeatureMatrix;
    readonly from: number;
    readonly to: number;
    readonly predictions: Float64Array<SharedArrayBuffer>;
  }): void =>
    predictBoosterRows(
      task.booster,
      task.matrix,
      task.from,
      task.to,
      task.predictions.subarray(task.from, task.to),
    ),
);

/** What marketers act on beside the CLV; see `outlookOf`. */
export const describeOutlookTask = poolTask(
  (task: {
    readonly model: Pick<Forecaster, 'btyd' | 'intervals' | 'season'>;
    readonly customers: Pick<CustomersAt, 'summary' | 'window'>;
    readonly clv: Float64Array;
  }): Outlook => outlookOf(task.model, task.customers, task.clv),
);
