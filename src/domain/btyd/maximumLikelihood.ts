import { type Minimum, minimise } from './minimise.ts';

/** What is to be fitted: a likelihood of parameters that are each above a floor. */
export interface LikelihoodProblem {
  readonly parameterNames: readonly string[];
  /** The floor of each parameter; the search runs over ln(parameter - floor). */
  readonly floors: readonly number[];
  /** The number of observations: the search minimises the mean negative log-likelihood. */
  readonly observations: number;
  /** Tried in turn until one converges away from the walls; the best of those tried wins. */
  readonly startingPoints: readonly (readonly number[])[];
  /** The log-likelihood; writes its derivative by each parameter into `gradient`. */
  readonly logLikelihood: (parameters: Float64Array, gradient: Float64Array) => number;
}

/** A fit, as it is stored. */
export interface MaximumLikelihood {
  readonly parameters: Readonly<Record<string, number>>;
  readonly logLikelihood: number;
  readonly iterations: number;
  /** Whether the gradient vanishes. Where false, the parameters are the best that were found, but not the best there are. */
  readonly converged: boolean;
  /** Parameters that the likelihood pushes towards zero or infinity: they stand at the limit of what is searched. */
  readonly atBound: readonly string[];
}

/** A parameter (less its floor) is looked for between e^-WALL and e^WALL, about 1.7e-5 to 6e4. */
const WALL = 11;

/** Maximises the likelihood over ln(parameter - floor). Every number of the result is finite. */
export function maximiseLikelihood(problem: LikelihoodProblem): MaximumLikelihood {
  const { floors, observations, logLikelihood, parameterNames } = problem;
  const natural = (point: Float64Array): Float64Array =>
    point.map((value, i) => floors[i] + Math.exp(Math.min(WALL, Math.max(-WALL, value))));
  // Beyond a wall the function goes on as at the wall plus a parabola, so that the search ends near it.
  const objective = (point: Float64Array, gradient: Float64Array): number => {
    const parameters = natural(point);
    let value = -logLikelihood(parameters, gradient) / observations;
    for (let i = 0; i < point.length; i++) {
      const beyond = point[i] - Math.min(WALL, Math.max(-WALL, point[i]));
      value += 0.5 * beyond * beyond;
      gradient[i] = beyond === 0 ? (-gradient[i] * (parameters[i] - floors[i])) / observations : beyond;
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
    if (found.converged && found.point.every((value) => Math.abs(value) < WALL - 1)) break;
  }
  const { point, converged } = best as Minimum;
  const parameters = natural(point);
  return {
    parameters: Object.fromEntries(parameterNames.map((name, i) => [name, parameters[i]])),
    logLikelihood: logLikelihood(parameters, new Float64Array(point.length)),
    iterations,
    converged,
    atBound: parameterNames.filter((_, i) => Math.abs(point[i]) >= WALL - 1),
  };
}
