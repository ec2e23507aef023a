import { type BtydModel, lawsOf, purchaseProcess } from './btydModel.ts';
import { type CustomerGroups, groupCustomers } from './customerGroups.ts';
import type { PurchaseParameters, PurchaseProcess } from './purchaseProcess.ts';
import type { Spending } from './spending.ts';
import type { BtydSummary } from './summary.ts';

/** Groups of customers who get the same prediction, and the law of each group. */
export interface GroupsAndLaws extends CustomerGroups {
  readonly process: PurchaseProcess;
  readonly lawsOfGroups: readonly PurchaseParameters[];
}

/** The groups of the customers of a summary. @param spending what the model knows of their spending (`spendingOf`). */
export function groupsOf(model: BtydModel, summary: BtydSummary, { meanValue }: Spending): GroupsAndLaws {
  const { laws, lawOf } = lawsOf(model, meanValue);
  const groups = groupCustomers(summary, lawOf);
  return {
    ...groups,
    process: purchaseProcess(model.process),
    lawsOfGroups: Array.from(groups.law, (law) => laws[law]),
  };
}

/** For each group the probability that its customers have not dropped out by the end of observation. */
export function probabilitiesAlive({ x, recency, age, process, lawsOfGroups }: GroupsAndLaws): Float64Array {
  return x.map((value, g) => process.probabilityAlive(lawsOfGroups[g], value, recency[g], age[g]));
}
