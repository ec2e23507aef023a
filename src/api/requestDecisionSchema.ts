import { z } from 'zod';

/** What the body of a decision on a request holds. */
export const requestDecisionSchema = z.strictObject({
  by: z.string('is not a text'),
  note: z.string('is not a text'),
});
