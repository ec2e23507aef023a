/** Where an axis begins and ends, and how far its marks are apart. */
export interface ChartScale {
  readonly min: number;
  readonly max: number;
  readonly interval: number;
}

/** About so many marks between the ends. */
const MARKS = 5;
const ROUND_STEPS = [1, 2, 2.5, 5, 10];

/**
 * An axis from zero, or a round number below all values, to a round number above them, with marks at even distances. The
 * numbers are those nearest to decimals of few digits: the library throws where its own rounding of an end lies beyond it.
 */
export function scaleOf(values: readonly number[]): ChartScale {
  const [lowest, highest] = [Math.min(0, ...values), Math.max(0, ...values)];
  if (lowest === highest) return { min: 0, max: 1, interval: 1 };
  const rough = (highest - lowest) / MARKS;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * (ROUND_STEPS.find((it) => it * unit >= rough) ?? 10);
  const multiple = (times: number): number => Number((times * step).toPrecision(3));
  return {
    min: multiple(Math.floor(lowest / step)),
    max: multiple(Math.ceil(highest / step)),
    interval: multiple(1),
  };
}
