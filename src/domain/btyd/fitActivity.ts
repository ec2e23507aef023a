import { evenRows } from '../features/evenRows.ts';
import type { BtydModel } from './btydModel.ts';
import { paretoNbd } from './paretoNbd.ts';
import { posteriorMode } from './posteriorMode.ts';
import { distinctHistories } from './purchaseHistories.ts';
import { type BtydSummary, pickCustomers } from './summary.ts';

/** Customers that it is fitted on at most: more would hardly change four parameters, and a likelihood costs time for each history. */
const MOST_CUSTOMERS = 5000;
/**
 * Means of the priors: dropout rates that are exponentially distributed over customers (s = 1), one in a year on average. A
 * likelihood that hardly knows how much customers differ would push both to their bounds, which takes long to find.
 */
const LIKELY = { s: 1, beta: 365.25 / 7 };

/**
 * The same spending with Pareto/NBD in place of BG/NBD, which knows less well who will buy at all: to it, everybody who bought
 * once is alive for ever. Fitted to an evenly spread part of the customers where there are very many, for all values
 * together, and as `posteriorMode`.
 *
 * @param model whose spending it shares, fitted by value. @param summary of the customers that `model` was fitted on.
 */
export function fitActivity(model: BtydModel, summary: BtydSummary): BtydModel {
  const some = pickCustomers(summary, evenRows(summary.ageWeeks.length, MOST_CUSTOMERS));
  const histories = distinctHistories(some);
  const [start] = paretoNbd.startingPoints(histories);
  const purchases = posteriorMode(paretoNbd, histories, LIKELY, start);
  const { customers, byValue } = model;
  return {
    ...model,
    process: paretoNbd.name,
    purchases,
    byValue: byValue && { ...byValue, groups: [{ from: 0, customers, parameters: purchases.parameters }] },
  };
}
