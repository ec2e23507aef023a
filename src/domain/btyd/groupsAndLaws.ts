import { type BtydModel, lawsOf, purchaseProcess } from './btydModel.ts';
import { distinctHistories, type PurchaseHistories } from './purchaseHistories.ts';
import type { PurchaseParameters, PurchaseProcess } from './purchaseProcess.ts';
import type { Spending } from './spending.ts';
import type { BtydSummary } from './summary.ts';

/** Histories whose customers get the same prediction, and the law of each history. */
export interface GroupsAndLaws extends PurchaseHistories {
  readonly process: PurchaseProcess;
  readonly lawsOfHistories: readonly PurchaseParameters[];
}

/** The histories of the customers of a summary. @param spending what the model knows of their spending (`spendingOf`). */
export function historiesOf(model: BtydModel, summary: BtydSummary, { meanValue }: Spending): GroupsAndLaws {
  const { laws, lawOf } = lawsOf(model, meanValue);
  const histories = distinctHistories(summary, lawOf);
  return {
    ...histories,
    process: purchaseProcess(model.process),
    lawsOfHistories: Array.from(histories.law, (law) => laws[law]),
  };
}

/** For each history the probability that its customers have not dropped out by the end of observation. */
export function probabilitiesAlive({
  x,
  recency,
  age,
  process,
  lawsOfHistories,
}: GroupsAndLaws): Float64Array {
  return x.map((value, i) => process.probabilityAlive(lawsOfHistories[i], value, recency[i], age[i]));
}
