import { type BtydModel, parametersOf, purchaseProcess } from './btydModel.ts';
import { distinctHistories, type PurchaseHistories } from './purchaseHistories.ts';
import type { PurchaseParameters, PurchaseProcess } from './purchaseProcess.ts';
import type { Spending } from './spending.ts';
import type { BtydSummary } from './summary.ts';

/** Histories with what a model says of each: customers with the same one get the same prediction of purchases. */
export interface ModelledHistories extends PurchaseHistories {
  readonly process: PurchaseProcess;
  /** The parameters that hold for the customers of each history. */
  readonly parameters: readonly PurchaseParameters[];
}

/** The histories of the customers of a summary. @param spending what the model knows of their spending (`spendingOf`). */
export function modelledHistories(
  model: BtydModel,
  summary: BtydSummary,
  { meanValue }: Spending,
): ModelledHistories {
  const { parameters, groupOf } = parametersOf(model, meanValue);
  const histories = distinctHistories(summary, groupOf);
  return {
    ...histories,
    process: purchaseProcess(model.process),
    parameters: Array.from(histories.valueGroup, (group) => parameters[group]),
  };
}

/** For each history the probability that its customers have not dropped out by the end of observation. */
export function probabilitiesAlive({
  x,
  recency,
  age,
  process,
  parameters,
}: ModelledHistories): Float64Array {
  return x.map((value, i) => process.probabilityAlive(parameters[i], value, recency[i], age[i]));
}
