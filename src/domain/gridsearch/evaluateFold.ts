import type { WindowPair } from '../calendar/windows.ts';
import type { FeatureMatrix } from '../features/matrix.ts';
import { learnCalibration } from '../forecast/combination/learnCalibration.ts';
import { learnStack } from '../forecast/combination/learnStack.ts';
import { applyStack } from '../forecast/combination/stack.ts';
import { btydForecast } from '../forecast/contenders/btydForecast.ts';
import { DEFAULT_BOOSTED_TREES } from '../forecast/contenders/contenderParams.ts';
import { joinRows, withoutOutlyingRows } from '../forecast/contenders/contenderPlans.ts';
import { forecastRows } from '../forecast/contenders/forecastRows.ts';
import { growContenders } from '../forecast/contenders/growContenders.ts';
import { naiveRateForecast, rateForecast } from '../forecast/contenders/naiveRate.ts';
import { seasonallyAdjusted } from '../forecast/contenders/seasonallyAdjusted.ts';
import { seasonOfWindow } from '../forecast/season/season.ts';
import { type BinnedMatrix, binMatrix } from '../forest/binning/binnedMatrix.ts';
import { trainMlRandomForest } from '../forest/exchange/trainMlRandomForest.ts';
import { growForest } from '../forest/growing/growForest.ts';
import { completeForestParams, type ForestParams } from '../forest/params.ts';
import { predictRows } from '../forest/predicting/predict.ts';
import type { FoldContest, FoldData } from './foldData.ts';
import { type FoldMetrics, measureFold } from './foldMetrics.ts';
import type { HyperParameters, SearchSettings } from './searchSettings.ts';

/** The settings of a search that a fit depends on. */
export type FitSettings = Pick<
  SearchSettings,
  'hyperParameters' | 'maxBins' | 'seed' | 'engine' | 'isEngineForced' | 'winsorise'
>;

/** The parameters of the forest for one set of hyper-parameters of a search. */
export function searchForestParams(
  own: HyperParameters,
  { maxBins, seed }: Pick<FitSettings, 'maxBins' | 'seed'>,
): ForestParams {
  return completeForestParams({ ...own, maxBins, seed, leafQuantiles: false });
}

/**
 * Fits and measures a fold in the calling thread; one result for each set of hyper-parameters, in their order.
 *
 * @throws ForestParamsError, ForestInputError for data that cannot be trained on; MlRandomForestTooSlowError.
 */
export function evaluateFold(data: FoldData, windows: WindowPair, settings: FitSettings): FoldMetrics[] {
  const naive = naiveRateForecast(data.validation, windows);
  const forecast = forecastBy(data, windows, settings);
  return settings.hyperParameters.map((own) =>
    measureFold(forecast(searchForestParams(own, settings)), naive, data.actual),
  );
}

/** A function from parameters of the forest to the engine's forecast of the validation customers, in currency. */
function forecastBy(
  data: FoldData,
  windows: WindowPair,
  { engine, isEngineForced: isForced, maxBins, seed, winsorise }: FitSettings,
): (params: ForestParams) => Float64Array {
  const { matrix, target, validation, contest } = data;
  if (contest !== null) return stackedForecast(data, contest, windows, winsorise);
  const predict = (forest: Parameters<typeof predictRows>[0]): Float64Array => {
    const predicted = new Float64Array(validation.rows);
    predictRows(forest, validation, 0, validation.rows, predicted);
    return predicted;
  };
  if (engine === 'ml-random-forest')
    return (params) => predict(trainMlRandomForest(matrix, target, params, { isForced }));
  let binned: BinnedMatrix | undefined;
  return (params) => {
    binned ??= binMatrix(matrix, maxBins, seed);
    return predict(growForest(binned, target, params, { outOfBag: false }).forest);
  };
}

/**
 * The forecast of the stack. A single cutoff does not show which contender is good at what, so each has the weight that
 * it begins with. Totals are corrected by the factor by which the purchase model missed the total at the cutoff of the
 * fit. What does not depend on the forest's parameters is computed once.
 */
function stackedForecast(
  { matrix, target, validation }: FoldData,
  contest: FoldContest,
  windows: WindowPair,
  winsorise: number | null,
): (forest: ForestParams) => Float64Array {
  const { season } = contest;
  const { predMonths } = windows;
  const inputs = (side: FeatureMatrix, { btyd, summary, window }: FoldContest['fit']) => ({
    ...btydForecast(btyd, { matrix: side, summary, window, months: windows }),
    rate: rateForecast(side, windows),
  });
  const labels = seasonallyAdjusted(target, contest.fit.window, season);
  const learned = withoutOutlyingRows({ ...inputs(matrix, contest.fit), labels });
  // The total of all contenders, the purchase model among them, is corrected below.
  const rows = joinRows([learned], 1);
  const later = inputs(validation, contest.validation);
  const missed = { predicted: learned.base, actual: learned.labels };
  const calibration = learnCalibration([missed], { months: predMonths, predMonths, season });
  const factor = calibration * seasonOfWindow(season, contest.validation.window);
  const stack = learnStack([], predMonths);
  return (forest) => {
    const contenders = growContenders(rows, DEFAULT_BOOSTED_TREES, { forest, winsorise });
    const forecasts = contenders.map((contender) => forecastRows(contender, later, 0, validation.rows));
    return applyStack(stack, forecasts).map((value) => factor * value);
  };
}
