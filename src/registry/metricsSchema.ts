import { z } from 'zod';

/** The shape of the metrics of a forecast. */
export const metricsSchema = z.strictObject({
  customers: z.int(),
  rmse: z.number(),
  mae: z.number(),
  bias: z.number().nullable(),
  r2: z.number().nullable(),
  spearman: z.number().nullable(),
  normalizedGini: z.number().nullable(),
  meanActual: z.number(),
  meanPredicted: z.number(),
});
