import { describe, expect, test } from 'vitest';
import { addMonths } from '../../src/domain/calendar/dates.ts';
import { historyWindow, predictionWindow } from '../../src/domain/calendar/windows.ts';
import { columnOf } from '../../src/domain/features/matrix.ts';
import { readOrders } from '../../src/orders/readOrders.ts';
import { hasGolden, readTable, sharedFile } from '../golden.ts';
import { ordersSettings } from '../ordersSettings.ts';

const CASES = [
  {
    file: 'features_apparel_20080229_hist12m_pred6m.csv.gz',
    shop: 'apparel',
    cutoff: '2008-02-29',
    history: 12,
    pred: 6,
  },
  {
    file: 'features_apparel_20090331_hist18m_pred11m.csv.gz',
    shop: 'apparel',
    cutoff: '2009-03-31',
    history: 18,
    pred: 11,
  },
  {
    file: 'features_cdnow_19980101_hist9m_pred6m.csv.gz',
    shop: 'cdnow',
    cutoff: '1998-01-01',
    history: 9,
    pred: 6,
  },
];

describe.skipIf(!hasGolden)('features and labels of real customers', () => {
  test.each(CASES)('$file is met for every customer', async ({ file, shop, cutoff, history, pred }) => {
    const golden = readTable(`golden/${file}`);
    const settings = ordersSettings({ source: sharedFile(`data/${shop}.csv.gz`), maxRejectShare: 0 });
    const book = await readOrders(settings, {
      clock: { now: () => Date.UTC(2020, 0, 1) },
      threads: 2,
      quarantine: async () => '',
    });
    try {
      const window = historyWindow(cutoff, history);
      const { customerIds, matrix } = await book.features(window);
      const labels = await book.revenue(window, predictionWindow(cutoff, pred));
      const before = historyWindow(addMonths(cutoff, -3), history);
      const [together] = (await book.featuresOfEach([window, before])).map((it) => it.matrix);
      expect(together).toEqual(matrix);
      expect(customerIds).toEqual(golden.map((row) => row.customer_id).sort());
      const rowOf = new Map(customerIds.map((id, row) => [id, row]));
      for (const row of golden) {
        const i = rowOf.get(row.customer_id) as number;
        for (const name of matrix.featureNames)
          expectClose(columnOf(matrix, name)[i], row[name], `${row.customer_id} ${name}`);
        expectClose(labels[i], row.actual_clv, `${row.customer_id} actual_clv`);
      }
    } finally {
      book.close();
    }
  });
});

function expectClose(value: number, text: string, what: string): void {
  if (text === '') {
    expect(value, what).toBeNaN();
    return;
  }
  const wanted = Number(text);
  if (!(Math.abs(value - wanted) <= 1e-6 * Math.max(1e-3, Math.abs(wanted))))
    expect(value, what).toBe(wanted);
}
