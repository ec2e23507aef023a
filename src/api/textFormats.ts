import { z } from 'zod';
import { isIsoDate } from '../domain/calendar/dates.ts';

/** A date in the business time zone, `YYYY-MM-DD`. */
export const isoDateSchema = z
  .string()
  .refine(isIsoDate, 'is not a calendar date written YYYY-MM-DD')
  .meta({ format: 'date' });

/** An instant, ISO 8601 in UTC. */
export const instantSchema = z.string().meta({ format: 'date-time' });

/** An address of this server, relative to it: it holds behind a proxy as well. */
export const addressSchema = z.string().meta({ format: 'uri-reference' });
