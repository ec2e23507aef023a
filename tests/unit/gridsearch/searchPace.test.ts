import { expect, test } from 'vitest';
import { SearchPace } from '../../../workers/modelBuild/searchPace.ts';

const cells = [3, 6, 9].map((predMonths) => ({
  historyMonths: 12,
  predMonths,
  folds: predMonths === 9 ? 0 : 4,
}));
const [first, second, skipped] = cells;

test('cells that run side by side tell one count of folds, which never falls when one of them ends', () => {
  const pace = SearchPace.of('side by side', cells, []);
  pace.begin(first);
  const same = SearchPace.of('side by side', cells, []);
  same.begin(second);
  pace.foldDone(first);
  expect(same.foldDone(second)).toBe(0.25);
  expect(pace.figures).toMatchObject({ cells_done: 0, cells: 3, folds_done: 2, folds: 8 });
  for (let fold = 1; fold < 4; fold++) pace.foldDone(first);
  expect(SearchPace.of('side by side', cells, [first]).figures).toMatchObject({
    cells_done: 1,
    folds_done: 5,
  });
});

test('what another process has finished counts as done, and a cell that is begun once more starts anew', () => {
  const pace = SearchPace.of('again', cells, [first, skipped]);
  expect(pace.figures).toMatchObject({ cells_done: 2, folds_done: 4, seconds_left: null });
  pace.begin(first);
  expect(pace.figures).toMatchObject({ cells_done: 1, folds_done: 0 });
  expect(pace.words(first)).toBe('12 -> 3 months; 1 of 3 cells, 0 of 8 folds');
});
