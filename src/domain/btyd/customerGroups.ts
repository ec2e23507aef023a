import type { BtydSummary } from './summary.ts';

/**
 * Customers with the same purchase history and law, counted, because the cost of a likelihood then grows with the
 * number of different histories. In a shop where most customers buy once, that is a few hundred instead of a million.
 */
export interface CustomerGroups {
  /** The number of customers in all groups. */
  readonly customers: number;
  /** x, t_x and T of each group, and the number of its customers. */
  readonly x: Float64Array;
  readonly recency: Float64Array;
  readonly age: Float64Array;
  readonly count: Float64Array;
  /** The index of the law that each group follows; 0 where there is only one. */
  readonly law: Int32Array;
  /** For each customer the index of the group. */
  readonly groupOf: Int32Array;
  /** The different values of x, the number of customers of each, and for each group the index of its value. */
  readonly purchases: Float64Array;
  readonly purchasesCount: Float64Array;
  readonly purchasesOf: Int32Array;
}

/**
 * The groups of `summary`, numbered in the order of their first customers.
 *
 * @param lawOf the index of the law that each customer follows, where there are several.
 */
export function groupCustomers(summary: BtydSummary, lawOf?: Int32Array): CustomerGroups {
  const { repeatPurchases, recencyWeeks, ageWeeks } = summary;
  const customers = repeatPurchases.length;
  const groupOf = new Int32Array(customers);
  const firstOf = new Int32Array(customers);
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(customers * 2 + 2))).fill(-1);
  const mask = slots.length - 1;
  const key = new Float64Array(4);
  const words = new Int32Array(key.buffer);
  let groups = 0;
  for (let i = 0; i < customers; i++) {
    key[0] = repeatPurchases[i];
    key[1] = recencyWeeks[i];
    key[2] = ageWeeks[i];
    key[3] = lawOf?.[i] ?? 0;
    let hash = 0;
    for (const word of words) {
      hash = Math.imul(hash ^ word, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    let slot = hash & mask;
    for (; slots[slot] >= 0; slot = (slot + 1) & mask) {
      const first = firstOf[slots[slot]];
      const isSameHistory =
        repeatPurchases[first] === key[0] && recencyWeeks[first] === key[1] && ageWeeks[first] === key[2];
      if (isSameHistory && (lawOf?.[first] ?? 0) === key[3]) break;
    }
    if (slots[slot] < 0) {
      slots[slot] = groups;
      firstOf[groups++] = i;
    }
    groupOf[i] = slots[slot];
  }
  const pick = (column: Float64Array): Float64Array =>
    Float64Array.from({ length: groups }, (_, g) => column[firstOf[g]]);
  const x = pick(repeatPurchases);
  const count = new Float64Array(groups);
  for (const group of groupOf) count[group]++;
  return {
    customers,
    x,
    recency: pick(recencyWeeks),
    age: pick(ageWeeks),
    count,
    law: Int32Array.from({ length: groups }, (_, g) => lawOf?.[firstOf[g]] ?? 0),
    groupOf,
    ...countPurchases(x, count),
  };
}

/**
 * The different values in `x`, how many customers have each (`count` by element), and the index of each element's
 * value.
 */
export function countPurchases(
  x: Float64Array,
  count: Float64Array,
): Pick<CustomerGroups, 'purchases' | 'purchasesCount' | 'purchasesOf'> {
  const indexOf = new Map<number, number>();
  const purchasesOf = Int32Array.from(x, (value) => {
    const known = indexOf.get(value);
    if (known !== undefined) return known;
    indexOf.set(value, indexOf.size);
    return indexOf.size - 1;
  });
  const purchasesCount = new Float64Array(indexOf.size);
  purchasesOf.forEach((index, i) => {
    purchasesCount[index] += count[i];
  });
  return { purchases: Float64Array.from(indexOf.keys()), purchasesCount, purchasesOf };
}
