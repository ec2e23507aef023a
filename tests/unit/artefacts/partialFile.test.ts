import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readPartial, writePartial } from '../../../src/artefacts/run/partialFile.ts';

let outputs: string;

beforeEach(async () => {
  outputs = await mkdtemp(`${tmpdir()}/clv-partial-`);
  await mkdir(`${outputs}/monitoring`);
});
afterEach(() => rm(outputs, { recursive: true }));

test('an open window in a currency of which a fraction is a fortune keeps its amounts', async () => {
  const name = await writePartial(outputs, '2025-02-01', [
    {
      file: 'clv_predictions_20250101_pred2m.csv',
      modelId: 'clv_model_20250101_000000',
      cutoff: '2025-01-01',
      windowEnd: '2025-03-01',
      customers: 2,
      days: 59,
      daysPassed: 31,
      sharePassed: 31 / 59,
      predicted: 0.0059,
      expected: 0.0031,
      ratio: 1.5,
      realised: 0.00465,
      seasonalShare: 0.5,
      seasonalExpected: 0.00295,
      seasonalRatio: 0.00465 / 0.00295,
    },
  ]);
  expect(await readPartial(outputs, name)).toEqual([
    {
      asOf: '2025-02-01',
      file: 'clv_predictions_20250101_pred2m.csv',
      realised: 0.00465,
      expected: 0.0031,
      seasonalExpected: 0.00295,
    },
  ]);
});
