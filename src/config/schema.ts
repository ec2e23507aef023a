import { z } from 'zod';
import { isIsoDate, isTimezone } from '../domain/calendar/dates.ts';
import { ALL_FEATURES, featureProblem } from '../domain/features/chooseFeatures.ts';
import { ENGINES } from '../domain/forecast/engine.ts';
import { SHIFT_OUTLOOKS } from '../domain/forecast/season/season.ts';
import { RMSE_BASES, weightsAddUp } from '../domain/gridsearch/searchSettings.ts';
import { DEFAULT_TIERS } from '../domain/segments/valueTiers.ts';
import { NULL_IDS } from '../domain/words/nullIds.ts';
import { textEncoding } from '../domain/words/textEncoding.ts';

const isoDate = z.string().refine(isIsoDate, 'is not a calendar date written YYYY-MM-DD');
const columnName = z.string().min(1);
const encodingName = z
  .string()
  .refine(
    (name) => textEncoding(name) !== null,
    'is no text encoding that is known; windows-1252, iso-8859-2 and utf-16 are',
  );
/** Without quotes the YAML word NULL is not text; a number is taken as it would be written in a file. */
const nullId = z
  .union([z.string().min(1), z.int()], 'Put quotes around it: it has to be text or a whole number')
  .transform(String);
const share = z.number().min(0).max(1);

const tiers = z
  .array(z.strictObject({ label: columnName, up_to: z.number().gt(0).max(1) }))
  .min(1)
  .max(50)
  .refine(
    (list) => list.every((tier, i) => i === 0 || tier.up_to > list[i - 1].up_to),
    'has bounds that do not rise',
  )
  .refine(
    (list) => new Set(list.map((tier) => tier.label)).size === list.length,
    'has a label twice, so that nobody could tell the two tiers apart',
  )
  .refine(
    (list) => list.at(-1)?.up_to === 1,
    'has a last bound other than 1, so that some customers would have no tier',
  );

const forest = z.strictObject({
  trees: z.int().min(1).max(10_000).default(200),
  max_depth: z.int().min(1).max(64).default(12),
  min_samples_leaf: z.int().min(1).default(5),
  features_per_split: z
    .number()
    .gt(0)
    .max(1)
    .default(1 / 3),
  max_bins: z.int().min(2).max(255).default(255),
});

const featureWord = z.string().superRefine((word, context) => {
  const message = featureProblem(word);
  if (message !== null) context.addIssue({ code: 'custom', message });
});

const schedule = z.strictObject({
  launch_date: isoDate.nullable().default(null),
  hour: z.int().min(0).max(23).default(6),
  catch_up: z.enum(['one', 'all', 'none']).default('one'),
  data_lag_hours: z.int().min(0).max(744).default(0),
  data_wait: z
    .strictObject({
      attempts: z.int().min(1).max(1000).default(48),
      minutes: z.int().min(1).max(1440).default(60),
    })
    .prefault({}),
});

const retention = z.strictObject({
  model_binaries_months: z.int().min(1).max(1200).default(9),
  predictions_months: z.int().min(12).max(1200).default(12),
  monitoring_months: z.int().min(1).max(1200).default(12),
  rejects_months: z.int().min(1).max(1200).default(12),
});

/** The config names variables of the environment, which hold the secrets, because it is itself copied onto cards. */
const envName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not the name of an environment variable');
const alerts = z.strictObject({
  webhook: z
    .strictObject({
      url: z.url({ protocol: /^https?$/, error: 'is not an http(s) address' }),
      secret_env: envName,
    })
    .nullable()
    .default(null),
  slack: z.strictObject({ url_env: envName }).nullable().default(null),
  email: z
    .strictObject({
      host: z.string().min(1),
      port: z.int().min(1).max(65_535).default(587),
      security: z.enum(['starttls', 'tls', 'none']).default('starttls'),
      from: z.string().min(3),
      to: z.array(z.string().min(3)).min(1),
      user_env: envName.nullable().default(null),
      password_env: envName.nullable().default(null),
    })
    .nullable()
    .default(null),
});
const monitoring = z.strictObject({
  drift_threshold_rmse: z.number().min(0).default(0.2),
  drift_threshold_r2: z.number().min(0).default(0.15),
  accept_quiet_days: z.int().min(0).default(0),
  alerts: alerts.prefault({}),
});

const months = (most: number) => z.array(z.int().min(1).max(most)).min(1).max(24);
const gridSearch = z.strictObject({
  history_months: months(120).default(() => [3, 6, 9, 12, 15, 18]),
  pred_months: months(60).default(() => [3, 6, 9, 12]),
  folds: z.int().min(2).max(24).default(4),
  rmse_basis: z.enum(RMSE_BASES).default('skill'),
  weights: z
    .strictObject({ rmse: share.default(0.5), r2: share.default(0.5) })
    .refine(weightsAddUp, 'has rmse and r2 that do not add up to 1')
    .prefault({}),
  hyper_parameters: z
    .strictObject({
      trees: z.array(z.int().min(1).max(10_000)).default(() => []),
      max_depth: z.array(z.int().min(1).max(64)).default(() => []),
      min_samples_leaf: z.array(z.int().min(1)).default(() => []),
      features_per_split: z.array(z.number().gt(0).max(1)).default(() => []),
    })
    .prefault({}),
});

const eligibility = z.strictObject({
  min_customers: z.int().min(1).default(500),
  min_days_beyond_window: z.int().min(0).default(180),
  max_days_since_last_order: z.int().min(0).default(30),
  min_repeat_buyers: z.int().min(0).default(50),
});

/**
 * Every key of `config/model_config.yaml`. A key that is not here is an error; one that is left out has this default.
 */
export const configSchema = z
  .strictObject({
    general: z
      .strictObject({ timezone: z.string().refine(isTimezone, 'is not an IANA time zone').default('UTC') })
      .prefault({}),
    data: z
      .strictObject({
        orders: z.string().min(1).nullable().default(null),
        encoding: encodingName.nullable().default(null),
        grain: z.enum(['order', 'line']).default('order'),
        columns: z
          .strictObject({
            customer_id: columnName.default('customer_id'),
            order_date: columnName.default('order_date'),
            revenue: z
              .union([columnName, z.strictObject({ quantity: columnName, unit_price: columnName })])
              .default('revenue'),
            order_id: columnName.nullable().default('order_id'),
          })
          .prefault({}),
        null_ids: z
          .array(nullId)
          .max(50)
          .default(() => [...NULL_IDS]),
        date_format: z.string().min(2).nullable().default(null),
        decimal_mark: z.enum(['.', ',']).nullable().default(null),
        max_reject_share: share.default(0.01),
        max_staleness_days: z.int().min(0).nullable().default(7),
      })
      .refine((data) => data.grain === 'order' || data.columns.order_id !== null, {
        message: 'is needed where data.grain is "line": lines are summed by it',
        path: ['columns', 'order_id'],
      })
      .prefault({}),
    run: z.strictObject({ last_score_cutoff: isoDate.nullable().default(null) }).prefault({}),
    schedule: schedule.prefault({}),
    modeling: z
      .strictObject({
        history_months: z.int().min(1).max(120).default(12),
        pred_months: z.int().min(1).max(60).default(6),
        engine: z.enum(ENGINES).default('tournament'),
        force_engine: z.boolean().default(false),
        winsorise: z.number().gt(0.5).lt(1).nullable().default(null),
        level_shift: z.enum(SHIFT_OUTLOOKS).default('lasts'),
        seed: z.int().min(0).max(2_147_483_647).default(42),
        features: z
          .array(featureWord)
          .min(1)
          .default(() => [ALL_FEATURES]),
        forest: forest.prefault({}),
      })
      .refine(({ engine, winsorise }) => winsorise === null || engine === 'tournament', {
        message: 'has an effect only where modeling.engine is "tournament"',
        path: ['winsorise'],
      })
      .refine((modeling) => modeling.level_shift === 'lasts' || modeling.engine === 'tournament', {
        message: 'has an effect only where modeling.engine is "tournament"',
        path: ['level_shift'],
      })
      .prefault({}),
    grid_search: gridSearch.prefault({}),
    eligibility: eligibility.prefault({}),
    monitoring: monitoring.prefault({}),
    governance: z
      .strictObject({
        distinct_approvers: z.boolean().default(false),
        review_months: z.int().min(1).max(120).default(3),
      })
      .prefault({}),
    segments: z
      .strictObject({
        tiers: tiers.default(() => DEFAULT_TIERS.map((tier) => ({ label: tier.label, up_to: tier.upTo }))),
        clusters: z.int().min(1).max(50).default(5),
      })
      .prefault({}),
    retention: retention.prefault({}),
    compute: z.strictObject({ threads: z.int().min(1).max(256).nullable().default(null) }).prefault({}),
  })
  .prefault({});

/** A whole config that was checked, with every key that was left out set to its default. */
export type ModelConfig = z.output<typeof configSchema>;
