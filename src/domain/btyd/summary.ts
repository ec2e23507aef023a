import { BtydInputError } from './errors.ts';

/**
 * What buy-till-you-die models know of each customer at a cutoff. Five columns of the same length, one element a
 * customer; time in weeks of 7 days. Observation ends with the day before the cutoff.
 */
export interface BtydSummary {
  /** x: number of transactions after the first one, a whole number from 0. */
  readonly repeatPurchases: Float64Array;
  /** t_x: weeks from the first to the last transaction; 0 for a customer with only one. */
  readonly recencyWeeks: Float64Array;
  /** T: weeks from the first transaction to the last observed day; at least t_x. */
  readonly ageWeeks: Float64Array;
  /** Net revenue after the day of the first transaction, over x. Units of currency; NaN for x = 0; may be negative. */
  readonly meanRepeatValue: Float64Array;
  /** Net revenue on the day of the first transaction. Units of currency; may be negative. */
  readonly firstValue: Float64Array;
}

/** The summary of the customers in some rows, in the order of `rows`. */
export function pickCustomers(summary: BtydSummary, rows: Uint32Array): BtydSummary {
  const of = (column: Float64Array): Float64Array => Float64Array.from(rows, (row) => column[row]);
  return {
    repeatPurchases: of(summary.repeatPurchases),
    recencyWeeks: of(summary.recencyWeeks),
    ageWeeks: of(summary.ageWeeks),
    meanRepeatValue: of(summary.meanRepeatValue),
    firstValue: of(summary.firstValue),
  };
}

/**
 * Throws BtydInputError for columns of unequal length (`BTYD_LENGTHS_DIFFER`) and for a customer whose numbers are
 * impossible (`BTYD_CUSTOMER_INVALID`), naming the row.
 */
export function checkSummary(summary: BtydSummary): void {
  const { repeatPurchases, recencyWeeks, ageWeeks, meanRepeatValue, firstValue } = summary;
  const lengths = [repeatPurchases, recencyWeeks, ageWeeks, meanRepeatValue, firstValue].map(
    (column) => column.length,
  );
  if (lengths.some((length) => length !== lengths[0])) {
    throw new BtydInputError('BTYD_LENGTHS_DIFFER', `The columns have ${lengths.join(', ')} customers.`, {
      remedy: 'Hand over five columns of one length.',
      values: { lengths },
    });
  }
  for (let i = 0; i < repeatPurchases.length; i++) {
    const x = repeatPurchases[i];
    const recency = recencyWeeks[i];
    const age = ageWeeks[i];
    const hasRhythm = x === 0 ? recency === 0 : recency >= 0 && recency <= age;
    const isPossible = Number.isInteger(x) && x >= 0 && age >= 0 && Number.isFinite(age) && hasRhythm;
    const hasValue = Number.isFinite(firstValue[i]) && (x === 0 || Number.isFinite(meanRepeatValue[i]));
    if (isPossible && hasValue) continue;
    throw new BtydInputError(
      'BTYD_CUSTOMER_INVALID',
      `Row ${i} has ${x} repeat purchases, the last ${recency} weeks after the first, an age of ${age} weeks, a first value of ${firstValue[i]} and a mean repeat value of ${meanRepeatValue[i]}, which cannot be.`,
      {
        remedy:
          'Repeat purchases are whole numbers from 0; recency is 0 without any and never above the age; every purchase has a value.',
        values: { row: i, repeatPurchases: x, recencyWeeks: recency, ageWeeks: age },
      },
    );
  }
}
