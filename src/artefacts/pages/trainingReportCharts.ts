import type { GroupError } from '../../domain/evaluation/errorByGroup.ts';
import type { ForecastReport, TrainingReport } from '../../domain/evaluation/trainingReport.ts';
import { counted } from '../../domain/words/counted.ts';
import { type Axes, barSeries, COLOURS, chartFrame, lineSeries } from './chartParts.ts';
import { type ChartSize, chartSvg } from './chartSvg.ts';

const WIDE: ChartSize = { width: 1080, height: 340 };
const TALL: ChartSize = { width: 1080, height: 420 };
const SMALL: ChartSize = { width: 530, height: 250 };
/** Of the contenders, in their order; the chosen forecast has the colour of predictions. */
const CONTENDERS = ['#5b8c5a', '#8d5a97', '#b5651d', '#3aa6a4', '#d16d9e', '#4a4ea8', '#9aa84f'];

/** A legend of more entries takes two lines. */
const ENTRIES_PER_LINE = 6;

/** The charts of a training's report, each as SVG. */
export interface TrainingReportCharts {
  /** One a forecast, in their order; the first is wide. */
  readonly calibration: readonly string[];
  /** Null where the customers did not bring any revenue. */
  readonly gain: string | null;
  /** Null as before. */
  readonly lift: string | null;
  readonly errorByTenure: string;
  readonly errorByOrders: string;
}

/** Draws the charts of a report; the chosen forecast comes first and is drawn boldest. */
export async function trainingReportCharts(report: TrainingReport): Promise<TrainingReportCharts> {
  const { forecasts, perfectGain } = report;
  const means = forecasts.flatMap((it) =>
    it.deciles.flatMap((row) => [drawn(row.meanPredicted ?? 0), drawn(row.meanActual ?? 0)]),
  );
  const scale = scaleOf(means);
  return {
    calibration: await Promise.all(forecasts.map((it, i) => calibrationChart(it, i === 0, scale))),
    gain: perfectGain === null ? null : await gainChart(forecasts, perfectGain),
    lift: perfectGain === null ? null : await liftChart(forecasts),
    errorByTenure: await errorChart(forecasts, 'Time since the first order', (it) => it.byTenure),
    errorByOrders: await errorChart(forecasts, 'Orders so far', (it) => it.byOrders),
  };
}

function colourOf(index: number): string {
  return index === 0 ? COLOURS.predicted : CONTENDERS[(index - 1) % CONTENDERS.length];
}

/** All charts of one report have one scale, so that they can be held against each other. */
function calibrationChart({ deciles }: ForecastReport, isWide: boolean, scale: Scale): Promise<string> {
  const frame = chartFrame({
    categories: deciles.map(({ decile }) => `${decile}`),
    xName: 'Tenth of the customers; 1 is forecast highest',
    yName: 'Per customer',
  });
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
  return chartSvg({ ...frame, yAxis: { ...frame.yAxis, ...scale }, series }, isWide ? WIDE : SMALL);
}

/** The frame of a chart of `entries` series, with the room that their legend needs. */
function frameOf(axes: Axes, entries: number) {
  const frame = chartFrame(axes);
  const lines = Math.ceil(entries / ENTRIES_PER_LINE);
  return {
    ...frame,
    grid: { ...frame.grid, top: frame.grid.top + (lines - 1) * 24 },
    // Widths of texts are estimated: without room to the right the last one may be cut.
    legend: { ...frame.legend, width: 860 },
  };
}

/** Where an axis begins and ends. */
interface Scale {
  readonly min: number;
  readonly max: number;
}

/**
 * An axis from zero, or a round number below all values, to a round number above them. The numbers are those nearest to
 * decimals of three digits: the library throws where its own rounding of an end lies beyond it.
 */
function scaleOf(values: readonly number[]): Scale {
  const [lowest, highest] = [Math.min(0, ...values), Math.max(0, ...values)];
  if (lowest === highest) return { min: 0, max: 1 };
  const unit = 10 ** Math.floor(Math.log10(Math.max(highest, -lowest))) / 2;
  const end = (steps: number): number => Number((steps * unit).toPrecision(3));
  return { min: end(Math.floor(lowest / unit)), max: end(Math.ceil(highest / unit)) };
}

/** A thousandth of the smallest amount that orders can have. */
const NOTHING = 1e-9;

/** An amount as it is drawn: the library cannot draw tiny ones, as forecasts of a shop without any revenue are. */
function drawn(amount: number): number;
function drawn(amount: number | null): number | null;
function drawn(amount: number | null): number | null {
  return amount !== null && Math.abs(amount) < NOTHING ? 0 : amount;
}

function gainChart(forecasts: readonly ForecastReport[], perfect: readonly number[]): Promise<string> {
  const frame = frameOf(
    {
      categories: perfect.map((_, percent) => `${percent} %`),
      xName: 'Share of the customers, highest forecast first',
      yName: 'Share of all revenue',
      formatY: percent,
    },
    forecasts.length + 2,
  );
  const line = { hasPoints: false };
  // Net returns among the last customers can lift a curve above all revenue for a while.
  const isAbove = [perfect, ...forecasts.map(({ gain }) => gain ?? [])].flat().some((it) => it > 1.01);
  const series = [
    ...forecasts.map(({ name, gain }, i) =>
      lineSeries(name, colourOf(i), gain ?? [], { ...line, width: i === 0 ? 3.5 : 1.8 }),
    ),
    lineSeries('best possible order', COLOURS.ink, perfect, { ...line, width: 1.5, dash: 'dotted' }),
    lineSeries(
      'chance',
      COLOURS.faint,
      perfect.map((_, i) => i / (perfect.length - 1)),
      { ...line, width: 1.5, dash: 'dashed' },
    ),
  ];
  const xAxis = {
    ...frame.xAxis,
    boundaryGap: false,
    axisLabel: { ...frame.xAxis.axisLabel, interval: 9 },
    axisTick: { interval: 9 },
  };
  const yAxis = isAbove ? frame.yAxis : { ...frame.yAxis, max: 1 };
  return chartSvg({ ...frame, xAxis, yAxis, series }, TALL);
}

function liftChart(forecasts: readonly ForecastReport[]): Promise<string> {
  const [{ deciles }] = forecasts;
  const frame = frameOf(
    {
      categories: deciles.map(({ decile }) => `${decile}`),
      xName: 'Tenth of the customers; 1 is forecast highest',
      yName: 'Times the average customer',
    },
    forecasts.length + 1,
  );
  const series = [
    ...forecasts.map((it, i) =>
      lineSeries(
        it.name,
        colourOf(i),
        it.deciles.map(({ lift }) => lift),
        { width: i === 0 ? 3.5 : 1.8 },
      ),
    ),
    lineSeries(
      'average customer',
      COLOURS.faint,
      deciles.map(() => 1),
      { width: 1.5, dash: 'dashed', hasPoints: false },
    ),
  ];
  return chartSvg({ ...frame, series }, WIDE);
}

function errorChart(
  forecasts: readonly ForecastReport[],
  xName: string,
  groupsOf: (forecast: ForecastReport) => readonly GroupError[],
): Promise<string> {
  const frame = frameOf(
    {
      categories: groupsOf(forecasts[0]).map((it) => `${it.group}\n${counted(it.customers, 'customer')}`),
      xName,
      yName: 'RMSE',
    },
    forecasts.length,
  );
  const series = forecasts.map((it, i) =>
    barSeries(
      it.name,
      colourOf(i),
      groupsOf(it).map(({ rmse }) => drawn(rmse)),
    ),
  );
  // Labels of two lines need more room below.
  const option = {
    ...frame,
    grid: { ...frame.grid, bottom: 72 },
    xAxis: { ...frame.xAxis, nameGap: 48 },
    series,
  };
  return chartSvg(option, WIDE);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
