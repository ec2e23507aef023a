import type { RevenueLaws } from '../../btyd/revenueLaws.ts';
import type { UnseenForecast } from '../combination/learnCalibration.ts';
import { COVERAGE, conformalQuantile, groupsOfLikeForecast, narrowestIntervals } from './conformal.ts';
import { lawOfForecast, levelOfRevenue } from './forecastLaw.ts';
import type { IntervalLevels } from './intervalLevels.ts';

/** Customers of a group: enough for quantiles of 10 % and 90 %, whoever they are. */
const GROUPS = { least: 300, most: 10 };
/**
 * How many customers the laws themselves count for. A few customers say little of a level; and where all of them came to
 * lie at nearly the same one, as subscribers do who pay one price, bounds beside it would miss them at the next turn.
 */
const BELIEF_IN_LAWS = 100;
/** No bound lies at a higher level: beyond it a law says nothing. */
const HIGHEST_LEVEL = 0.999;
/** Steps of this fill an interval evenly, however many are taken (the golden ratio; Knuth, The Art of Computer Programming 3, 6.4). */
const EVEN_STEP = (Math.sqrt(5) - 1) / 2;

/**
 * Intervals by laws of revenue (distributional conformal prediction; Chernozhukov, Wüthrich and Zhu 2021): every customer
 * of the origin came to lie at some level of the own law, and the bounds are put where, in groups of like forecast, a
 * tenth, a half and nine tenths came to lie. The law knows the customer, the length of the window and its season, so
 * that what is learned of a quiet window holds in a busy or a longer one.
 *
 * Who bought nothing lies anywhere up to the probability of that: these levels are spread evenly, by forecast. A lower
 * bound that does not reach it is 0; then the upper bound alone leaves a fifth outside. Who buys nothing with four fifths
 * or more has both bounds at 0, and nobody can make that narrower; so that the intervals hold four fifths of all customers
 * and not more, those of customers that buy more often hold somewhat less.
 *
 * @param origin revenue and forecasts from above 0, at least one customer. @param laws of its customers.
 */
export function learnLevels(origin: UnseenForecast, laws: RevenueLaws): IntervalLevels {
  let placed = 0;
  const groups = groupsOfLikeForecast(origin.predicted, GROUPS).map(({ size, rows }) => ({
    size,
    levels: Float64Array.from(rows, (row) => {
      const law = lawOfForecast(laws, row, origin.predicted[row]);
      if (origin.actual[row] > 0) return Math.min(HIGHEST_LEVEL, levelOfRevenue(law, origin.actual[row]));
      placed = (placed + EVEN_STEP) % 1;
      return placed * law.pNone;
    }).sort(),
  }));
  return narrowestIntervals(origin, laws, (level) => levelsOf(groups, level));
}

/** The levels at which customers of like forecast came to lie, ascending. */
interface Group {
  readonly size: number;
  readonly levels: Float64Array;
}

/** @param wanted share of customers that intervals are to hold, where they can be made so narrow. */
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

/** The level below which this share came to lie, drawn to where it would be were the laws right. */
function levelAt(levels: Float64Array, share: number): number {
  const found = conformalQuantile(levels, share);
  return (levels.length * found + BELIEF_IN_LAWS * share) / (levels.length + BELIEF_IN_LAWS);
}
