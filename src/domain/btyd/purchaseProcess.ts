import type { PurchaseHistories } from './purchaseHistories.ts';

/** The parameters of a process by name, each above zero. */
export type PurchaseParameters = Readonly<Record<string, number>>;

/**
 * A model of how customers buy until they drop out. The two models of this project agree on how purchases come about:
 * while a customer is alive, at a rate that is gamma distributed over customers, with shape `r` and rate `alpha`
 * (weeks).
 */
export interface PurchaseProcess {
  readonly name: 'bg-nbd' | 'pareto-nbd';
  /** The names of the parameters, in the order of every array of them. */
  readonly parameterNames: readonly string[];
  /** Where to begin the search: the best guess first. */
  startingPoints(histories: PurchaseHistories): readonly (readonly number[])[];
  /** The log-likelihood of all customers; writes its derivative by each parameter into `gradient`. */
  logLikelihood(parameters: Float64Array, histories: PurchaseHistories, gradient: Float64Array): number;
  /** The probability that a customer with this history has not dropped out by the end of observation. */
  probabilityAlive(parameters: PurchaseParameters, x: number, recency: number, age: number): number;
  /**
   * Expected purchases in the `weeks` after the end of observation of a customer with this history who is alive then.
   */
  purchasesIfAlive(parameters: PurchaseParameters, x: number, age: number, weeks: number): number;
  /**
   * The probabilities of at least 1, 2, 3, … such purchases, until they are negligible; their sum is
   * `purchasesIfAlive`.
   */
  atLeastIfAlive(parameters: PurchaseParameters, x: number, age: number, weeks: number): Float64Array;
  /**
   * Weeks after the end of observation by which half of the customers with this history who are alive then have bought
   * again; infinite where fewer than half of them ever do, or where a double cannot hold it.
   */
  medianWaitIfAlive(parameters: PurchaseParameters, x: number, age: number): number;
}

/** `shape` and the rate parameter that give the shop's mean purchases a week: where both models begin their search. */
export function rateStart(histories: PurchaseHistories, shape: number): [number, number] {
  let purchases = 0;
  let weeks = 0;
  for (let i = 0; i < histories.count.length; i++) {
    purchases += histories.count[i] * histories.x[i];
    weeks += histories.count[i] * histories.age[i];
  }
  const rate = purchases / Math.max(weeks, 1 / 7);
  return [shape, Math.min(1e4, Math.max(1e-2, shape / rate))];
}
