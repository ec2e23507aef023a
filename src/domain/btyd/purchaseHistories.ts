import type { BtydSummary } from './summary.ts';

/**
 * The distinct purchase histories of customers, each with its number of customers, because the cost of a likelihood then
 * grows with the number of histories. In a shop where most customers buy once, that is a few hundred instead of a million.
 * x, t_x and T are sufficient statistics of a customer's purchases.
 */
export interface PurchaseHistories {
  /** The number of customers with any of them. */
  readonly customers: number;
  /** x, t_x and T of each history, and the number of its customers. */
  readonly x: Float64Array;
  readonly recency: Float64Array;
  readonly age: Float64Array;
  readonly count: Float64Array;
  /** The index of the value group of each history's customers; 0 where there are no such groups. */
  readonly valueGroup: Int32Array;
  /** For each customer the index of the history. */
  readonly historyOf: Int32Array;
  /** The different values of x, and the number of customers of each. */
  readonly purchases: Float64Array;
  readonly purchasesCount: Float64Array;
}

/**
 * The distinct histories of a summary, numbered in the order of their first customers.
 *
 * @param valueGroupOf the index of each customer's value group (`ValueGroup`): histories in two groups are two.
 */
export function distinctHistories(summary: BtydSummary, valueGroupOf?: Int32Array): PurchaseHistories {
  const { repeatPurchases, recencyWeeks, ageWeeks } = summary;
  const customers = repeatPurchases.length;
  const historyOf = new Int32Array(customers);
  const firstOf = new Int32Array(customers);
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(customers * 2 + 2))).fill(-1);
  const mask = slots.length - 1;
  const key = new Float64Array(4);
  const words = new Int32Array(key.buffer);
  let histories = 0;
  for (let i = 0; i < customers; i++) {
    key[0] = repeatPurchases[i];
    key[1] = recencyWeeks[i];
    key[2] = ageWeeks[i];
    key[3] = valueGroupOf?.[i] ?? 0;
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
      if (isSameHistory && (valueGroupOf?.[first] ?? 0) === key[3]) break;
    }
    if (slots[slot] < 0) {
      slots[slot] = histories;
      firstOf[histories++] = i;
    }
    historyOf[i] = slots[slot];
  }
  const pick = (column: Float64Array): Float64Array =>
    Float64Array.from({ length: histories }, (_, history) => column[firstOf[history]]);
  const x = pick(repeatPurchases);
  const count = new Float64Array(histories);
  for (const history of historyOf) count[history]++;
  return {
    customers,
    x,
    recency: pick(recencyWeeks),
    age: pick(ageWeeks),
    count,
    valueGroup: Int32Array.from({ length: histories }, (_, history) => valueGroupOf?.[firstOf[history]] ?? 0),
    historyOf,
    ...countPurchases(x, count),
  };
}

/** The different values in `x`, and how many customers have each of them (`count` by element). */
export function countPurchases(
  x: Float64Array,
  count: Float64Array,
): Pick<PurchaseHistories, 'purchases' | 'purchasesCount'> {
  const customersOf = new Map<number, number>();
  x.forEach((value, i) => {
    customersOf.set(value, (customersOf.get(value) ?? 0) + count[i]);
  });
  return {
    purchases: Float64Array.from(customersOf.keys()),
    purchasesCount: Float64Array.from(customersOf.values()),
  };
}
