import { type BtydModel, spendingOf } from './btydModel.ts';
import { expectedSpend } from './gammaGamma.ts';
import { checkHorizon } from './horizon.ts';
import { type ModelledHistories, modelledHistories, probabilitiesAlive } from './modelledHistories.ts';
import type { Spending } from './spending.ts';
import { type BtydSummary, checkSummary } from './summary.ts';

/** What a model expects of each customer; one element a customer, in the order of the summary. */
export interface BtydPrediction {
  /** Transactions (days with a purchase) in the weeks ahead. */
  readonly expectedPurchases: Float64Array;
  /** Probability that the customer has not dropped out by the end of observation, 0 to 1. */
  readonly pAlive: Float64Array;
  /** Value of each of those transactions, in currency. */
  readonly expectedSpend: Float64Array;
  /** Revenue in the weeks ahead, in currency, not discounted: purchases times spend. */
  readonly expectedClv: Float64Array;
}

/**
 * Predicts the weeks after the end of observation. The customers need not be those that the model was fitted to. Throws
 * BtydInputError for an impossible summary (`checkSummary`) or horizon (`BTYD_HORIZON_INVALID`).
 *
 * @param weeksAhead the number of weeks, from 0.
 */
export function predictBtyd(model: BtydModel, summary: BtydSummary, weeksAhead: number): BtydPrediction {
  checkSummary(summary);
  checkHorizon([weeksAhead]);
  const spending = spendingOf(model, summary);
  const histories = modelledHistories(model, summary, spending);
  const alive = probabilitiesAlive(histories);
  const purchases = purchasesWithin(histories, alive, weeksAhead);
  const spend = expectedSpends(model, spending);
  const expectedPurchases = Float64Array.from(histories.historyOf, (history) => purchases[history]);
  return {
    expectedPurchases,
    pAlive: Float64Array.from(histories.historyOf, (history) => alive[history]),
    expectedSpend: spend,
    expectedClv: expectedPurchases.map((value, i) => value * spend[i]),
  };
}

/**
 * For each customer the probability, 0 to 1, of not having dropped out by the end of observation: the `pAlive` of
 * {@link predictBtyd}. Throws BtydInputError for an impossible summary (`checkSummary`).
 */
export function predictAlive(model: BtydModel, summary: BtydSummary): Float64Array {
  checkSummary(summary);
  const histories = modelledHistories(model, summary, spendingOf(model, summary));
  const alive = probabilitiesAlive(histories);
  return Float64Array.from(histories.historyOf, (history) => alive[history]);
}

/**
 * The expected revenue of each customer in consecutive parts of the weeks ahead, in currency: `customers x parts`,
 * column-major. Part k ends `partEnds[k]` weeks (not descending, from 0) after the end of observation and begins where
 * the part before ends. The parts of a customer add up to the `expectedClv` for the last end.
 * Throws as `predictBtyd` does.
 */
export function predictRevenuePath(
  model: BtydModel,
  summary: BtydSummary,
  partEnds: readonly number[],
): Float64Array {
  checkSummary(summary);
  checkHorizon(partEnds);
  const spending = spendingOf(model, summary);
  const histories = modelledHistories(model, summary, spending);
  const alive = probabilitiesAlive(histories);
  const spend = expectedSpends(model, spending);
  const path = new Float64Array(histories.customers * partEnds.length);
  let before = new Float64Array(alive.length);
  partEnds.forEach((weeks, part) => {
    const until = purchasesWithin(histories, alive, weeks);
    for (let i = 0; i < histories.customers; i++) {
      const history = histories.historyOf[i];
      path[part * histories.customers + i] = (until[history] - before[history]) * spend[i];
    }
    before = until;
  });
  return path;
}

function purchasesWithin(
  { x, age, process, parameters }: ModelledHistories,
  alive: Float64Array,
  weeks: number,
): Float64Array<ArrayBuffer> {
  return Float64Array.from(
    x,
    (value, i) => alive[i] * process.purchasesIfAlive(parameters[i], value, age[i], weeks),
  );
}

function expectedSpends({ spend }: BtydModel, { transactions, meanValue }: Spending): Float64Array {
  return transactions.map((known, i) => expectedSpend(spend.parameters, known, meanValue[i]));
}
