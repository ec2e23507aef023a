import { z } from 'zod';
import { addressSchema } from '../textFormats.ts';
import { jobUrl } from './jobUrl.ts';

/** Where a job can be followed. */
export const jobReferenceSchema = z
  .strictObject({ id: z.string(), url: addressSchema })
  .meta({ id: 'JobReference' });
/** Where a job can be followed. */
export type JobReference = z.infer<typeof jobReferenceSchema>;

/** The id and the address of a job. */
export function referToJob(id: string): JobReference {
  return { id, url: jobUrl(id) };
}
