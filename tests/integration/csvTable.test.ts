import { afterEach, beforeEach, expect, test } from 'vitest';
import { predictionsOf, readPredictions, writePredictions } from '../../src/artefacts/run/predictions.ts';
import { BASE_FEATURES } from '../../src/domain/features/chooseFeatures.ts';
import { allocateMatrix } from '../../src/domain/features/matrix.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

let folder: TemporaryHome;

beforeEach(async () => {
  folder = await makeHome();
});
afterEach(() => folder.remove());

async function writtenAndRead(customerIds: readonly string[]): Promise<readonly string[]> {
  const path = `${folder.home.outputs}/predictions.csv`;
  const matrix = allocateMatrix([...BASE_FEATURES], customerIds.length);
  await writePredictions(path, predictionsOf(customerIds, matrix, new Float64Array(customerIds.length)));
  return (await readPredictions(path, customerIds.length)).customerIds;
}

test.each([
  ['begin with #', ['#1', '2', '3']],
  ['hold commas, quotes and line breaks', ['a,b', 'a"b', 'a\nb', '"a\r\n"', '=1+1', "'", 'a\\']],
])('files of customers whose ids %s have every row when they are read again', async (_what, ids) => {
  expect(await writtenAndRead(ids)).toEqual(ids);
});
