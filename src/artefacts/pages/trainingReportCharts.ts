import type { GroupError } from '../../domain/evaluation/errorByGroup.ts';
import type { ForecastReport, TrainingReport } from '../../domain/evaluation/trainingReport.ts';
import { counted } from '../../domain/words/counted.ts';
import { barSeries, COLOURS, chartOf, lineSeries } from './chartParts.ts';
import { type ChartScale, scaleOf } from './chartScale.ts';
import { type ChartSize, chartSvg } from './chartSvg.ts';
import { fittingChart } from './fittingChart.ts';

const WIDE: ChartSize = { width: 1080, height: 340 };
const TALL: ChartSize = { width: 1080, height: 420 };
/** Three beside each other fill a wide page, and one a narrow page. */
const SMALL: ChartSize = { width: 360, height: 240 };
/** Room for categories of many lines below a narrow chart. */
const NARROW_GROUPS: ChartSize = { width: 360, height: 360 };
/**
 * Of the contenders, in their order; the chosen forecast has the colour of predictions. To people who see no red or no
 * green they differ as well.
 */
export const CONTENDERS = ['#3f8356', '#6949ca', '#c0281c', '#1fb5ea', '#cf8fad', '#d3b417', '#d3b069'];
/** What is more times as high as the highest of the chosen forecast is not drawn on its scale: the others would lie flat. */
const FAR_OFF = { amounts: 4, errors: 8 };

/** The charts of a training's report, as HTML. */
export interface TrainingReportCharts {
  /** One a forecast, in their order; the first is wide. */
  readonly calibration: readonly CalibrationChart[];
  /** Null where the customers did not bring any revenue. */
  readonly gain: string | null;
  /** Null as before. */
  readonly lift: string | null;
  readonly errorByTenure: ErrorChart;
  readonly errorByOrders: ErrorChart;
}

/** The calibration of one forecast. */
export interface CalibrationChart {
  readonly html: string;
  /** Whether it cannot be held against the chart of the chosen forecast. */
  readonly hasOwnScale: boolean;
}

/** The errors of groups of customers. */
export interface ErrorChart {
  readonly html: string;
  /** The bars that are too high for it. */
  readonly cut: readonly { readonly forecast: string; readonly group: string; readonly rmse: number }[];
}

/** Draws the charts of a report; the chosen forecast comes first and is drawn boldest, above the others. */
export async function trainingReportCharts(report: TrainingReport): Promise<TrainingReportCharts> {
  const { forecasts, perfectGain } = report;
  return {
    calibration: await calibrationCharts(forecasts),
    gain: perfectGain === null ? null : await gainChart(forecasts, perfectGain),
    lift: perfectGain === null ? null : await liftChart(forecasts),
    errorByTenure: await errorChart(forecasts, 'Time since the first order', (it) => it.byTenure),
    errorByOrders: await errorChart(forecasts, 'Orders so far', (it) => it.byOrders),
  };
}

function colourOf(index: number): string {
  return index === 0 ? COLOURS.predicted : CONTENDERS[(index - 1) % CONTENDERS.length];
}

/** Charts have one scale as far as that lets them be read, so that they can be held against each other. */
function calibrationCharts(forecasts: readonly ForecastReport[]): Promise<CalibrationChart[]> {
  const amounts = forecasts.map(({ deciles }) =>
    deciles.flatMap((row) => [drawn(row.meanPredicted ?? 0), drawn(row.meanActual ?? 0)]),
  );
  const height = (of: readonly number[]): number => Math.max(0, ...of.map(Math.abs));
  const isFarOff = amounts.map((of) => height(of) > FAR_OFF.amounts * height(amounts[0]));
  const common = scaleOf(amounts.filter((_, i) => !isFarOff[i]).flat());
  return Promise.all(
    forecasts.map(async (it, i) => ({
      html: await calibrationChart(it, i === 0, isFarOff[i] ? scaleOf(amounts[i]) : common),
      hasOwnScale: isFarOff[i],
    })),
  );
}

function calibrationChart(
  { name, deciles }: ForecastReport,
  isWide: boolean,
  scale: ChartScale,
): Promise<string> {
  const axes = {
    categories: deciles.map(({ decile }) => `${decile}`),
    xName: 'Tenth of the customers; 1 is forecast highest',
    yName: 'Per customer',
  };
  const series = [
    barSeries(
      'Forecast',
      COLOURS.predicted,
      deciles.map((row) => drawn(row.meanPredicted)),
    ),
    barSeries(
      'Realised',
      COLOURS.actual,
      deciles.map((row) => drawn(row.meanActual)),
    ),
  ];
  const draw = (isNarrow: boolean): object => {
    const option = chartOf(axes, series, isNarrow);
    return { ...option, yAxis: { ...option.yAxis, ...scale } };
  };
  const title = `Calibration of ${name}: forecast and realised revenue by tenth of the customers`;
  return isWide ? fittingChart(title, WIDE, draw) : chartSvg(draw(true), SMALL, title);
}

/** A thousandth of the smallest amount that orders can have. */
const NOTHING = 1e-9;

/** An amount as it is drawn: the library cannot draw tiny ones, as forecasts of a shop without any revenue are. */
function drawn(amount: number): number;
function drawn(amount: number | null): number | null;
function drawn(amount: number | null): number | null {
  return amount !== null && Math.abs(amount) < NOTHING ? 0 : amount;
}

/** How the line of a forecast looks. */
function lineOf(index: number) {
  return index === 0 ? { width: 3.5, isOnTop: true } : { width: 1.8 };
}

function gainChart(forecasts: readonly ForecastReport[], perfect: readonly number[]): Promise<string> {
  const axes = {
    categories: perfect.map((_, percent) => `${percent} %`),
    xName: 'Share of the customers, highest forecast first',
    yName: 'Share of all revenue',
    formatY: percent,
  };
  // Net returns among the last customers can lift a curve above all revenue for a while.
  const isAbove = [perfect, ...forecasts.map(({ gain }) => gain ?? [])].flat().some((it) => it > 1.01);
  const series = [
    ...forecasts.map(({ name, gain }, i) =>
      lineSeries(name, colourOf(i), gain ?? [], { ...lineOf(i), hasPoints: false }),
    ),
    lineSeries('best possible order', COLOURS.ink, perfect, { hasPoints: false, width: 1.5, dash: 'dotted' }),
    lineSeries(
      'chance',
      COLOURS.faint,
      perfect.map((_, i) => i / (perfect.length - 1)),
      { hasPoints: false, width: 1.5, dash: 'dashed' },
    ),
  ];
  return fittingChart('Cumulative gain of each forecast', TALL, (isNarrow) => {
    const { xAxis, yAxis, ...option } = chartOf(axes, series, isNarrow);
    const interval = isNarrow ? 19 : 9;
    return {
      ...option,
      xAxis: {
        ...xAxis,
        boundaryGap: false,
        axisLabel: { ...xAxis.axisLabel, interval },
        axisTick: { interval },
      },
      yAxis: isAbove ? yAxis : { ...yAxis, max: 1 },
    };
  });
}

function liftChart(forecasts: readonly ForecastReport[]): Promise<string> {
  const [{ deciles }] = forecasts;
  const axes = {
    categories: deciles.map(({ decile }) => `${decile}`),
    xName: 'Tenth of the customers; 1 is forecast highest',
    yName: 'Times the average customer',
  };
  const series = [
    ...forecasts.map((it, i) =>
      lineSeries(
        it.name,
        colourOf(i),
        it.deciles.map(({ lift }) => lift),
        lineOf(i),
      ),
    ),
    lineSeries(
      'average customer',
      COLOURS.faint,
      deciles.map(() => 1),
      { width: 1.5, dash: 'dashed', hasPoints: false },
    ),
  ];
  return fittingChart('Lift of each forecast', WIDE, (isNarrow) => chartOf(axes, series, isNarrow));
}

async function errorChart(
  forecasts: readonly ForecastReport[],
  xName: string,
  groupsOf: (forecast: ForecastReport) => readonly GroupError[],
): Promise<ErrorChart> {
  const groups = groupsOf(forecasts[0]);
  const series = forecasts.map((it, i) =>
    barSeries(
      it.name,
      colourOf(i),
      groupsOf(it).map(({ rmse }) => drawn(rmse)),
    ),
  );
  const highest = FAR_OFF.errors * Math.max(0, ...groups.map(({ rmse }) => drawn(rmse)));
  const bars = forecasts.flatMap((it) =>
    groupsOf(it).map(({ group, rmse }) => ({ forecast: it.name, group, rmse })),
  );
  const cut = highest === 0 ? [] : bars.filter(({ rmse }) => rmse > highest);
  const scale = cut.length === 0 ? {} : scaleOf(bars.map(({ rmse }) => Math.min(rmse, highest)));
  const html = await fittingChart(
    `RMSE of each forecast by group: ${xName}`,
    WIDE,
    (isNarrow) => {
      const axes = {
        categories: groups.map(
          (it) =>
            `${it.group}\n${isNarrow ? it.customers.toLocaleString('en-GB') : counted(it.customers, 'customer')}`,
        ),
        xName: isNarrow ? `${xName}; number of customers` : xName,
        yName: 'RMSE',
      };
      const { grid, xAxis, yAxis, ...option } = chartOf(axes, series, isNarrow);
      const narrowLabel = {
        interval: 0,
        hideOverlap: false,
        // Widths of texts are estimated, and fonts differ.
        width: (0.8 * (NARROW_GROUPS.width - grid.left - grid.right)) / groups.length,
        overflow: 'break',
        fontSize: 11,
      };
      return {
        ...option,
        // Labels of several lines need more room below.
        grid: { ...grid, bottom: isNarrow ? 100 : 72 },
        xAxis: {
          ...xAxis,
          nameGap: isNarrow ? 80 : 48,
          axisLabel: { ...xAxis.axisLabel, ...(isNarrow && narrowLabel) },
        },
        yAxis: { ...yAxis, ...scale },
      };
    },
    NARROW_GROUPS,
  );
  return { html, cut };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
