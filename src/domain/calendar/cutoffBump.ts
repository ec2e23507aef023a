import { addDays, type IsoDate, toEpochDay } from './dates.ts';

/** For how many days after its launch a shop counts as young and is scored every fortnight. */
export const INFANCY_DAYS = 12 * 7;

/**
 * The cutoff that follows a complete run: 14 days on while the cutoff lies within 12 weeks of the launch,
 * else 30 days on. Without a launch date the shop counts as established.
 */
export function nextCutoff(cutoff: IsoDate, launchDate: IsoDate | null): IsoDate {
  const isYoung = launchDate !== null && toEpochDay(cutoff) < toEpochDay(launchDate) + INFANCY_DAYS;
  return addDays(cutoff, isYoung ? 14 : 30);
}
