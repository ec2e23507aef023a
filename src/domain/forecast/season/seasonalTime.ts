import { FARTHEST_WEEKS } from '../../btyd/nextOrder.ts';
import type { BtydSummary } from '../../btyd/summary.ts';
import { addDays, type IsoDate } from '../../calendar/dates.ts';
import { factorsOfDays, type Season } from './season.ts';

/**
 * The summary of customers at a cutoff in seasonal time, for a purchase model that counts in it; the same summary without a
 * season.
 *
 * Purchase models expect the same of every week, which holds in few shops. In seasonal time it does: a day is as long as
 * the factor of its month, so that a customer who was silent in quiet months has not been silent for long, and orders at
 * Christmas are not taken for a habit. This is a time change (operational time): a Poisson process whose rate follows the
 * season has a constant rate in it.
 */
export function inSeasonalTime(summary: BtydSummary, season: Season | null, cutoff: IsoDate): BtydSummary {
  if (season === null) return summary;
  const oldest = summary.ageWeeks.reduce((most, age) => Math.max(most, age), 0);
  // Observation ends with the day before the cutoff, and ages are counted up to it.
  const lastDay = addDays(cutoff, -1);
  const firstDay = addDays(lastDay, -Math.ceil(7 * oldest) - 1);
  const back = summedUp(factorsOfDays(season, { start: firstDay, end: lastDay }).reverse());
  const seasonalWeeks = (weeks: number): number => valueAt(back, 7 * weeks) / 7;
  return {
    ...summary,
    ageWeeks: summary.ageWeeks.map(seasonalWeeks),
    recencyWeeks: summary.recencyWeeks.map((recency, i) => {
      const age = summary.ageWeeks[i];
      return seasonalWeeks(age) - seasonalWeeks(age - recency);
    }),
  };
}

/** How many seasonal weeks pass between the cutoff and the end of each of these numbers of calendar weeks, which ascend; the same without a season. */
export function toSeasonalWeeks(
  calendarWeeks: readonly number[],
  season: Season | null,
  cutoff: IsoDate,
): readonly number[] {
  if (season === null) return calendarWeeks;
  const days = Math.ceil(7 * (calendarWeeks.at(-1) ?? 0)) + 1;
  const ahead = summedUp(factorsOfDays(season, { start: cutoff, end: addDays(cutoff, days) }));
  return calendarWeeks.map((weeks) => valueAt(ahead, 7 * weeks) / 7);
}

/** The inverse: after how many calendar weeks from the cutoff each of these numbers of seasonal weeks has passed. */
export function toCalendarWeeks(
  seasonalWeeks: Float64Array,
  season: Season | null,
  cutoff: IsoDate,
): Float64Array {
  if (season === null) return seasonalWeeks;
  // Times further off are left as they are.
  const inReach = seasonalWeeks.filter((weeks) => weeks <= FARTHEST_WEEKS);
  const farthest = inReach.reduce((most, weeks) => Math.max(most, weeks), 0);
  const ahead = summedUp(factorsUntil(season, cutoff, 7 * farthest));
  return seasonalWeeks.map((weeks) => (weeks <= FARTHEST_WEEKS ? placeOf(ahead, 7 * weeks) / 7 : weeks));
}

/** The factors of the days from `start` on, as many whole years as are needed to add up to `sum`. */
function factorsUntil(season: Season, start: IsoDate, sum: number): Float64Array {
  const year = 366;
  for (let days = year + Math.ceil(sum); ; days += year) {
    const factors = factorsOfDays(season, { start, end: addDays(start, days) });
    if (factors.reduce((total, factor) => total + factor, 0) >= sum) return factors;
  }
}

/** 0, and then the sum of all up to each. */
function summedUp(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  values.forEach((value, i) => {
    sums[i + 1] = sums[i] + value;
  });
  return sums;
}

/** The value between entries of an ascending list, on a straight line from one to the next. */
function valueAt(ascending: Float64Array, place: number): number {
  const before = Math.min(Math.floor(place), ascending.length - 2);
  return ascending[before] + (place - before) * (ascending[before + 1] - ascending[before]);
}

/** The inverse of `valueAt`, for a value from the first to the last. */
function placeOf(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length - 2];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (ascending[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low + (value - ascending[low]) / (ascending[low + 1] - ascending[low]);
}
