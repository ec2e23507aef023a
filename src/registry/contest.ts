import { z } from 'zod';
import { metricsSchema } from './metricsSchema.ts';

/** The shape of how a model did against one rival. */
const rivalComparisonSchema = z.strictObject({
  name: z.string(),
  /** RMSE of the model less that of the rival, in currency, and its interval of 95 %. */
  rmse_difference: z.number(),
  interval: z.array(z.number()).length(2),
  says: z.string(),
});
/** How a model did against one rival, on customers and months that neither had seen. */
export type RivalComparison = z.infer<typeof rivalComparisonSchema>;

/** The shape of the contest of a model with its rivals. */
export const contestSchema = z.strictObject({
  /** The model first, by the name `champion`; then its rivals, in a tournament all contenders with their weights. */
  contenders: z.array(
    metricsSchema.extend({
      name: z.string(),
      /** Share of all revenue that the tenth with the highest forecasts brought. */
      top_decile_capture: z.number().nullable(),
      /** Weights in the stack of the model in its file, for the bulk of the customers and for the largest. */
      weights: z.strictObject({ bulk: z.number(), largest: z.number() }).nullable(),
    }),
  ),
  /**
   * The benchmarks (naive rate, purchase model) that the model lost to beyond chance: gate 2 then asks for an override.
   */
  loses_to: z.array(rivalComparisonSchema),
  /** Against the rival with the least RMSE in hindsight; null without rivals, absent from cards of earlier versions. */
  best_rival: rivalComparisonSchema.nullable().optional(),
  /**
   * Share of the measured customers whose revenue lay from `clv_p10` to `clv_p90`, 0 to 1; null for a model without bounds,
   * absent from cards of earlier versions.
   */
  coverage: z.number().nullable().optional(),
  /**
   * What the measured customers were forecast to spend together, the bounds between which it lies in four windows of five, and
   * what they spent, in currency; null for a model without bounds of totals, absent from cards of earlier versions.
   */
  total: z
    .strictObject({ predicted: z.number(), p10: z.number(), p90: z.number(), actual: z.number() })
    .nullable()
    .optional(),
  /** Null where a single forest was trained. */
  tournament: z
    .strictObject({
      /** `stack`, or the single contender that beat it. */
      chosen: z.string(),
      says: z.string(),
      /** The cutoffs at which contenders were compared, latest first: weights and intervals were learned from them. */
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
      /**
       * Orders a day in each month of the year, from `anchor` on, over those of an average day, and since when
       * customers have ordered more or less often in all months alike, by how much (null on cards of earlier versions). Null
       * where neither was found.
       */
      season: z
        .strictObject({
          anchor: z.string(),
          index: z.array(z.number()).length(12),
          shift: z
            .strictObject({ from: z.string(), until: z.string().nullable(), factor: z.number() })
            .nullable()
            .default(null),
        })
        .nullable()
        .default(null),
      /** The factor that the forecast is multiplied by, so that totals add up. */
      calibration: z.number(),
      /**
       * The sizes, in currency, between which the stack passes into what is forecast of customers far larger than any
       * measured one; null where there was no origin, absent from cards of earlier versions.
       */
      beyond: z.strictObject({ from: z.number(), to: z.number() }).nullable().optional(),
      /** The amount that training labels were cut to, in currency; null where they were not cut. */
      winsorised_at: z.number().nullable(),
      /** The same as `coverage` of the contest, on cards of earlier versions. */
      coverage: z.number().nullable().optional(),
    })
    .nullable(),
});
/** The rivals of a model, and how it did against them. */
export type Contest = z.infer<typeof contestSchema>;
