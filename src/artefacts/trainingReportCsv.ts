import type { GroupError } from '../domain/evaluation/errorByGroup.ts';
import type { ForecastReport, TrainingReport } from '../domain/evaluation/trainingReport.ts';
import { type Cell, csvText } from './files/csvFile.ts';
import { rounded } from './files/roundedNumber.ts';

const HEADER = ['model_id', 'forecast', 'is_chosen', 'section', 'group', 'measure', 'value'];
const DIGITS = 9;
/** What stands as forecast of the gain curve that no forecast can surpass. */
const PERFECT = '(perfect order)';

/** Section, group and measure of a figure, and the figure. */
type Figure = readonly [section: string, group: string | number, measure: string, value: number | null];

/**
 * A report as CSV, one row a figure: `section` is overall, decile, gain, tenure or orders, `group` what the figure is of
 * (a decile from 1, a share of the customers in per cent, a group by name). Undefined figures are empty.
 */
export function trainingReportCsv(report: TrainingReport, modelId: string): string {
  const rows = report.forecasts.flatMap((forecast) =>
    figuresOf(forecast).map((figure) => cellsOf(modelId, forecast.name, forecast.isChosen, figure)),
  );
  const perfect = gainFigures(report.perfectGain).map((figure) => cellsOf(modelId, PERFECT, false, figure));
  return csvText([HEADER, ...rows, ...perfect]);
}

function cellsOf(
  modelId: string,
  forecast: string,
  isChosen: boolean,
  [section, group, measure, value]: Figure,
): Cell[] {
  const shown = value === null ? null : rounded(value, DIGITS);
  return [modelId, forecast, isChosen ? 'yes' : 'no', section, group, measure, shown];
}

function figuresOf({
  metrics,
  topDecileCapture,
  deciles,
  gain,
  byTenure,
  byOrders,
}: ForecastReport): Figure[] {
  return [
    ['overall', '', 'customers', metrics.customers],
    ['overall', '', 'mean_predicted', metrics.meanPredicted],
    ['overall', '', 'mean_actual', metrics.meanActual],
    ['overall', '', 'bias', metrics.bias],
    ['overall', '', 'rmse', metrics.rmse],
    ['overall', '', 'mae', metrics.mae],
    ['overall', '', 'r2', metrics.r2],
    ['overall', '', 'spearman', metrics.spearman],
    ['overall', '', 'normalized_gini', metrics.normalizedGini],
    ['overall', '', 'top_decile_capture', topDecileCapture],
    ...deciles.flatMap((it): Figure[] => [
      ['decile', it.decile, 'customers', it.customers],
      ['decile', it.decile, 'mean_predicted', it.meanPredicted],
      ['decile', it.decile, 'mean_actual', it.meanActual],
      ['decile', it.decile, 'lift', it.lift],
    ]),
    ...gainFigures(gain),
    ...groupFigures('tenure', byTenure),
    ...groupFigures('orders', byOrders),
  ];
}

function gainFigures(gain: readonly number[] | null): Figure[] {
  return (gain ?? []).map((share, percent) => ['gain', percent, 'share_of_revenue', share]);
}

function groupFigures(section: string, groups: readonly GroupError[]): Figure[] {
  return groups.flatMap((it): Figure[] => [
    [section, it.group, 'customers', it.customers],
    [section, it.group, 'mean_predicted', it.meanPredicted],
    [section, it.group, 'mean_actual', it.meanActual],
    [section, it.group, 'bias', it.bias],
    [section, it.group, 'rmse', it.rmse],
    [section, it.group, 'mae', it.mae],
  ]);
}
