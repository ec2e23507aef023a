import { addMonths, type IsoDate } from '../calendar/dates.ts';

/**
 * The last day before `today` on which a review of the champion's window fell due; null where none has yet. A window
 * that a person approved is due `months` after the approval, and every `months` from then on. One that nobody ever
 * approved is due for the first time on the day on which its champion went into service.
 *
 * @param approvedOn the day on which a person last approved that window; null for never.
 */
export function reviewDue(
  approvedOn: IsoDate | null,
  inServiceSince: IsoDate,
  months: number,
  today: IsoDate,
): IsoDate | null {
  const anchor = approvedOn ?? inServiceSince;
  let due: IsoDate | null = null;
  for (let count = approvedOn === null ? 0 : 1; ; count++) {
    // Counted from the anchor each time, so that a day that was clamped to a short month does not stay clamped.
    const next = addMonths(anchor, count * months);
    if (next >= today) return due;
    due = next;
  }
}
