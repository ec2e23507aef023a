import { z } from 'zod';
import { newGridSearch } from '../../../queues/gridSearch.ts';
import { asMtry, gridSearchSettings } from '../../config/gridSearchSettings.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { MOST_HISTORY_MONTHS, MOST_PRED_MONTHS } from '../../domain/calendar/windowLimits.ts';
import { type HyperParameterLists, RMSE_BASES } from '../../domain/gridsearch/searchSettings.ts';
import { route } from '../route.ts';
import { freeSearchStamp } from '../searches/knownSearch.ts';
import { queueSearch, SEARCH_QUEUED } from '../searches/queueSearch.ts';

const list = <T extends z.ZodType>(item: T) =>
  z.array(item).min(1, 'is empty').max(24, 'has more than 24 values').optional();
const months = (most: number) => list(whole(1, most));
const whole = (least: number, most: number) =>
  z.int().min(least, `is below ${least}`).max(most, `is above ${most}`);
const text = z.string().trim().min(1, 'is empty');

const bodySchema = z.strictObject({
  history_months: months(MOST_HISTORY_MONTHS).describe('Months of history to try.'),
  pred_months: months(MOST_PRED_MONTHS).describe('Months of prediction to try.'),
  folds: z
    .int()
    .min(2, 'is below 2: one fold has no spread')
    .max(24, 'is above 24')
    .optional()
    .describe('Rolling origins of a pair of windows.'),
  rmse_basis: z.enum(RMSE_BASES, `is not one of ${RMSE_BASES.join(', ')}`).optional(),
  weights: z.strictObject({ rmse: z.number(), r2: z.number() }).optional().describe('Together 1.'),
  hyper_parameters: z
    .strictObject({
      trees: list(whole(1, 10_000)),
      max_depth: list(whole(1, 64)),
      min_samples_leaf: list(z.int().min(1, 'is below 1')),
      features_per_split: list(z.number().gt(0, 'is not above 0').max(1, 'is above 1')),
    })
    .optional()
    .describe('Values of the forest to try.'),
  orders: text
    .nullable()
    .default(null)
    .describe('A file or glob in place of `data.orders`, relative to the home.'),
  note: z.string().default('').describe('Kept in the record of the search.'),
  requested_by: text.default('the API').describe('Kept in the record of the search.'),
  override_eligibility: text
    .nullable()
    .default(null)
    .describe('Why to search although the orders fall short.'),
});

/** Queues a search: what the request says, laid over the config. */
export const startSearch = route({
  operationId: 'startSearch',
  method: 'post',
  path: '/api/grid-searches',
  summary: 'Queues a search over windows.',
  params: {},
  body: bodySchema,
  needsRedis: true,
  answers: SEARCH_QUEUED,
  refusals: ['WEIGHTS_NOT_ONE', 'GRID_SEARCH_BUSY'],
  async handler({ body: asked }, api) {
    const { home, clock } = api;
    const settings = gridSearchSettings(await loadConfig(home), {
      historyMonths: asked.history_months,
      predMonths: asked.pred_months,
      folds: asked.folds,
      rmseBasis: asked.rmse_basis,
      weights: asked.weights,
      hyperParameters: listsOf(asked.hyper_parameters),
    });
    const nowMs = clock.now();
    const search = newGridSearch(await freeSearchStamp(api, nowMs), nowMs, settings, {
      requestedBy: asked.requested_by,
      note: asked.note,
      eligibilityOverride: asked.override_eligibility,
      orders: asked.orders,
    });
    return queueSearch(api, search);
  },
});

/** Only the lists that are given: the config's hold for the others. */
function listsOf(given: z.output<typeof bodySchema>['hyper_parameters']): HyperParameterLists {
  const { trees, max_depth, min_samples_leaf, features_per_split } = given ?? {};
  return {
    ...(trees && { trees }),
    ...(max_depth && { maxDepth: max_depth }),
    ...(min_samples_leaf && { minSamplesLeaf: min_samples_leaf }),
    ...(features_per_split && { mtry: features_per_split.map(asMtry) }),
  };
}
