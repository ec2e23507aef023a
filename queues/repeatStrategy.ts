import type { RepeatStrategy } from 'bullmq';
import { z } from 'zod';
import { isIsoDate, isTimezone } from '../src/domain/calendar/dates.ts';
import { nextOccurrence, type Recurrence } from '../src/domain/calendar/recurrence.ts';

const MARK = 'clv:';

const timezone = z.string().refine(isTimezone);
const hour = z.int().min(0).max(23);
const recurrenceSchema: z.ZodType<Recurrence> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('calendar'),
    calendar: z.strictObject({ launchDate: z.string().refine(isIsoDate), timezone, hour }),
  }),
  z.strictObject({ kind: z.literal('daily'), timezone, hour }),
  z.strictObject({ kind: z.literal('minutes'), minutes: z.int().min(1) }),
]);

/** A recurrence as the pattern of a BullMQ job scheduler, as the board shows it: `clv:` and JSON. */
export function patternOf(recurrence: Recurrence): string {
  return `${MARK}${JSON.stringify(recurrence)}`;
}

/**
 * Tells BullMQ when a job scheduler fires next, in milliseconds since 1970 UTC. Every Queue and every Worker must have
 * it. Throws for any other pattern than those of `patternOf`: if it returned nothing, BullMQ would add no further job,
 * and the schedule would silently end.
 */
export const repeatStrategy: RepeatStrategy = (afterMs, { pattern }) =>
  nextOccurrence(recurrenceOf(pattern), afterMs);

function recurrenceOf(pattern: string | undefined): Recurrence {
  if (pattern?.startsWith(MARK)) {
    try {
      return recurrenceSchema.parse(JSON.parse(pattern.slice(MARK.length)));
    } catch {
      // The error below says so.
    }
  }
  throw new Error(
    `The pattern ${JSON.stringify(pattern)} of a job scheduler is not one that CLV Horizon knows.`,
  );
}
