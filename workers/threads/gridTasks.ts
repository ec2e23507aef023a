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
