import type { WindowPair } from '../../src/domain/calendar/windows.ts';
import { evaluateFold, type FitSettings } from '../../src/domain/gridsearch/evaluateFold.ts';
import type { FoldData } from '../../src/domain/gridsearch/foldData.ts';
import { type FoldMetrics, measureFold } from '../../src/domain/gridsearch/foldMetrics.ts';
import { poolTask } from './taskAnswer.ts';

/** Measures a fold of a grid search; one entry a customer. */
export const measureFoldTask = poolTask(
  (task: {
    readonly predicted: Float64Array<SharedArrayBuffer>;
    readonly naive: Float64Array;
    readonly actual: Float64Array<SharedArrayBuffer>;
  }): FoldMetrics => measureFold(task.predicted, task.naive, task.actual),
);

/** Fits and measures a whole fold, once for each set of hyper-parameters. */
export const evaluateFoldTask = poolTask(
  (task: {
    readonly data: FoldData;
    readonly windows: WindowPair;
    readonly settings: FitSettings;
  }): FoldMetrics[] => evaluateFold(task.data, task.windows, task.settings),
);
