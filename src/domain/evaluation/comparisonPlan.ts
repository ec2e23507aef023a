import { addMonths, type IsoDate } from '../calendar/dates.ts';
import { type DateWindow, historyWindow, predictionWindow } from '../calendar/windows.ts';
import { ClvError } from '../errors.ts';
import { latestMaturedCutoff } from './trainingCutoff.ts';

/** The facts about a model that decide how it can be measured. */
export interface ComparedModel {
  readonly modelId: string;
  readonly cutoff: IsoDate;
  readonly historyMonths: number;
  readonly predMonths: number;
}

/**
 * What is measured in place of a model. `binary`: the model itself, which has seen no label of the window. `refit`: the
 * same recipe, fitted one prediction window earlier, because the model itself has seen labels of the window.
 */
export interface StandIn {
  readonly by: 'binary' | 'refit';
  readonly fitCutoff: IsoDate;
  /** The day after the last label of that fit: never after the window's first day. */
  readonly labelsEnd: IsoDate;
  /** False where the orders begin after the start of that fit's history. */
  readonly hasFullHistory: boolean;
}

/** How two models are measured on the same months. */
export interface ComparisonPlan {
  /** The newest months that are complete in the data; both forecast them from its first day. */
  readonly window: DateWindow;
  readonly standIns: readonly [StandIn, StandIn];
}

/** Whether two models forecast the revenue of the same number of months. */
export function isSameHorizon(models: readonly [ComparedModel, ComparedModel]): boolean {
  return models[0].predMonths === models[1].predMonths;
}

/**
 * The plan of an honest comparison: no model is judged on labels that it was trained on.
 *
 * @param models must predict the same number of months, else RangeError.
 * @param data the first date of the orders, and the day after the last.
 * @throws ClvError `COMPARISON_IMPOSSIBLE` where the orders begin too late for a fit before the window.
 */
export function planComparison(
  models: readonly [ComparedModel, ComparedModel],
  data: { readonly firstDate: IsoDate; readonly dataEnd: IsoDate },
): ComparisonPlan {
  if (!isSameHorizon(models)) throw new RangeError('The models predict different numbers of months.');
  const [{ predMonths }] = models;
  const window = predictionWindow(latestMaturedCutoff(data.dataEnd, predMonths), predMonths);
  return { window, standIns: [standIn(models[0], window, data), standIn(models[1], window, data)] };
}

function standIn(
  { modelId, cutoff, historyMonths, predMonths }: ComparedModel,
  window: DateWindow,
  { firstDate }: { readonly firstDate: IsoDate },
): StandIn {
  const isUnseen = predictionWindow(cutoff, predMonths).end <= window.start;
  const fitCutoff = isUnseen ? cutoff : addMonths(window.start, -predMonths);
  if (fitCutoff <= firstDate) {
    throw new ClvError(
      'COMPARISON_IMPOSSIBLE',
      `${modelId} cannot be measured on the months from ${window.start}: that takes a fit at ${fitCutoff}, and the orders begin at ${firstDate}.`,
      { remedy: `Bring orders from before ${fitCutoff}.`, values: { modelId, fitCutoff, firstDate } },
    );
  }
  return {
    by: isUnseen ? 'binary' : 'refit',
    fitCutoff,
    labelsEnd: predictionWindow(fitCutoff, predMonths).end,
    hasFullHistory: historyWindow(fitCutoff, historyMonths).start >= firstDate,
  };
}
