/** A smooth function to minimise: gives its value at `point` and writes its gradient there into `gradient`. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

/** Where a minimisation ended. */
export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly iterations: number;
  /** Whether the gradient vanishes there, as far as rounding errors allow. */
  readonly converged: boolean;
}

const MAX_ITERATIONS = 200;
/** The largest component of the gradient at which a point counts as a minimum, relative to a value above 1. */
const STOP_AT = 1e-9;
/** The same where rounding errors in the value keep the line search from finding a further descent. */
const ACCEPT_AT = 1e-5;
/** The search ends after this many iterations in a row in which the value hardly fell. */
const PATIENCE = 6;
/** The value hardly fell if it fell by less than this, relative to a value above 1. */
const NO_FALL = 1e-11;
/**
 * The rounding error of the value, relative to it, since it sums many terms: near the minimum only the slope is
 * reliable.
 */
const ROUNDING = 1e-13;
const MAX_TRIALS = 40;
/** The constants of the weak Wolfe conditions: of sufficient decrease, and of curvature. */
const DECREASE = 1e-4;
const CURVATURE = 0.9;
/** No coordinate moves by more than this in one step: the coordinates are logarithms. */
const LONGEST_STEP = 2;

/**
 * Minimises a smooth function of a few variables from `start`: BFGS on the inverse Hessian (Nocedal and Wright 2006,
 * algorithm 6.1) with the bisecting weak-Wolfe line search of Lewis and Overton (2013). A value that is not finite
 * counts as too high, so that a step beyond what a double can hold is shortened.
 */
export function minimise(objective: Objective, start: Float64Array): Minimum {
  const d = start.length;
  let point = start.slice();
  let gradient = new Float64Array(d);
  let value = objective(point, gradient);
  const inverse = identity(d, 1 / Math.max(1e-12, largest(gradient)));
  let isScaled = false;
  let iterations = 0;
  let sinceFall = 0;
  const threshold = (level: number): number => level * Math.max(1, Math.abs(value));
  while (iterations < MAX_ITERATIONS && sinceFall < PATIENCE && largest(gradient) > threshold(STOP_AT)) {
    iterations++;
    let direction = multiply(inverse, gradient, -1);
    if (!(dot(direction, gradient) < 0)) {
      inverse.set(identity(d, 1 / largest(gradient)));
      direction = multiply(inverse, gradient, -1);
    }
    const next = lineSearch(objective, { point, value, gradient }, direction);
    if (next === null) break;
    const moved = next.point.map((x, i) => x - point[i]);
    const turned = next.gradient.map((g, i) => g - gradient[i]);
    const curvature = dot(moved, turned);
    sinceFall = value - next.value > threshold(NO_FALL) ? 0 : sinceFall + 1;
    ({ point, value, gradient } = next);
    if (!(curvature > 1e-300)) continue;
    // The scale of the Hessian along the first step (Nocedal and Wright 2006, equation 6.20).
    if (!isScaled) {
      inverse.set(identity(d, curvature / dot(turned, turned)));
      isScaled = true;
    }
    update(inverse, moved, turned, curvature);
  }
  return { point, value, iterations, converged: largest(gradient) <= threshold(ACCEPT_AT) };
}

interface Place {
  readonly point: Float64Array<ArrayBuffer>;
  readonly value: number;
  readonly gradient: Float64Array<ArrayBuffer>;
}

/** A lower point along `direction` where the slope has flattened; null where rounding errors hide any. */
function lineSearch(objective: Objective, from: Place, direction: Float64Array): Place | null {
  const slope = dot(direction, from.gradient);
  const rounding = ROUNDING * Math.max(1, Math.abs(from.value));
  const longest = LONGEST_STEP / largest(direction);
  let step = Math.min(1, longest);
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let lowest: Place | null = null;
  for (let trial = 0; trial < MAX_TRIALS; trial++) {
    const point = from.point.map((x, i) => x + step * direction[i]);
    const gradient = new Float64Array(point.length);
    const value = objective(point, gradient);
    if (!(value <= from.value + DECREASE * step * slope + rounding) || !gradient.every(Number.isFinite)) {
      high = step;
    } else {
      lowest = { point, value, gradient };
      if (dot(direction, gradient) >= CURVATURE * slope || step >= longest) return lowest;
      low = step;
    }
    step = high === Number.POSITIVE_INFINITY ? Math.min(2 * step, longest) : (low + high) / 2;
  }
  return lowest;
}

function identity(d: number, scale: number): Float64Array {
  return Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? scale : 0));
}

function multiply(matrix: Float64Array, vector: Float64Array, factor: number): Float64Array {
  const d = vector.length;
  return vector.map((_, i) => factor * dot(matrix.subarray(i * d, (i + 1) * d), vector));
}

/** H <- (I - s y' / s'y) H (I - y s' / s'y) + s s' / s'y, written out; s is `moved`, y is `turned` and s'y `curvature`. */
function update(inverse: Float64Array, moved: Float64Array, turned: Float64Array, curvature: number): void {
  const d = moved.length;
  const seen = multiply(inverse, turned, 1);
  const scale = (1 + dot(turned, seen) / curvature) / curvature;
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      inverse[i * d + j] +=
        scale * moved[i] * moved[j] - (seen[i] * moved[j] + moved[i] * seen[j]) / curvature;
    }
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
