import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeSidecar } from '../../../src/artefacts/sidecar.ts';
import type { DateWindow } from '../../../src/domain/calendar/windows.ts';
import type { OrderBook } from '../../../src/orders/orderBook.ts';
import { watchOpenWindows } from '../../../src/shop/openWindows.ts';

let outputs: string;

beforeEach(async () => {
  outputs = await mkdtemp(`${tmpdir()}/clv-open-windows-`);
});
afterEach(() => rm(outputs, { recursive: true }));

/** Predictions of half a year from October 2025, made with a year of history. */
async function predict(change: Record<string, unknown> = {}): Promise<void> {
  const path = `${outputs}/clv_predictions_20251001_pred6m.csv`;
  await writeFile(path, '');
  await writeSidecar(path, {
    file: 'clv_predictions_20251001_pred6m.csv',
    rows: 2,
    bytes: 0,
    sha256: '',
    model_id: 'clv_model_20251001_000000',
    cutoff: '2025-10-01',
    history_months: 12,
    pred_months: 6,
    predicted_revenue: 5000,
    ...change,
  });
}

/** What two customers brought, by the beginning of their history and the window; in any other window 7 and 3. */
const REVENUE: Readonly<Record<string, readonly [number, number]>> = {
  '2024-10-01: 2025-10-01 to 2026-01-01': [1000, 1800],
  '2023-10-01: 2024-10-01 to 2025-01-01': [500, 400],
  '2023-10-01: 2024-10-01 to 2025-04-01': [600, 400],
};

function bookUpTo(dataEnd: string, openingDate = '2023-10-01'): OrderBook {
  const revenue = async (history: DateWindow, { start, end }: DateWindow) =>
    Float64Array.from(REVENUE[`${history.start}: ${start} to ${end}`] ?? (start === end ? [0, 0] : [7, 3]));
  return { dataEnd, report: { openingDate }, revenue } as unknown as OrderBook;
}
const watch = async (dataEnd: string, openingDate?: string) =>
  (await watchOpenWindows(outputs, bookUpTo(dataEnd, openingDate))).windows;

describe('an open window', () => {
  test('is held against its part of the days, and against the same days of the year before', async () => {
    await predict();
    // 92 of 182 days have passed; by then the year before had brought 900 of 1,000.
    expect(await watch('2026-01-01')).toMatchObject([
      {
        windowEnd: '2026-04-01',
        days: 182,
        daysPassed: 92,
        realised: 2800,
        expected: expect.closeTo((5000 * 92) / 182, 9),
        seasonalShare: expect.closeTo(0.9, 9),
        seasonalExpected: expect.closeTo(4500, 9),
      },
    ]);
  });

  test('has no year before where the orders do not reach back over its whole history', async () => {
    await predict();
    expect(await watch('2026-01-01', '2023-10-02')).toMatchObject([{ realised: 2800, seasonalShare: null }]);
  });

  test('has no year before that is not over itself', async () => {
    await predict({ pred_months: 18 });
    expect(await watch('2026-01-01')).toMatchObject([{ windowEnd: '2027-04-01', seasonalShare: null }]);
  });

  test('opens with its cutoff, and is open for as long as a day of it is to come', async () => {
    await predict();
    expect(await watch('2025-09-30')).toEqual([]);
    expect(await watch('2025-10-01')).toMatchObject([{ daysPassed: 0, realised: 0 }]);
    expect(await watch('2026-03-31')).toMatchObject([{ daysPassed: 181 }]);
    expect(await watch('2026-04-01')).toEqual([]);
  });

  test('is left out where its sidecar does not say what was predicted, or is not there', async () => {
    await predict({ predicted_revenue: undefined });
    await writeFile(`${outputs}/clv_predictions_20251101_pred6m.csv`, '');
    expect(await watch('2026-01-01')).toEqual([]);
  });
});
