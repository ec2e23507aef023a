import type { DataSpan } from '../../domain/calendar/dataSpan.ts';
import type { Spread } from '../../domain/gridsearch/foldMetrics.ts';
import {
  basisMetric,
  type RankedCombination,
  type SearchOutcome,
} from '../../domain/gridsearch/rankCombinations.ts';
import type { RmseBasis, SearchSettings } from '../../domain/gridsearch/searchSettings.ts';
import { amount } from '../../domain/words/amount.ts';
import { counted } from '../../domain/words/counted.ts';
import type { HeatMap } from '../pages/heatMap.ts';

const BASIS_NAMES: Record<RmseBasis, string> = {
  skill: 'RMSE over\nthat of the\nnaive forecast',
  relative: 'RMSE over\nmean revenue',
  absolute: 'RMSE',
};

/** The two pictures of a search: in each pair of windows the best of its hyper-parameters. */
export function gridSearchMaps(
  outcome: SearchOutcome,
  settings: SearchSettings,
  span: DataSpan,
): { readonly rmse: HeatMap; readonly r2: HeatMap } {
  const basis = basisMetric(settings.rmseBasis);
  const frame = frameOf(outcome, settings, span);
  const withLegend = (map: Omit<HeatMap, 'legend'>): HeatMap => ({ ...map, legend: legendOf(map, outcome) });
  return {
    rmse: withLegend({
      ...frame,
      title: 'RMSE by window, in the currency of the orders',
      scale: { name: BASIS_NAMES[settings.rmseBasis], best: 'low' },
      cells: cellsOf(
        outcome,
        settings,
        (it) => it.metrics[basis].mean,
        ({ metrics }) => [
          plusMinus(metrics.rmse, money),
          metrics.rmse_skill.mean === null ? '' : `${metrics.rmse_skill.mean.toFixed(3)} × naive forecast`,
        ],
      ),
    }),
    r2: withLegend({
      ...frame,
      title: 'R² by window',
      scale: { name: 'R²', best: 'high' },
      cells: cellsOf(
        outcome,
        settings,
        (it) => it.metrics.r2.mean,
        ({ metrics, customers }) => [
          plusMinus(metrics.r2, (value) => value.toFixed(3).replace('-', '−')),
          counted(customers ?? 0, 'customer'),
        ],
      ),
    }),
  };
}

function legendOf({ cells }: Pick<HeatMap, 'cells'>, { isTieWithinNoise }: SearchOutcome): string {
  const parts = [
    `Outlined: proposed window${isTieWithinNoise ? ' (a tie within noise)' : ''}.`,
    ...(cells.some(({ value }) => value === null) ? ['Hatched: skipped.'] : []),
    'Darker is better.',
  ];
  return parts.join('  ');
}

function frameOf(
  { combinations }: SearchOutcome,
  settings: SearchSettings,
  span: DataSpan,
): Pick<HeatMap, 'subtitle' | 'columns' | 'rows'> {
  const folds = combinations.filter((it) => it.status === 'evaluated').map((it) => it.folds.length);
  const [fewest, most] = [Math.min(...folds), Math.max(...folds)];
  const range = fewest === most ? `${counted(most, 'fold')} each` : `${fewest} to ${most} folds`;
  return {
    subtitle: `Orders from ${span.firstDate} to before ${span.dataEnd}; rolling origins, ${range}\nMean ± standard deviation over folds, on months that no fit saw`,
    columns: { name: 'Months predicted', labels: settings.predMonths.map(String) },
    rows: { name: 'Months of history', labels: settings.historyMonths.map(String) },
  };
}

function cellsOf(
  { combinations, winner }: SearchOutcome,
  { historyMonths, predMonths }: SearchSettings,
  colourOf: (it: RankedCombination) => number | null,
  linesOf: (it: RankedCombination) => readonly (readonly string[] | string)[],
): HeatMap['cells'] {
  return historyMonths.flatMap((history, row) =>
    predMonths.map((pred, column) => {
      const here = combinations.filter((it) => it.historyMonths === history && it.predMonths === pred);
      const [best] = here.toSorted((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity));
      const value = best?.status === 'evaluated' ? colourOf(best) : null;
      const why =
        best?.status === 'evaluated'
          ? 'undefined'
          : best?.customers == null
            ? 'too few folds'
            : 'too few customers';
      return {
        column,
        row,
        value,
        lines:
          value === null
            ? [why]
            : linesOf(best)
                .flat()
                .filter((line) => line !== ''),
        isOutlined: winner?.historyMonths === history && winner.predMonths === pred,
      };
    }),
  );
}

/** @param words writes a value as precisely as the mean is written. */
function plusMinus({ mean, std }: Spread, words: (value: number, mean: number) => string): string[] {
  if (mean === null) return ['undefined'];
  return [words(mean, mean), std === null ? '' : `± ${words(std, mean)}`];
}

function money(value: number, mean: number): string {
  if (mean < 100) return amount(value);
  const digits = mean < 10_000 ? 1 : 0;
  return value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
