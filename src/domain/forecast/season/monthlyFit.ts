import { mean } from '../../evaluation/averages.ts';

/** The months of a year. */
export const MONTHS = 12;

/** A past month: which of the twelve it is, when it was, in months, and the logarithm of how much customers ordered in it. */
export interface MonthPoint {
  readonly month: number;
  readonly time: number;
  readonly log: number;
}

/** What is left of months once their trend and the effects of the twelve are taken out. */
export interface MonthlyFit {
  /** Of each of the twelve months; they add up to 0. */
  readonly effects: readonly number[];
  /** The mean sampling variance of the estimates of the effects. */
  readonly samplingVariance: number;
  /** Of each point, in the order of the points. */
  readonly residuals: readonly number[];
}

/**
 * The least-squares fit of a linear trend and twelve monthly effects, of which each month has been seen at least once. The
 * slope is that within months (fixed effects): months that were seen in fewer years than others do not pass for a trend.
 */
export function fitTrendAndMonths(points: readonly MonthPoint[]): MonthlyFit {
  const ofMonth = Array.from({ length: MONTHS }, (_, month) => points.filter((it) => it.month === month));
  const times = ofMonth.map((some) => mean(some.map(({ time }) => time)));
  const logs = ofMonth.map((some) => mean(some.map(({ log }) => log)));
  const sum = (of: (point: MonthPoint) => number): number =>
    points.reduce((total, point) => total + of(point), 0);
  const slope =
    sum(({ month, time, log }) => (time - times[month]) * (log - logs[month])) /
    sum(({ month, time }) => (time - times[month]) ** 2);
  const levels = logs.map((log, month) => log - slope * times[month]);
  const level = mean(levels);
  const residuals = points.map(({ month, time, log }) => log - levels[month] - slope * time);
  const squaredResiduals = residuals.reduce((total, residual) => total + residual ** 2, 0);
  const residualVariance = squaredResiduals / (points.length - MONTHS - 1);
  return {
    effects: levels.map((it) => it - level),
    samplingVariance: residualVariance * mean(ofMonth.map((some) => 1 / some.length)),
    residuals,
  };
}
