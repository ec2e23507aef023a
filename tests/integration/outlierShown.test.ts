import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeTraining } from '../../src/cli/summaries.ts';
import { predictionWindow } from '../../src/domain/calendar/windows.ts';
import { amount } from '../../src/domain/words/amount.ts';
import { readChampion } from '../../src/registry/champion.ts';
import {
  type ComparisonRecord,
  comparisonPath,
  readComparison,
} from '../../src/registry/comparisonRecord.ts';
import { type ModelCard, writeCard } from '../../src/registry/modelCard.ts';
import { mergeActualsProcessor } from '../../workers/maturity/mergeActuals.ts';
import { monitorDriftProcessor } from '../../workers/maturity/monitorDrift.ts';
import { compareModelsProcessor } from '../../workers/modelBuild/compareModels.ts';
import { lazyPool, openProcessorBench, writeTestPredictions } from '../maturedWindow.ts';
import { usualCustomers } from '../oddShops.ts';
import { playRun } from '../playedRun.ts';
import { TEST_CLOCK } from '../runOnQueues.ts';
import { makeHome } from '../temporaryHome.ts';
import { writeTestCandidate } from '../testModel.ts';

const pool = lazyPool();
const SLIP = { customer: 'usual-7', revenue: '5000000.00' };
let card: ModelCard;
let report: string;
let comparison: ComparisonRecord;

beforeAll(async () => {
  const orders = usualCustomers(2);
  // One of the customer's orders of the last month, which the model is measured on.
  const slipped = orders.findLastIndex(({ customer }) => customer === SLIP.customer);
  const played = await playRun(orders.with(slipped, { ...orders[slipped], ...SLIP }), pool);
  card = await readChampion(played.home);
  report = await readFile(`${played.home.outputs}/${card.report?.html.file}`, 'utf8');
  const other = { ...card, model_id: 'clv_model_20260101_120001' };
  await writeCard(played.home, other);
  const request = { modelId: card.model_id, otherId: other.model_id, orders: null };
  await openProcessorBench(played.home, pool).run(compareModelsProcessor, request, TEST_CLOCK.now());
  const { start } = predictionWindow(card.metrics.out_of_time.measured_cutoff, card.pred_months);
  const made = await readComparison(comparisonPath(played.home.outputs, [card, other], start));
  comparison = made as ComparisonRecord;
  await played.remove();
});
afterAll(() => pool.close());

test('the card names who decides its baseline alone, and says what it is without', () => {
  const { out_of_time, without_outliers: rest } = card.metrics;
  expect(rest?.outliers).toEqual([
    { customer_id: SLIP.customer, actual: expect.any(Number), predicted: expect.any(Number) },
  ]);
  expect(rest?.customers).toBe(out_of_time.customers - 1);
  expect(out_of_time.rmse).toBeGreaterThan(1000);
  expect(rest?.rmse).toBeLessThan(200);
});

test('report and command show both figures', () => {
  expect(report).toMatch(
    /<b>One customer is more than ten times as large as any other<\/b>.*Without that customer, the RMSE/,
  );
  expect(report).not.toContain(SLIP.customer);
  const said = describeTraining({
    ...card.metrics,
    ...{ model_id: card.model_id, status: 'candidate', champion: null, cutoff: card.cutoff },
    ...{ code_commit: 'x', first_score_cutoff: null, orders: null, report: null, loses_to: [] },
  });
  expect(said).toMatch(
    /^Look at +customer usual-7, .*: spent 5,?000,?\d{3}\.\d\d, forecast .*\n +Without this customer: RMSE/m,
  );
});

test('a comparison tells how both models do without that customer', () => {
  const { rmse } = card.metrics.without_outliers as NonNullable<ModelCard['metrics']['without_outliers']>;
  expect(comparison.notes.at(-1)).toBe(
    `Customer ${SLIP.customer}, more than ten times as large as any other, can decide the errors alone: without this customer, the RMSE of ${card.model_id} is ${amount(rmse)} and that of clv_model_20260101_120001 ${amount(rmse)}.`,
  );
});

test('a drift alert does so too', async () => {
  const folder = await makeHome();
  try {
    const ids = Array.from({ length: 150 }, (_, i) => `c${i}`);
    const rows = ids.map((id, i) => `${id},2025-01-10,${i === 3 ? 900_000 : 20}\n`);
    await folder.write('orders.csv', `customer_id,order_date,revenue\n${rows.join('')}c0,2025-03-01,5\n`);
    await folder.configure('  orders: null', '  orders: orders.csv');
    await folder.configure('order_id: order_id', 'order_id: null');
    await writeTestCandidate(folder.home, 'clv_model_20240101_000000');
    const bench = openProcessorBench(folder.home, pool);
    const run = { cutoff: '2025-01-01', predMonths: 1, modelId: 'clv_model_20240101_000000' };
    await writeTestPredictions(folder.home, run, Object.fromEntries(ids.map((id) => [id, 21])));
    const window = { cutoff: run.cutoff, predMonths: 1 };
    for (const step of [mergeActualsProcessor, monitorDriftProcessor])
      await bench.run(step, window, Date.UTC(2026, 0, 1, 12));
    const alert = 'drift_alert_clv_predictions_actual_20250101_pred1m.md';
    const text = await readFile(`${folder.home.outputs}/${alert}`, 'utf8');
    // More than one resample in forty leaves that customer out.
    expect(text).toContain(
      '- Chance may be part of that, because a few customers can decide this figure. With other customers of the same kind, the RMSE would lie between 1.00 and ',
    );
    expect(text).toContain(
      '- Customer c3, more than ten times as large as any other, can decide these figures alone: without this customer, the RMSE is 1.00,',
    );
  } finally {
    await folder.remove();
  }
});
