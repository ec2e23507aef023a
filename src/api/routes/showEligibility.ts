import { z } from 'zod';
import { loadConfig } from '../../config/loadConfig.ts';
import type { ModelConfig } from '../../config/schema.ts';
import { dateInZone } from '../../domain/calendar/dates.ts';
import { ELIGIBILITY_QUESTIONS, eligibilityRecord } from '../../domain/eligibility/eligibility.ts';
import { openOrders } from '../../shop/openOrders.ts';
import { ordersSignature } from '../../shop/ordersSource.ts';
import { shopEligibility } from '../../shop/shopEligibility.ts';
import type { Api } from '../api.ts';
import { ORDERS_CODES } from '../errors/statusOfCode.ts';
import { route } from '../route.ts';
import { isoDateSchema } from '../textFormats.ts';

const eligibilitySchema = z
  .strictObject({
    eligible: z.boolean(),
    findings: z.array(
      z.strictObject({
        name: z.enum(ELIGIBILITY_QUESTIONS),
        is_met: z.boolean(),
        says: z.string(),
      }),
    ),
    windows: z.strictObject({ history_months: z.int(), pred_months: z.int() }),
    orders: z.strictObject({
      orders: z.int(),
      customers: z.int(),
      first_date: isoDateSchema,
      opening_date: isoDateSchema.describe('The day of the first order that is not long before all others.'),
      last_date: isoDateSchema,
    }),
  })
  .meta({ id: 'Eligibility' });
type Eligibility = z.infer<typeof eligibilitySchema>;

/** The last answer of each home: orders, limits and day that are the same are not read again. */
const answers = new Map<string, { readonly key: string; readonly body: Promise<Eligibility> }>();
/** Reading orders leaves the other cores to the workers. */
const THREADS = 1;

/** Whether the orders can carry a forecast, in plain words. */
export const showEligibility = route({
  operationId: 'showEligibility',
  method: 'get',
  path: '/api/eligibility',
  summary: 'Tells whether the orders can carry a forecast.',
  params: {},
  answers: { 200: { description: 'What there is and what is needed.', body: eligibilitySchema } },
  refusals: ORDERS_CODES,
  async handler(_request, api) {
    const { home, clock } = api;
    const config = await loadConfig(home);
    const key = JSON.stringify([
      await ordersSignature(home, config, null),
      [config.eligibility, config.modeling.history_months, config.modeling.pred_months],
      dateInZone(clock.now(), config.general.timezone),
    ]);
    let answer = answers.get(home.root);
    if (answer?.key !== key) {
      answer = { key, body: judge(config, api) };
      answers.set(home.root, answer);
      answer.body.catch(() => answers.delete(home.root));
    }
    return { status: 200, body: await answer.body };
  },
});

async function judge(config: ModelConfig, { home, clock }: Api): Promise<Eligibility> {
  using book = await openOrders({ home, clock, threads: THREADS }, config, null);
  const findings = await shopEligibility(book, config, clock);
  const { orders, customers, firstDate, openingDate, lastDate } = book.report;
  return {
    eligible: findings.every((finding) => finding.isMet),
    findings: eligibilityRecord(findings, null).findings,
    windows: {
      history_months: config.modeling.history_months,
      pred_months: config.modeling.pred_months,
    },
    orders: { orders, customers, first_date: firstDate, opening_date: openingDate, last_date: lastDate },
  };
}
