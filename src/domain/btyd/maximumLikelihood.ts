import { type Minimum, minimise } from './minimise.ts';

/** What is to be fitted: a likelihood, or a posterior, whose parameters each lie above a floor. */
export interface LikelihoodProblem {
  readonly parameterNames: readonly string[];
  /** The floor of each parameter; the search runs over ln(parameter - floor). */
  readonly floors: readonly number[];
  /** The number of observations: the search minimises the mean negative log-likelihood. */
  readonly observations: number;
  /** Tried in turn until the search converges away from the bounds from one of them; the best result counts. */
  readonly startingPoints: readonly (readonly number[])[];
  /** The log-likelihood, or log-posterior up to a constant; writes its derivative by each parameter into `gradient`. */
  readonly logLikelihood: (parameters: Float64Array, gradient: Float64Array) => number;
}

/** A fit, as it is stored. */
export interface MaximumLikelihood {
  readonly parameters: Readonly<Record<string, number>>;
  readonly logLikelihood: number;
  readonly iterations: number;
  /** Whether the gradient vanishes. If not, the parameters are the best that were found, but there are better ones. */
  readonly converged: boolean;
  /** Parameters that the likelihood pushes towards zero or infinity; their values are the limits of the search. */
  readonly atBound: readonly string[];
}

/** A parameter, less its floor, is searched between e^-BOUND and e^BOUND, about 1/8100 to 8100. */
const BOUND = 9;
/** The weight of the quadratic penalty beyond a bound, which is added to the mean negative log-likelihood. */
const PENALTY = 100;
/** A parameter that ends this close to a bound, in logarithms, was stopped by it. */
const NEAR_BOUND = 0.5;

/** Maximises the likelihood over ln(parameter - floor). Every number of the result is finite. */
export function maximiseLikelihood(problem: LikelihoodProblem): MaximumLikelihood {
  const { floors, observations, logLikelihood, parameterNames } = problem;
  const natural = (point: Float64Array): Float64Array => point.map((value, i) => floors[i] + Math.exp(value));
  // Where the likelihood rises towards zero or infinity, it becomes flatter and flatter. A penalty beyond the bounds
  // ends the search close to them, and keeps the function smooth.
  const objective = (point: Float64Array, gradient: Float64Array): number => {
    const parameters = natural(point);
    let value = -logLikelihood(parameters, gradient) / observations;
    for (let i = 0; i < point.length; i++) {
      const beyond = point[i] - withinBounds(point[i]);
      value += 0.5 * PENALTY * beyond * beyond;
      gradient[i] = PENALTY * beyond - (gradient[i] * (parameters[i] - floors[i])) / observations;
    }
    return value;
  };
  let best: Minimum | null = null;
  let iterations = 0;
  for (const start of problem.startingPoints) {
    const found = minimise(
      objective,
      Float64Array.from(start, (value, i) => Math.log(value - floors[i])),
    );
    iterations += found.iterations;
    if (best === null || found.value < best.value || (found.converged && !best.converged)) best = found;
    if (found.converged && !found.point.some(isNearBound)) break;
  }
  const { point, converged } = best as Minimum;
  const parameters = natural(point.map(withinBounds));
  return {
    parameters: Object.fromEntries(parameterNames.map((name, i) => [name, parameters[i]])),
    logLikelihood: logLikelihood(parameters, new Float64Array(point.length)),
    iterations,
    converged,
    atBound: parameterNames.filter((_, i) => isNearBound(point[i])),
  };
}

const withinBounds = (value: number): number => Math.min(BOUND, Math.max(-BOUND, value));

const isNearBound = (value: number): boolean => Math.abs(value) > BOUND - NEAR_BOUND;
