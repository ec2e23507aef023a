import { z } from 'zod';
import { gridSearchJobId } from '../../../queues/gridSearch.ts';
import { addressSchema } from '../textFormats.ts';
import { jobReferenceSchema, referToJob } from './jobReference.ts';
import { searchUrl } from './searchUrl.ts';

/** Where a search can be followed. */
export const searchReferenceSchema = z
  .strictObject({ id: z.string(), url: addressSchema, job: jobReferenceSchema })
  .meta({ id: 'SearchReference' });

/** The id and the address of a search, and of its job. */
export function referToSearch(searchId: string): z.infer<typeof searchReferenceSchema> {
  return { id: searchId, url: searchUrl(searchId), job: referToJob(gridSearchJobId(searchId)) };
}
