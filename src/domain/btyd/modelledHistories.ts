import { type BtydModel, parametersOf, purchaseProcess, spendingOf } from './btydModel.ts';
import { distinctHistories, type PurchaseHistories } from './purchaseHistories.ts';
import type { PurchaseParameters, PurchaseProcess } from './purchaseProcess.ts';
import type { Spending } from './spending.ts';
import type { BtydSummary } from './summary.ts';
import { withUnusualRate } from './unusualRate.ts';

/** Histories with what a model says of each: customers with the same one get the same prediction of purchases. */
export interface ModelledHistories extends PurchaseHistories {
  readonly process: PurchaseProcess;
  /** The parameters that hold for the customers of each history. */
  readonly parameters: readonly PurchaseParameters[];
  /** The probability that the customers of each history have not dropped out by the end of observation. */
  readonly alive: Float64Array;
  /** What the model knows of the spending of each customer. */
  readonly spending: Spending;
}

/** The histories of the customers of a summary, by a model. */
export function modelledHistories(model: BtydModel, summary: BtydSummary): ModelledHistories {
  const process = purchaseProcess(model.process);
  const spending = spendingOf(model, summary);
  const ofGroups = parametersOf(model, spending.meanValue);
  const histories = distinctHistories(summary, ofGroups.groupOf);
  const { x, recency, age } = histories;
  const parameters = Array.from(histories.valueGroup, (group, i) =>
    withUnusualRate(model, ofGroups.parameters[group], x[i], recency[i]),
  );
  return {
    ...histories,
    process,
    parameters,
    alive: x.map((value, i) => process.probabilityAlive(parameters[i], value, recency[i], age[i])),
    spending,
  };
}
