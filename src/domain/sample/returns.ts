import type { Random } from '../random.ts';

/** Share of orders that come back, in part or in full. */
export const RETURN_SHARE = 0.05;
/** Share of the returns that give back the whole order. */
export const FULL_RETURN_SHARE = 0.6;
/** The part of an order that comes back is uniform between these shares, unless it is the whole order. */
export const PARTIAL_RETURN_RANGE = [0.2, 0.8] as const;

/** Days from an order to its return, shortest and longest. */
export const RETURN_DELAY_DAYS = [2, 45] as const;
/** The probability of each further day of delay, over that of the day before. */
const DELAY_DECAY = 0.92;

/** Share of an order's value that comes back on average, given that something comes back. */
const MEAN_RETURNED_PART =
  FULL_RETURN_SHARE + (1 - FULL_RETURN_SHARE) * ((PARTIAL_RETURN_RANGE[0] + PARTIAL_RETURN_RANGE[1]) / 2);

/** Entry `d` is the chance that a return, if there is one, comes fewer than `d` days after the order. */
const CHANCE_BEFORE: readonly number[] = delayDistribution();

function delayDistribution(): number[] {
  const [shortest, longest] = RETURN_DELAY_DAYS;
  const before = [0];
  for (let delay = 0; delay <= longest; delay++) {
    before.push(before[delay]! + (delay < shortest ? 0 : DELAY_DECAY ** (delay - shortest)));
  }
  const total = before[longest + 1]!;
  return before.map((weight) => weight / total);
}

function chanceReturnedBefore(days: number): number {
  return CHANCE_BEFORE[Math.max(0, Math.min(days, CHANCE_BEFORE.length - 1))]!;
}

/** Days from an order to its return. */
export function drawReturnDelay(random: Random): number {
  const u = random.uniform();
  let [delay] = RETURN_DELAY_DAYS as readonly [number, number];
  while (delay < RETURN_DELAY_DAYS[1] && u >= CHANCE_BEFORE[delay + 1]!) delay++;
  return delay;
}

/**
 * How much of an order comes back, in cents: at least 1, at most all.
 * @param cents the value of the order, at least 1.
 */
export function drawReturnedCents(random: Random, cents: number): number {
  if (random.uniform() < FULL_RETURN_SHARE) return cents;
  const [least, most] = PARTIAL_RETURN_RANGE;
  return Math.max(1, Math.round(cents * (least + (most - least) * random.uniform())));
}

/** Share of an order's value that is expected to come back fewer than `days` days after it. */
export function expectedReturn(days: number): number {
  return RETURN_SHARE * MEAN_RETURNED_PART * chanceReturnedBefore(days);
}

/**
 * Share of an order's value that is expected to come back in the next `window` days, when the order is `age`
 * days old and nothing has come back yet: Bayes' rule over the delay.
 */
export function expectedPendingReturn(age: number, window: number): number {
  const inWindow = chanceReturnedBefore(age + window) - chanceReturnedBefore(age);
  return (RETURN_SHARE * MEAN_RETURNED_PART * inWindow) / (1 - RETURN_SHARE * chanceReturnedBefore(age));
}
