import type { Command } from 'commander';
import {
  newestRankedFile,
  type RankedCustomer,
  readRankedCustomer,
} from '../../artefacts/run/rankedCustomer.ts';
import { newestCompleteRun, readRunReport } from '../../artefacts/run/runReport.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { ClvError } from '../../domain/errors.ts';
import { chooseFeatures } from '../../domain/features/chooseFeatures.ts';
import { btydForecast } from '../../domain/forecast/contenders/btydForecast.ts';
import { explainForecast, type ForecastExplanation } from '../../domain/forecast/explainForecast.ts';
import { PURCHASE_MODEL } from '../../domain/forecast/modelForecast.ts';
import { seasonOfWindow } from '../../domain/forecast/season/season.ts';
import { amount, signedAmount } from '../../domain/words/amount.ts';
import { customersAt } from '../../orders/customersAt.ts';
import { readForecaster } from '../../registry/modelBinary.ts';
import { readCard } from '../../registry/modelCard.ts';
import { openOrders } from '../../shop/openOrders.ts';
import { systemClock } from '../../systemClock.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import { pathOption } from '../options.ts';

/** Two decimals at most, and three digits of a value below 1. */
const figure = new Intl.NumberFormat('en-GB', {
  maximumFractionDigits: 2,
  maximumSignificantDigits: 3,
  roundingPriority: 'morePrecision',
});

/** How many features are named; the others are added up. */
const NAMED = 10;

export function addExplainCommand(program: Command): void {
  withCommonOptions(
    program
      .command('explain')
      .description('say what the forecast of one customer, in the newest complete run, is made of')
      .argument('<customer>', 'id of the customer, as it stands in the orders'),
  )
    .option('--orders <file>', 'file or glob in place of data.orders', pathOption)
    .action(async (customerId: string, options) => {
      const { home, terminal } = contextOf(options);
      const config = await loadConfig(home);
      const run = await newestCompleteRun(home.runReports);
      const file = await newestRankedFile(home);
      const ranked = file === null ? null : await readRankedCustomer(home.outputs, file, customerId);
      if (run === null || ranked === null) throw notRanked(customerId, file);
      const { model_id, history_months, pred_months, cutoff } = await readRunReport(home.runReports, run);
      const card = await readCard(home, model_id);
      const forecaster = await readForecaster(home, card);
      const threads = config.compute.threads ?? 2;
      using book = await openOrders({ home, clock: systemClock, threads }, config, options.orders ?? null);
      const windows = { historyMonths: history_months, predMonths: pred_months };
      const { customerIds, customers } = await customersAt(
        book,
        cutoff,
        windows,
        chooseFeatures(card.features),
      );
      const row = customerIds.indexOf(customerId);
      if (row < 0) throw otherOrders(ranked, null);
      const { matrix, base } = btydForecast(forecaster.btyd, customers);
      const model = {
        model: forecaster,
        months: customers.months,
        seasonFactor: seasonOfWindow(forecaster.season, customers.window),
      };
      const explanation = explainForecast(model, matrix, base, row, card.seed);
      demandSameForecast(ranked, explanation);
      terminal.result(describe(ranked, explanation), { ...ranked, model_id, ...explanation });
    });
}

function notRanked(customerId: string, file: string | null): ClvError {
  return new ClvError(
    'CUSTOMER_UNKNOWN',
    file === null ? 'No run is complete yet.' : `${file} has no customer ${customerId}.`,
    {
      remedy:
        file === null
          ? 'Score first: clv score'
          : 'Write the id as it stands in the orders, with its leading zeros; only customers with an order in the history window are scored.',
      values: { customerId },
    },
  );
}

/** The file has amounts to a millionth. Throws ClvError `ORDERS_CHANGED`. */
function demandSameForecast(ranked: RankedCustomer, { forecast }: ForecastExplanation): void {
  const written = Number(ranked.customer.predicted_clv);
  if (Math.abs(forecast - written) > 1e-5 + 1e-9 * Math.abs(written)) throw otherOrders(ranked, forecast);
}

function otherOrders({ file, customer }: RankedCustomer, now: number | null): ClvError {
  return new ClvError(
    'ORDERS_CHANGED',
    `The orders are not those of the run any more, or another version of the program made it: ${file} has ${customer.predicted_clv} for ${customer.customer_id}, and today's lead to ${now ?? 'no forecast'}.`,
    { remedy: 'Score the cutoff again, or name the orders of the run: --orders FILE.' },
  );
}

function describe({ file, customer }: RankedCustomer, explanation: ForecastExplanation): string {
  const { forecast, typical, contributions } = explanation;
  const rest = contributions.slice(NAMED).reduce((sum, it) => sum + it.contribution, 0);
  const rows = [
    [amount(typical), 'a typical customer'],
    ...contributions
      .slice(0, NAMED)
      .map(({ feature, value, contribution }) => [signedAmount(contribution), meaningOf(feature, value)]),
    [signedAmount(rest), 'all other features'],
    [amount(forecast), 'this customer'],
  ];
  const width = Math.max(...rows.map(([figure]) => figure.length));
  return [
    `${customer.customer_id}: ${amount(forecast)}, rank ${customer.clv_rank}, ${customer.clv_segment} (${file})`,
    '',
    ...rows.map(([figure, text]) => `${figure.padStart(width)}  ${text}`),
  ].join('\n');
}

function meaningOf(feature: string, value: number): string {
  const shown = Number.isNaN(value) ? 'missing' : figure.format(value);
  return feature === PURCHASE_MODEL
    ? `btyd: the purchase model, from the orders themselves, expects ${shown}`
    : `${feature} ${shown}`;
}
