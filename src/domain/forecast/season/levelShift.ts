import { mean } from '../../evaluation/averages.ts';
import { fitTrendAndMonths, MONTHS, type MonthPoint } from './monthlyFit.ts';

/** A month of a shop in which a change of level is looked for. */
export interface LevelPoint extends MonthPoint {
  /** Orders in it of the customers who had ordered in two or more of the twelve months before. */
  readonly ordersOfRegulars: number;
  /** The logarithm of how much each of these ordered in it. */
  readonly logOfRegulars: number;
}

/** A change of level between two months. */
export interface FoundShift {
  /** The time of the first month at the new level. */
  readonly time: number;
  /** The logarithm of the new level over the old one by the fit to all months: what to take out of them. */
  readonly step: number;
  /** The same by the months right before and after the change: what to forecast with. */
  readonly jump: number;
}

/** Months that have passed since a change: what lasts less than a quarter may pass, and older changes are all models know. */
const AGES = { least: 3, most: 18 };
/** Months on either side that are compared. */
const COMPARED = 3;
/** The least change: three tenths more, or as much less. */
const LEAST_JUMP = Math.log(1.3);
/** What chance does in fewer than one shop of ten thousand; see `stepsIn`. */
const LEAST_EVIDENCE = 20;
/** By so much more evidence an older change is the better explanation. */
const BETTER_EVIDENCE = 10;
/** Less of a difference in evidence is rounding: both steps explain the months equally well. */
const TIED = 1e-3;
/** Squares of an indicator below which trend and months explain all of it but rounding. */
const COLLINEAR = 1e-9;
/** The least share of the squares that a step leaves: where it explains all months, what is left is rounding. */
const LEAST_LEFT = 1e-9;
/** Orders of regulars, on each side, that can confirm a change. */
const LEAST_ORDERS = 20;

/**
 * Finds the month from which customers have ordered more often, or less often, than before, in all months alike: since a
 * competitor came, or a branch closed. Such a change is a step in the series of monthly logarithms (a level shift, Chen and
 * Liu 1993). The step is fitted along with the trend and the twelve monthly effects, for each month in turn, and the best
 * one is believed if all of this holds:
 *
 * - chance does not explain it, and no change that lies further back explains the months better;
 * - the three months after it differ from the three before it by a factor of 1.3 or more;
 * - it lasts: the fit to all months finds two thirds of that, and the latest month shows half of it;
 * - it is no season: the three months after it differ by half of that from the same months of the year before;
 * - regulars, who had ordered in two or more of the twelve months before, show half of it as well. Otherwise a crowd of new
 *   customers who do not come back would pass for customers who order less.
 *
 * @param points latest first, without months in which the shop was closed or had hardly any orders.
 * @returns the most evident one; null where there is none, or where the months are too few to tell.
 */
export function findLevelShift(points: readonly LevelPoint[]): FoundShift | null {
  const freedom = points.length - MONTHS - 2;
  if (freedom < 2 || new Set(points.map(({ month }) => month)).size < MONTHS) return null;
  const steps = stepsIn(points, freedom);
  const recent = steps.filter(({ age }) => age <= AGES.most);
  const evidence = mostEvidence(recent);
  const ofOlder = mostEvidence(steps.filter(({ age }) => age > AGES.most));
  if (evidence < LEAST_EVIDENCE || ofOlder > evidence + BETTER_EVIDENCE) return null;
  // In little more than two years, a step down explains the months exactly as well as one up a year before it, and the other
  // way round: the two together are a trend and monthly effects. Only the months around each can tell which of them it was.
  for (const found of recent.filter((it) => it.age >= AGES.least && it.evidence >= evidence - TIED)) {
    const { time, step } = found;
    const jump = jumpAt(found, points);
    if (jump !== null && step / jump >= 2 / 3) return { time, step, jump };
  }
  return null;
}

/** By how much the months right after a step are above those right before it; null where others say that it is no lasting change. */
function jumpAt(found: Step, points: readonly LevelPoint[]): number | null {
  const { time } = found;
  const after = points.filter((it) => it.time >= time && it.time < time + COMPARED);
  const before = points.filter((it) => it.time < time && it.time >= time - COMPARED);
  const ofYearBefore = after.flatMap((it) => points.filter((other) => other.time === it.time - MONTHS));
  const hasEnough = (some: readonly LevelPoint[]): boolean =>
    some.length > 1 && some.reduce((sum, it) => sum + it.ordersOfRegulars, 0) >= LEAST_ORDERS;
  if (!hasEnough(after) || !hasEnough(before) || ofYearBefore.length === 0) return null;
  const { effects } = fitTrendAndMonths(points.map((point) => withoutStep(point, found)));
  const level = (some: readonly LevelPoint[]): number =>
    mean(some.map(({ log, month }) => log - effects[month]));
  const levelOfRegulars = (some: readonly LevelPoint[]): number =>
    mean(some.map(({ logOfRegulars, month }) => logOfRegulars - effects[month]));
  const jump = level(after) - level(before);
  const sinceYearBefore =
    level(after.filter((it) => ofYearBefore.some(({ month }) => month === it.month))) - level(ofYearBefore);
  const witnesses = [
    level(points.slice(0, 1)) - level(before),
    sinceYearBefore,
    levelOfRegulars(after) - levelOfRegulars(before),
  ];
  return Math.abs(jump) >= LEAST_JUMP && witnesses.every((witness) => witness / jump >= 1 / 2) ? jump : null;
}

/** A month as it would be had the change not come. */
export function withoutStep<Point extends MonthPoint>(
  point: Point,
  { time, step }: Pick<FoundShift, 'time' | 'step'>,
): Point {
  return point.time >= time ? { ...point, log: point.log - step } : point;
}

/** A step that may have come at a time. */
interface Step extends Pick<FoundShift, 'time' | 'step'> {
  /** How many months have passed since. */
  readonly age: number;
  readonly evidence: number;
}

/**
 * The steps that may have come with each of the months, where the months can tell one from a trend. Their evidence is the
 * degrees of freedom of the fit with a step, times the logarithm of the ratio of the residual sums of squares without and
 * with it: whatever the degrees of freedom, about -2 times the logarithm of the p-value of Student's t.
 */
function stepsIn(points: readonly LevelPoint[], freedom: number): Step[] {
  const { residuals } = fitTrendAndMonths(points);
  const squares = sumOfProducts(residuals, residuals);
  return points.slice(0, -1).flatMap(({ time }): Step[] => {
    // The step is fitted to what trend and months leave, after the same was taken out of it (Frisch and Waugh 1933).
    const indicator = points.map((it) => ({ ...it, log: it.time >= time ? 1 : 0 }));
    const left = fitTrendAndMonths(indicator).residuals;
    const indicatorSquares = sumOfProducts(left, left);
    if (indicatorSquares < COLLINEAR) return [];
    const step = sumOfProducts(left, residuals) / indicatorSquares;
    const squaresLeft = Math.max(LEAST_LEFT * squares, squares - step * sumOfProducts(left, residuals));
    return [{ time, step, age: 1 - time, evidence: freedom * Math.log(squares / squaresLeft) }];
  });
}

/** The evidence of the best of some steps. */
function mostEvidence(steps: readonly Step[]): number {
  return Math.max(...steps.map(({ evidence }) => evidence));
}

function sumOfProducts(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
