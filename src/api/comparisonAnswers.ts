import { z } from 'zod';
import { comparisonSchema } from '../registry/comparisonRecord.ts';
import { type ErrorCode, REDIS_CODES } from './errors/statusOfCode.ts';
import { jobReferenceSchema } from './references/jobReference.ts';

/** What whoever starts a comparison and whoever asks for it are answered. */
export const COMPARISON_ANSWERS = {
  200: { description: 'The comparison.', body: comparisonSchema.meta({ id: 'Comparison' }) },
  202: {
    description: 'The comparison is being made; ask for it when its job has succeeded.',
    body: z.strictObject({ job: jobReferenceSchema }),
    headers: { Location: 'Where the job can be followed.' },
  },
};

/** The parameters in the address of a comparison. */
export const COMPARISON_PARAMS = { id: 'Id of the first model.', other: 'Id of the second model.' };

/** The errors of whoever starts a comparison and whoever asks for it, by their codes. */
export const COMPARISON_REFUSALS: readonly ErrorCode[] = [
  'SAME_MODEL',
  'MODEL_UNKNOWN',
  'ORDERS_NOT_NAMED',
  // What is told of files by their names, sizes and first bytes; the rest is told by the job.
  'ORDERS_FILE_MISSING',
  'ORDERS_FILE_KIND',
  'ORDERS_FILE_EMPTY',
  'ORDERS_FILE_DAMAGED',
  'ORDERS_FILE_UNREADABLE',
  ...REDIS_CODES,
];
