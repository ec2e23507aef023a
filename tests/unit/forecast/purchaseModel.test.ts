import { expect, test } from 'vitest';
import { fitActivity } from '../../../src/domain/btyd/fitActivity.ts';
import { predictRevenueDistributions } from '../../../src/domain/btyd/revenueDistributions.ts';
import { pickCustomers } from '../../../src/domain/btyd/summary.ts';
import { fitActivityModel, fitPurchaseModel } from '../../../src/domain/forecast/purchases/purchaseModel.ts';
import { revenueDistributionsOf } from '../../../src/domain/forecast/purchases/revenueDistributionsOf.ts';

const NEW = 1200;
const OLD = 300;

/** New customers who bought once, or again where said, and old ones who did. */
function summaryOf(doNewOnesComeBack: boolean) {
  const age = (i: number): number => (i < NEW ? 30 : 150);
  const comesBack = (i: number): boolean => (i < NEW ? doNewOnesComeBack : true) && i % 3 > 0;
  const column = (of: (i: number) => number) => Float64Array.from({ length: NEW + OLD }, (_, i) => of(i));
  return {
    repeatPurchases: column((i) => (comesBack(i) ? 1 + (i % 5) : 0)),
    recencyWeeks: column((i) => (comesBack(i) ? age(i) - 1 - (i % 20) : 0)),
    ageWeeks: column(age),
    meanRepeatValue: column((i) => (comesBack(i) ? 20 + (i % 7) : Number.NaN)),
    firstValue: column((i) => 20 + (i % 7)),
  };
}

test('a purchase model is fitted on the customers who came lately, and on all where nobody of those came back', () => {
  const season = { anchor: '2026-01-01', index: [...new Array<number>(11).fill(0.9), 2.1], shift: null };
  for (const time of [null, season]) {
    const [young, everybody] = [true, false].map((doThey) =>
      fitPurchaseModel(summaryOf(doThey), time, '2026-01-01'),
    );
    expect(young).toMatchObject({ model: { customers: NEW }, season: time });
    expect(everybody).toMatchObject({ model: { customers: NEW + OLD, repeatCustomers: 200 }, season: time });
  }
});

test('who is active is learned from the same customers', () => {
  for (const doNewOnesComeBack of [true, false]) {
    const summary = summaryOf(doNewOnesComeBack);
    const btyd = fitPurchaseModel(summary, null, '2026-01-01');
    if (btyd === null) throw new Error('There is no purchase model.');
    const those = doNewOnesComeBack
      ? pickCustomers(
          summary,
          Uint32Array.from({ length: NEW }, (_, i) => i),
        )
      : summary;
    expect(fitActivityModel(btyd, summary, '2026-01-01')).toEqual({
      model: fitActivity(btyd.model, those),
      season: null,
    });
  }
});

test('where only an outlier came back there is none, and an outlier is not learned from otherwise', () => {
  const alone = summaryOf(false);
  alone.repeatPurchases.fill(0);
  alone.recencyWeeks.fill(0);
  alone.meanRepeatValue.fill(Number.NaN);
  const outlier = {
    repeatPurchases: 4,
    recencyWeeks: 120,
    ageWeeks: 150,
    meanRepeatValue: 1e6,
    firstValue: 1e6,
  };
  const setLast = (summary: ReturnType<typeof summaryOf>) => {
    for (const name of Object.keys(outlier) as (keyof typeof outlier)[])
      summary[name][NEW + OLD - 1] = outlier[name];
    return summary;
  };
  expect(fitPurchaseModel(setLast(alone), null, '2026-01-01')).toBeNull();
  const fitted = fitPurchaseModel(setLast(summaryOf(false)), null, '2026-01-01');
  expect(fitted).toMatchObject({ model: { customers: NEW + OLD - 1 } });
});

test('where nobody came back there is none', () => {
  const none = summaryOf(false);
  none.repeatPurchases.fill(0);
  none.recencyWeeks.fill(0);
  none.meanRepeatValue.fill(Number.NaN);
  expect(fitPurchaseModel(none, null, '2026-01-01')).toBeNull();
});

test('customers who cannot be are an error, and no shop without a purchase model', () => {
  const odd = summaryOf(true);
  // The last purchase of the second customer would be after the cutoff.
  odd.recencyWeeks[1] = odd.ageWeeks[1] + 1;
  expect(() => fitPurchaseModel(odd, null, '2026-01-01')).toThrow(
    expect.objectContaining({ code: 'BTYD_CUSTOMER_INVALID' }),
  );
});

test('the distributions of a window are those of its days, in weeks', () => {
  const summary = summaryOf(true);
  const fitted = fitPurchaseModel(summary, null, '2026-01-01');
  if (fitted === null) throw new Error('There is no purchase model.');
  const tenWeeks = { start: '2026-01-01', end: '2026-03-12' };
  expect(revenueDistributionsOf(fitted, { summary, window: tenWeeks })).toEqual(
    predictRevenueDistributions(fitted.model, summary, 10),
  );
});
