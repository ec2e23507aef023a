import { z } from 'zod';
import { jobReferenceSchema } from '../references/jobReference.ts';
import { searchReferenceSchema } from '../references/searchReference.ts';

/** What an answer tells of an error. */
export const errorDetailSchema = z.strictObject({
  code: z.string().describe('Rely on this, and not on the words.'),
  message: z.string().describe('What happened, in a sentence.'),
  remedy: z.string().optional().describe('What to do; left out where there is nothing to do.'),
  problems: z
    .array(
      z.strictObject({
        path: z
          .string()
          .describe('Path of the key in the body; `body` or `request` for what is wrong as a whole.'),
        message: z.string(),
      }),
    )
    .optional()
    .describe('Everything that is wrong with a request that cannot be understood.'),
});

/** The body of every answer that is an error. */
export const errorBodySchema = z
  .strictObject({
    error: errorDetailSchema,
    job: jobReferenceSchema.optional().describe('With RUN_BUSY: the run that is in progress.'),
    search: searchReferenceSchema.optional().describe('With GRID_SEARCH_BUSY: the search in progress.'),
  })
  .meta({ id: 'Error' });
/** The body of every answer that is an error. */
export type ErrorBody = z.infer<typeof errorBodySchema>;
