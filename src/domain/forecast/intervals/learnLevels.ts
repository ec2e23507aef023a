import type { RevenueDistributions } from '../../btyd/revenueDistributions.ts';
import type { UnseenForecast } from '../combination/unseenForecast.ts';
import { COVERAGE, conformalQuantile, groupsOfLikeForecast, narrowestIntervals } from './conformal.ts';
import type { IntervalLevels } from './intervalLevels.ts';
import { cumulativeProbability, distributionAround } from './predictiveDistribution.ts';

/** Customers of a group: enough for quantiles of 10 % and 90 %, whoever they are. */
const GROUPS = { least: 300, most: 10 };
/**
 * The predictive distributions, taken as calibrated, count as this many customers of a group. A few customers say little
 * about a level; and where all of them lie at nearly the same level, as subscribers who pay one price do, bounds drawn close
 * to it would miss them next time.
 */
const PRIOR_CUSTOMERS = 100;
/** No bound lies at a higher level, because the far tails of the distributions are not to be trusted. */
const HIGHEST_LEVEL = 0.999;
/**
 * Multiples of this, modulo 1, are spread evenly over [0, 1), however many are taken (the golden ratio; Knuth, The Art of
 * Computer Programming 3, 6.4).
 */
const EVEN_STEP = (Math.sqrt(5) - 1) / 2;

/**
 * Intervals from predictive distributions (distributional conformal prediction; Chernozhukov, Wüthrich and Zhu 2021). What a
 * customer of the origin spent lies at some level of that customer's own distribution (its probability integral transform).
 * In each group of customers with similar forecasts, the bounds are put at the levels below which a tenth, a half and nine
 * tenths of the customers lie. The distribution takes account of the customer, the length of the window and its season, so
 * what is learned from a quiet window also holds for a busy or a longer one.
 *
 * A customer who bought nothing could be at any level up to the probability of buying nothing. These customers are spread
 * evenly over those levels, in the order of their forecasts: a randomised probability integral transform without the
 * randomness. A lower bound at a level below that probability is 0, and then the upper bound alone leaves a fifth of the
 * customers outside. For customers who buy nothing with a probability of four fifths or more, both bounds are 0. Their
 * intervals hold more customers than asked for and cannot be made narrower, so the intervals of all others are made to hold
 * somewhat fewer: over all customers together it is four fifths.
 *
 * @param origin what was forecast and what came, in currency: forecasts above 0, revenue from 0, at least one customer.
 * @param distributions of the customers of the origin, in the same order.
 */
export function learnLevels(origin: UnseenForecast, distributions: RevenueDistributions): IntervalLevels {
  let placed = 0;
  const groups = groupsOfLikeForecast(origin.predicted, GROUPS).map(({ size, rows }) => ({
    size,
    levels: Float64Array.from(rows, (row) => {
      const distribution = distributionAround(distributions, row, origin.predicted[row]);
      if (origin.actual[row] > 0)
        return Math.min(HIGHEST_LEVEL, cumulativeProbability(distribution, origin.actual[row]));
      placed = (placed + EVEN_STEP) % 1;
      return placed * distribution.pNone;
    }).sort(),
  }));
  return narrowestIntervals(origin, distributions, (level) => levelsOf(groups, level));
}

/** Customers with similar forecasts: the forecast of the one in the middle, and the levels of all of them, ascending. */
interface Group {
  readonly size: number;
  readonly levels: Float64Array;
}

/** @param wanted the share of each group that its intervals are to hold, wherever they can be made that narrow. */
function levelsOf(groups: readonly Group[], wanted: number): IntervalLevels {
  const tail = (1 - wanted) / 2;
  const at = (share: number): number[] => groups.map(({ levels }) => levelAt(levels, share));
  return {
    kind: 'levels',
    sizes: groups.map(({ size }) => size),
    low: at(tail),
    middle: at(0.5),
    high: at(1 - tail),
    highFromZero: at(wanted),
    highOfIdle: at(COVERAGE),
  };
}

/** The level below which this share of a group lies, shrunk towards `share`, which it would be with calibrated distributions. */
function levelAt(levels: Float64Array, share: number): number {
  const found = conformalQuantile(levels, share);
  return (levels.length * found + PRIOR_CUSTOMERS * share) / (levels.length + PRIOR_CUSTOMERS);
}
