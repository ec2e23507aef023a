import { expect, test } from 'vitest';
import { gridSearchMaps } from '../../../src/artefacts/search/gridSearchMaps.ts';

type Asked = Parameters<typeof gridSearchMaps>;

test.each([
  [178.39, 44.179, ['178.4', '± 44.2']],
  [45.2, 5.1, ['45.20', '± 5.10']],
  [12_345.6, 98.7, ['12,346', '± 99']],
])('an RMSE of %d and its spread of %d have as many decimals', (mean, std, lines) => {
  const { rmse } = mapsOf({ mean, std }, [6]);
  expect(rmse.cells[0].lines).toEqual([...lines, '0.700 × naive forecast']);
});

test('the legend speaks of skipped windows only where there are any', () => {
  const spread = { mean: 1, std: 0.1 };
  expect(mapsOf(spread, [6]).r2.legend).toBe('Outlined: proposed window.  Darker is better.');
  expect(mapsOf(spread, [6, 9]).r2.legend).toBe(
    'Outlined: proposed window.  Hatched: skipped.  Darker is better.',
  );
});

/** The maps of a search in which 12 months of history and 6 predicted were evaluated. */
function mapsOf(ofRmse: { mean: number; std: number }, predMonths: readonly number[]) {
  const metrics = { rmse: ofRmse, rmse_skill: { mean: 0.7, std: 0.1 }, r2: { mean: 0.5, std: 0.1 } };
  const combination = {
    historyMonths: 12,
    predMonths: 6,
    status: 'evaluated',
    folds: [1, 2],
    rank: 1,
    metrics,
  };
  const outcome = { combinations: [combination], winner: combination, isTieWithinNoise: false };
  const settings = { historyMonths: [12], predMonths, rmseBasis: 'skill' };
  const span = { firstDate: '2024-01-01', dataEnd: '2026-01-01' };
  return gridSearchMaps(outcome as unknown as Asked[0], settings as unknown as Asked[1], span as Asked[2]);
}
