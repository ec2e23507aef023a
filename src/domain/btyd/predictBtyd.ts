import type { BtydModel } from './btydModel.ts';
import { expectedSpend } from './gammaGamma.ts';
import { checkHorizon } from './horizon.ts';
import { type ModelledHistories, modelledHistories } from './modelledHistories.ts';
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
  const histories = modelledHistories(model, summary);
  const { historyOf, alive } = histories;
  const purchases = purchasesWithin(histories, weeksAhead);
  const spend = expectedSpends(model, histories);
  const expectedPurchases = Float64Array.from(historyOf, (history) => purchases[history]);
  return {
    expectedPurchases,
    pAlive: Float64Array.from(historyOf, (history) => alive[history]),
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
  const { historyOf, alive } = modelledHistories(model, summary);
  return Float64Array.from(historyOf, (history) => alive[history]);
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
  const histories = modelledHistories(model, summary);
  const { customers, historyOf } = histories;
  const spend = expectedSpends(model, histories);
  const path = new Float64Array(customers * partEnds.length);
  let before = new Float64Array(histories.count.length);
  partEnds.forEach((weeks, part) => {
    const until = purchasesWithin(histories, weeks);
    for (let i = 0; i < customers; i++) {
      const history = historyOf[i];
      path[part * customers + i] = (until[history] - before[history]) * spend[i];
    }
    before = until;
  });
  return path;
}

/** The purchases that are expected of the customers of each history in the weeks ahead. */
function purchasesWithin(
  { x, age, process, parameters, alive }: ModelledHistories,
  weeks: number,
): Float64Array<ArrayBuffer> {
  return Float64Array.from(
    x,
    (value, i) => alive[i] * process.purchasesIfAlive(parameters[i], value, age[i], weeks),
  );
}

/** The value that is expected of each customer's purchases, in currency. */
function expectedSpends({ spend }: BtydModel, { spending }: ModelledHistories): Float64Array {
  const { transactions, meanValue } = spending;
  return transactions.map((known, i) => expectedSpend(spend.parameters, known, meanValue[i]));
}
