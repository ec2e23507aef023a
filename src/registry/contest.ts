import { z } from 'zod';
import { metricsSchema } from './metricsSchema.ts';

/** The shape of how a model did against one rival. */
const boutSchema = z.strictObject({
  name: z.string(),
  /** RMSE of the model less that of the rival, in currency, and its interval of 95 %. */
  rmse_difference: z.number(),
  interval: z.array(z.number()).length(2),
  says: z.string(),
});
/** How a model did against one rival, on customers and months that neither had seen. */
export type Bout = z.infer<typeof boutSchema>;

/** The shape of what a model was up against. */
export const contestSchema = z.strictObject({
  /** The model as `champion` first; then its rivals, in a tournament all contenders with their weights. */
  contenders: z.array(
    metricsSchema.extend({
      name: z.string(),
      /** Share of all revenue that the tenth with the highest forecasts brought. */
      top_decile_capture: z.number().nullable(),
      /** Weights in the stack of the model in its file, for the bulk of the customers and for the largest. */
      weights: z.strictObject({ bulk: z.number(), largest: z.number() }).nullable(),
    }),
  ),
  /** The naive rate and the purchase model, where the model lost to them beyond chance: gate 2 asks for an override. */
  loses_to: z.array(boutSchema),
  /** Against the rival with the least RMSE, found afterwards; null without rivals. Cards of old lack it. */
  best_rival: boutSchema.nullable().optional(),
  /** Null where one forest was trained alone. */
  tournament: z
    .strictObject({
      /** `stack`, or the single contender that beat it. */
      chosen: z.string(),
      says: z.string(),
      /** Where contenders met, latest first: what weights and intervals were learned from. */
      origins: z.array(
        z.strictObject({
          cutoff: z.string(),
          pred_months: z.int(),
          customers: z.int(),
          rmse: z.record(z.string(), z.number()),
        }),
      ),
      /** The cutoffs whose labels the contenders learned from together, latest first. */
      training_cutoffs: z.array(z.string()),
      boosted_trees: z.int(),
      /** Orders on a day of each month of the year over those on a usual day, from `anchor` on; null where no season was found. */
      season: z
        .strictObject({ anchor: z.string(), index: z.array(z.number()).length(12) })
        .nullable()
        .default(null),
      /** What the forecast is multiplied with, so that totals add up. */
      calibration: z.number(),
      /** What training labels were cut to, in currency; null where they were not. */
      winsorised_at: z.number().nullable(),
      /** Share of the measured customers within their 80 % interval; null where none could be learned before. */
      coverage: z.number().nullable(),
    })
    .nullable(),
});
/** What a model was up against, and how it did. */
export type Contest = z.infer<typeof contestSchema>;
