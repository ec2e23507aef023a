import { ClvError } from '../errors.ts';

/**
 * The form that a target is learned in. A tree predicts a mean of targets that it has seen, so forests cannot predict
 * more than the largest, and boosted trees hardly can. With the residual from a base forecast or the ratio to it they
 * can, because the base is added or multiplied back afterwards.
 */
export type TargetForm =
  | { readonly kind: 'identity' }
  /** The target less the base forecast. */
  | { readonly kind: 'residual' }
  /**
   * The target over the base forecast. Bases below the quantile `floorQuantile` (default 0.05) of the positive ones are
   * raised to it. Each row is weighted by its base to the power `weightPower` (default 2): with 2, squared errors of
   * the ratio are those of the target itself; with 1 large customers count less; with 0 those with tiny bases dominate.
   */
  | { readonly kind: 'ratio'; readonly floorQuantile?: number; readonly weightPower?: number }
  /**
   * `ln(1 + target)`, for targets from 0 on. Means of logarithms lie too low until {@link smearTarget} corrects them.
   */
  | { readonly kind: 'log1p' }
  /** The target with values above its `quantile` cut to it: steadier, but too low by what was cut. */
  | { readonly kind: 'winsorised'; readonly quantile: number };

/** A form with what it needs to know from the training data: plain JSON, to be kept with the model. */
export type FittedTarget =
  | { readonly kind: 'identity' }
  | { readonly kind: 'residual' }
  | { readonly kind: 'ratio'; readonly floor: number; readonly weightPower: number }
  | { readonly kind: 'log1p'; readonly smearing: number }
  | {
      readonly kind: 'winsorised';
      readonly quantile: number;
      /** The quantile's value, above which nothing is learned or predicted. */
      readonly cap: number;
      /** Training rows above the cap. */
      readonly cappedRows: number;
      /** What was cut, as a share of the sum of all targets; 0 where that sum is not positive. */
      readonly cappedShare: number;
    };

/** What to train on. */
export interface LearnedTarget {
  readonly target: Float64Array;
  /** One weight a row; undefined where the form asks for none. */
  readonly weights: Float64Array | undefined;
}

/** A target, base forecast or parameter does not fit the form. */
export class TargetFormError extends ClvError {
  constructor(message: string, remedy: string, values: Readonly<Record<string, unknown>> = {}) {
    super('TARGET_FORM_INVALID', message, { remedy, values });
  }
}

const defaultFloorQuantile = 0.05;
const defaultWeightPower = 2;
/** The floor of the bases is at least so high that no ratio exceeds this, however small the positive bases are. */
const mostRatio = 1e9;

/**
 * Finds what a form needs to know of the training data.
 *
 * @param target one finite number a row.
 * @param base for `residual` and `ratio` the base forecast of each row, such as `naiveRateForecast`.
 * @throws TargetFormError for data or parameters that the form does not allow.
 */
export function fitTarget(form: TargetForm, target: Float64Array, base?: Float64Array): FittedTarget {
  switch (form.kind) {
    case 'identity':
      return form;
    case 'residual':
      demandBase(form.kind, target.length, base);
      return form;
    case 'ratio': {
      const { floorQuantile = defaultFloorQuantile, weightPower = defaultWeightPower } = form;
      demandQuantile('floorQuantile', floorQuantile);
      if (!(weightPower >= 0 && weightPower <= 2)) {
        throw new TargetFormError(`weightPower is ${weightPower}.`, 'Set it from 0 to 2.', { weightPower });
      }
      const positive = demandBase(form.kind, target.length, base).filter((value) => value > 0);
      // Where no base is positive, the ratio to 1 is the target itself.
      const floor =
        positive.length === 0
          ? 1
          : Math.max(quantileOf(positive, floorQuantile), largestOf(target) / mostRatio);
      return { kind: 'ratio', floor, weightPower };
    }
    case 'log1p':
      demandNotNegative(target);
      return { kind: 'log1p', smearing: 1 };
    case 'winsorised':
      demandQuantile('quantile', form.quantile);
      return fitCap(target, form.quantile);
  }
}

function fitCap(target: Float64Array, quantile: number): FittedTarget {
  const cap = target.length === 0 ? 0 : quantileOf(target, quantile);
  let cappedRows = 0;
  let cut = 0;
  let sum = 0;
  for (const value of target) {
    sum += value;
    if (value <= cap) continue;
    cappedRows++;
    cut += value - cap;
  }
  return { kind: 'winsorised', quantile, cap, cappedRows, cappedShare: sum > 0 ? cut / sum : 0 };
}

/**
 * The target in its form, and the weights that go with it.
 *
 * @param base as for {@link fitTarget}.
 * @throws TargetFormError if the base is lacking, or a target is negative where the form is `log1p`.
 */
export function toLearned(fitted: FittedTarget, target: Float64Array, base?: Float64Array): LearnedTarget {
  switch (fitted.kind) {
    case 'identity':
      return { target, weights: undefined };
    case 'residual': {
      const forecast = demandBase(fitted.kind, target.length, base);
      return { target: target.map((value, row) => value - forecast[row]), weights: undefined };
    }
    case 'ratio': {
      const floored = floorOf(fitted.floor, demandBase(fitted.kind, target.length, base));
      return {
        target: target.map((value, row) => value / floored[row]),
        weights: fitted.weightPower === 0 ? undefined : floored.map((value) => value ** fitted.weightPower),
      };
    }
    case 'log1p':
      demandNotNegative(target);
      return { target: target.map(Math.log1p), weights: undefined };
    case 'winsorised':
      return { target: target.map((value) => Math.min(value, fitted.cap)), weights: undefined };
  }
}

/**
 * Predictions of the target from predictions of its form.
 *
 * @param learned what the model predicts, in the form. @param base the base forecast of the predicted rows.
 * @throws TargetFormError if the base is lacking.
 */
export function fromLearned(fitted: FittedTarget, learned: Float64Array, base?: Float64Array): Float64Array {
  switch (fitted.kind) {
    case 'identity':
    case 'winsorised':
      return learned.slice();
    case 'residual': {
      const forecast = demandBase(fitted.kind, learned.length, base);
      return learned.map((value, row) => value + forecast[row]);
    }
    case 'ratio': {
      const floored = floorOf(fitted.floor, demandBase(fitted.kind, learned.length, base));
      return learned.map((value, row) => value * floored[row]);
    }
    case 'log1p':
      return learned.map((value) => Math.exp(value) * fitted.smearing - 1);
  }
}

/**
 * Corrects the `log1p` form, because the exponential of a mean is lower than the mean of the exponentials: the factor
 * is the mean of `exp(residual)` (the smearing estimate, Duan 1983). Other forms are returned unchanged.
 *
 * @param learned the target in its form.
 * @param predicted what the model predicts of it for rows that it was not fitted to (out of bag or held out), because
 *   residuals of rows that it has seen are too small.
 * @throws TargetFormError for no rows or lengths that differ.
 */
export function smearTarget(
  fitted: FittedTarget,
  learned: Float64Array,
  predicted: Float64Array,
): FittedTarget {
  if (fitted.kind !== 'log1p') return fitted;
  if (learned.length !== predicted.length || learned.length === 0) {
    throw new TargetFormError(
      `There are ${predicted.length} predictions for ${learned.length} targets.`,
      'Hand over one prediction a target, and at least one.',
      { predictions: predicted.length, targets: learned.length },
    );
  }
  let sum = 0;
  for (let row = 0; row < learned.length; row++) sum += Math.exp(learned[row] - predicted[row]);
  return { kind: 'log1p', smearing: sum / learned.length };
}

function floorOf(floor: number, base: Float64Array): Float64Array {
  return base.map((value) => Math.max(value, floor));
}

/** The smallest value such that at least the share `quantile` of all lies at or below it. */
function quantileOf(values: Float64Array, quantile: number): number {
  const sorted = values.slice().sort();
  return sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)];
}

function largestOf(values: Float64Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}

function demandQuantile(name: string, value: number): void {
  if (value >= 0 && value <= 1) return;
  throw new TargetFormError(`${name} is ${value}.`, `Set ${name} from 0 to 1.`, { [name]: value });
}

function demandBase(kind: string, rows: number, base: Float64Array | undefined): Float64Array {
  if (base === undefined || base.length !== rows) {
    throw new TargetFormError(
      `The form ${kind} needs a base forecast of ${rows} rows; it has ${base?.length ?? 'none'}.`,
      'Hand over one base forecast a row.',
      { kind, rows, bases: base?.length ?? null },
    );
  }
  const row = base.findIndex((value) => !Number.isFinite(value));
  if (row >= 0) {
    throw new TargetFormError(
      `The base forecast of row ${row} is ${base[row]}.`,
      'Base forecasts are finite numbers.',
      { row },
    );
  }
  return base;
}

function demandNotNegative(target: Float64Array): void {
  const row = target.findIndex((value) => !(value >= 0));
  if (row < 0) return;
  throw new TargetFormError(
    `The target of row ${row} is ${target[row]}, which has no logarithm of 1 + target to learn from.`,
    'Clip returns at 0, or choose another form.',
    { row },
  );
}
