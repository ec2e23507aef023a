import { z } from 'zod';

/** What the body of a decision on a request or an alert holds. */
export const requestDecisionSchema = z.strictObject({
  by: z.string('is not a text').describe('A person’s name.'),
  note: z.string('is not a text').describe('Why.'),
});
