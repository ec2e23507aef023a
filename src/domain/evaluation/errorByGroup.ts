import { netOf } from './netRevenue.ts';

/** A group of customers by one number: those above the group before, up to and including `upTo`. */
export interface CustomerGroup {
  readonly name: string;
  readonly upTo: number;
}

/** By days since the first order in the history window. */
export const TENURE_GROUPS: readonly CustomerGroup[] = [
  { name: 'up to 30 days', upTo: 30 },
  { name: '31 to 90 days', upTo: 90 },
  { name: '91 to 180 days', upTo: 180 },
  { name: '181 to 365 days', upTo: 365 },
  { name: '366 to 730 days', upTo: 730 },
  { name: 'over 730 days', upTo: Number.POSITIVE_INFINITY },
];

/** By orders in the history window. */
export const ORDER_GROUPS: readonly CustomerGroup[] = [
  { name: '1 order', upTo: 1 },
  { name: '2 orders', upTo: 2 },
  { name: '3 to 4 orders', upTo: 4 },
  { name: '5 to 9 orders', upTo: 9 },
  { name: '10 orders or more', upTo: Number.POSITIVE_INFINITY },
];

/** How far a forecast was off for one group of customers; amounts in currency. */
export interface GroupError {
  readonly group: string;
  readonly customers: number;
  readonly meanPredicted: number;
  readonly meanActual: number;
  /** Mean of predicted minus actual, over the mean of actual; null where the group did not bring any revenue. */
  readonly bias: number | null;
  readonly rmse: number;
  readonly mae: number;
}

/** The index of each customer's group. @param values one number a customer, without NaN. */
export function groupIndices(values: Float64Array, groups: readonly CustomerGroup[]): Uint8Array {
  return Uint8Array.from(values, (value) => groups.findIndex(({ upTo }) => value <= upTo));
}

/**
 * The errors of a forecast by group, in the order of `groups`; a group without customers is left out.
 *
 * @param indices the group of each customer, as `groupIndices` gives it.
 */
export function errorByGroup(
  predicted: Float64Array,
  actual: Float64Array,
  indices: Uint8Array,
  groups: readonly CustomerGroup[],
): GroupError[] {
  const sums = groups.map(() => ({
    customers: 0,
    predicted: 0,
    actual: 0,
    size: 0,
    absolute: 0,
    squared: 0,
  }));
  for (let i = 0; i < actual.length; i++) {
    const sum = sums[indices[i]];
    const error = predicted[i] - actual[i];
    sum.customers++;
    sum.predicted += predicted[i];
    sum.actual += actual[i];
    sum.size += Math.abs(actual[i]);
    sum.absolute += Math.abs(error);
    sum.squared += error * error;
  }
  return sums
    .map((sum, i) => {
      const revenue = netOf(sum.actual, sum.size, sum.customers);
      return {
        group: groups[i].name,
        customers: sum.customers,
        meanPredicted: sum.predicted / sum.customers,
        meanActual: revenue / sum.customers,
        bias: revenue > 0 ? (sum.predicted - revenue) / revenue : null,
        rmse: Math.sqrt(sum.squared / sum.customers),
        mae: sum.absolute / sum.customers,
      };
    })
    .filter(({ customers }) => customers > 0);
}
