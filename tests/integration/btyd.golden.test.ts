import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fitBtyd } from '../../src/domain/btyd/fitBtyd.ts';
import { predictBtyd } from '../../src/domain/btyd/predictBtyd.ts';
import { type BtydSummary, pickCustomers } from '../../src/domain/btyd/summary.ts';
import { evaluateForecast } from '../../src/domain/evaluation/metrics.ts';
import type { OrderBook } from '../../src/orders/orderBook.ts';
import { readOrders } from '../../src/orders/readOrders.ts';
import { hasGolden, readTable, sharedFile } from '../golden.ts';
import { ordersSettings } from '../ordersSettings.ts';

/** Calibration to 1997-09-30, then 39 weeks to 1998-06-30. */
const CALIBRATION = { start: '1997-01-01', end: '1997-10-01' };
const HOLDOUT = { start: '1997-10-01', end: '1998-07-01' };
const WEEKS_AHEAD = 39;

describe.skipIf(!hasGolden)('purchase models of CDNOW', () => {
  let book: OrderBook;
  let customerIds: readonly string[];
  let summary: BtydSummary;
  let sample: BtydSummary;

  beforeAll(async () => {
    book = await readOrders(ordersSettings({ source: sharedFile('data/cdnow.csv.gz'), maxRejectShare: 0 }), {
      clock: { now: () => Date.UTC(2020, 0, 1) },
      threads: 2,
      quarantine: async () => '',
    });
    ({ customerIds } = await book.features(CALIBRATION));
    summary = await book.btydSummary(CALIBRATION);
    const chosen = new Set(readTable('data/cdnow_sample_customers.csv').map((row) => row.customer_id));
    const rows = Uint32Array.from(customerIds.keys()).filter((row) => chosen.has(customerIds[row]));
    sample = pickCustomers(summary, rows);
  });
  afterAll(() => book?.close());

  // Fader, Hardie and Lee (2005), table 2.
  test('the BG/NBD fit of the published sample is the published one', () => {
    const { purchases } = fitBtyd(sample);
    expect(purchases).toMatchObject({ converged: true, atBound: [] });
    expect(purchases.parameters.r).toBeCloseTo(0.2426, 4);
    expect(purchases.parameters.alpha).toBeCloseTo(4.4136, 3);
    expect(purchases.parameters.a).toBeCloseTo(0.7929, 3);
    expect(purchases.parameters.b).toBeCloseTo(2.4259, 3);
    expect(purchases.logLikelihood).toBeCloseTo(-9582.43, 2);
  });

  test('the Pareto/NBD fit of the published sample is the published one', () => {
    const { purchases } = fitBtyd(sample, { process: 'pareto-nbd' });
    expect(purchases).toMatchObject({ converged: true, atBound: [] });
    expect(purchases.parameters.r).toBeCloseTo(0.553, 3);
    expect(purchases.parameters.alpha).toBeCloseTo(10.578, 2);
    expect(purchases.parameters.s).toBeCloseTo(0.606, 3);
    expect(purchases.parameters.beta).toBeCloseTo(11.669, 2);
    expect(purchases.logLikelihood).toBeCloseTo(-9594.98, 2);
  });

  // Fader and Hardie (2013), The Gamma-Gamma Model of Monetary Value.
  test('the Gamma-Gamma fit of the published sample is the published one', () => {
    const { spend } = fitBtyd(sample);
    expect(spend).toMatchObject({ converged: true, atBound: [] });
    expect(spend.parameters.p).toBeCloseTo(6.25, 2);
    expect(spend.parameters.q).toBeCloseTo(3.744, 2);
    expect(spend.parameters.v).toBeCloseTo(15.443, 1);
  });

  test('the forecast of all customers has the errors that were computed independently', async () => {
    const model = fitBtyd(summary);
    const forecast = predictBtyd(model, summary, WEEKS_AHEAD);
    const future = await book.btydSummary({ start: '1970-01-01', end: HOLDOUT.end });
    const bought = future.repeatPurchases.map((x, i) => x - summary.repeatPurchases[i]);
    const purchases = evaluateForecast(forecast.expectedPurchases, bought);
    const revenue = evaluateForecast(forecast.expectedClv, await book.revenue(CALIBRATION, HOLDOUT));
    expect(purchases.mae).toBeCloseTo(0.8187, 4);
    expect(purchases.rmse).toBeCloseTo(1.7329, 4);
    expect(revenue.mae).toBeCloseTo(32.68, 2);
    expect(revenue.rmse).toBeCloseTo(92.94, 2);
    expect(revenue.bias).toBeCloseTo(-0.173, 3);
    expect(revenue.spearman).toBeCloseTo(0.421, 3);
  });
});
