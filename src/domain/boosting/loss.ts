import { demandTarget, demandWeights } from '../forest/binning/trainingSet.ts';
import { ForestInputError } from '../forest/inputError.ts';
import type { BoostingParams } from './boostingParams.ts';
import { fixedSum } from './fixedSum.ts';
import { scoreLimit } from './link.ts';

/** The loss over one set of rows. Scores are what the trees add up to, before the inverse link. */
export interface Loss {
  /** The score that lowers the loss most if it is the same for all rows. */
  readonly base: number;
  /** Mean loss at these scores: the mean squared error, or the mean Tweedie deviance. */
  mean(scores: Float64Array): number;
  /**
   * Writes, for each row, minus the first derivative of its halved loss by its score, and the second derivative.
   *
   * @param hessians left as it is where {@link hasUnitHessians}.
   * @returns the mean loss, as {@link mean} gives it; it costs nothing more here.
   */
  differentiate(scores: Float64Array, negativeGradients: Float64Array, hessians: Float64Array): number;
  /** Whether the hessian of every row is 1, whatever its score. */
  readonly hasUnitHessians: boolean;
}

/**
 * The loss of `params` over these rows.
 *
 * @param target one finite number a row; not negative for the Tweedie loss, and above 0 at power 2.
 * @param weights one number a row, none negative, not all zero; left out, every row weighs 1.
 * @throws ForestInputError for no rows, lengths that differ, or a number that may not be.
 */
export function createLoss(
  { loss, tweediePower }: BoostingParams,
  target: Float64Array,
  rows: number,
  weights?: Float64Array,
): Loss {
  const { lowest } = demandTarget(target, rows);
  if (weights !== undefined) demandWeights(weights, rows);
  const scaled = weights === undefined ? undefined : toMeanOne(weights);
  if (loss === 'squared_error') return squaredError(target, scaled, lowest);
  const isAllowed = tweediePower === 2 ? lowest > 0 : lowest >= 0;
  if (!isAllowed) {
    throw new ForestInputError(
      `The lowest target is ${lowest}, which the Tweedie loss of power ${tweediePower} does not allow.`,
      tweediePower === 2
        ? 'Give targets above 0, or set tweediePower below 2.'
        : 'Give targets from 0 on (clip returns), or set loss to squared_error.',
      { lowest, tweediePower },
    );
  }
  return tweedie(target, scaled, lowest, tweediePower);
}

function toMeanOne(weights: Float64Array): Float64Array | undefined {
  if (weights.every((weight) => weight === weights[0])) return undefined;
  const mean = fixedSum(weights) / weights.length;
  return weights.map((weight) => weight / mean);
}

function meanOf(target: Float64Array, weights: Float64Array | undefined, lowest: number): number {
  // From the lowest value on, so that the mean of a constant is that constant.
  const excess = target.map((value, row) => (value - lowest) * (weights?.[row] ?? 1));
  return lowest + fixedSum(excess) / (weights === undefined ? target.length : fixedSum(weights));
}

function squaredError(target: Float64Array, weights: Float64Array | undefined, lowest: number): Loss {
  const rows = target.length;
  const differentiate: Loss['differentiate'] = (scores, negativeGradients, hessians) => {
    let sum = 0;
    if (weights === undefined) {
      for (let row = 0; row < rows; row++) {
        const residual = target[row] - scores[row];
        negativeGradients[row] = residual;
        sum += residual * residual;
      }
      return sum / rows;
    }
    for (let row = 0; row < rows; row++) {
      const residual = target[row] - scores[row];
      const weighted = weights[row] * residual;
      negativeGradients[row] = weighted;
      hessians[row] = weights[row];
      sum += weighted * residual;
    }
    return sum / rows;
  };
  return {
    base: meanOf(target, weights, lowest),
    mean(scores) {
      let sum = 0;
      for (let row = 0; row < rows; row++)
        sum += (weights === undefined ? 1 : weights[row]) * (target[row] - scores[row]) ** 2;
      return sum / rows;
    },
    differentiate,
    hasUnitHessians: weights === undefined,
  };
}

/**
 * The Tweedie deviance (Jørgensen 1987) with the logarithm as link. With mean `m = exp(score)` and power `p` the halved
 * deviance of a row is `m^(2-p) / (2-p) - y m^(1-p) / (1-p)` and a part that does not depend on the score; where a
 * power is 0, its limit, a logarithm, takes its place.
 */
function tweedie(
  target: Float64Array,
  weights: Float64Array | undefined,
  lowest: number,
  power: number,
): Loss {
  const rows = target.length;
  const [first, second] = [1 - power, 2 - power];
  const weightOf = (row: number): number => (weights === undefined ? 1 : weights[row]);
  let saturated = 0;
  for (let row = 0; row < rows; row++) saturated += weightOf(row) * halvedAtTarget(target[row], power);
  const halved = (y: number, score: number, low: number, high: number): number =>
    (second === 0 ? score : high / second) - (first === 0 ? y * score : (y * low) / first);
  const differentiate: Loss['differentiate'] = (scores, negativeGradients, hessians) => {
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      const y = target[row];
      const weight = weightOf(row);
      const score = Math.max(-scoreLimit, Math.min(scoreLimit, scores[row]));
      const low = Math.exp(first * score);
      // One exponential serves where the powers are each other's opposites.
      const high = power === 1.5 ? 1 / low : Math.exp(second * score);
      negativeGradients[row] = weight * (y * low - high);
      hessians[row] = weight * (second * high - first * y * low);
      sum += weight * halved(y, score, low, high);
    }
    return (2 * (sum - saturated)) / rows;
  };
  const spareGradients = new Float64Array(rows);
  const spareHessians = new Float64Array(rows);
  const mean = meanOf(target, weights, lowest);
  return {
    base: mean > 0 ? Math.max(-scoreLimit, Math.log(mean)) : -scoreLimit,
    mean: (scores) => differentiate(scores, spareGradients, spareHessians),
    differentiate,
    hasUnitHessians: false,
  };
}

/** The halved deviance's part of the score at its lowest: where the mean is the target itself. */
function halvedAtTarget(y: number, power: number): number {
  if (power === 1) return y === 0 ? 0 : y - y * Math.log(y);
  if (power === 2) return Math.log(y) + 1;
  return y ** (2 - power) / (2 - power) - y ** (2 - power) / (1 - power);
}
