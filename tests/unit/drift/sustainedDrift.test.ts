import { expect, test } from 'vitest';
import { alertsInARow, isSustained, sustainedRequestId } from '../../../src/domain/drift/sustainedDrift.ts';
import { resultOf } from './driftResults.ts';

const [GOOD, BAD] = [50, 70];
const cutoffs = (...history: Parameters<typeof alertsInARow>[0]) =>
  alertsInARow(history).map(({ cutoff }) => cutoff);

test('one alert is no sustained drift, two in consecutive windows are', () => {
  const one = [resultOf('2025-01-01', GOOD), resultOf('2025-02-01', BAD)];
  expect(isSustained(alertsInARow(one))).toBe(false);
  expect(isSustained(alertsInARow([...one, resultOf('2025-03-01', BAD)]))).toBe(true);
});

test('a window that held between two alerts breaks the row', () => {
  const history = [resultOf('2025-01-01', BAD), resultOf('2025-02-01', GOOD), resultOf('2025-03-01', BAD)];
  expect(cutoffs(...history)).toEqual(['2025-03-01']);
});

test('a window that held belongs to no row', () => {
  expect(cutoffs(resultOf('2025-01-01', BAD), resultOf('2025-02-01', GOOD))).toEqual([]);
  expect(cutoffs()).toEqual([]);
});

test('a window that is measured again counts once, with its latest result', () => {
  const again = resultOf('2025-01-01', BAD + 1);
  expect(cutoffs(resultOf('2025-01-01', BAD), again)).toEqual(['2025-01-01']);
  const healed = resultOf('2025-01-01', GOOD);
  expect(cutoffs(resultOf('2025-01-01', BAD), healed, resultOf('2025-02-01', BAD))).toEqual(['2025-02-01']);
});

test('alerts of another model do not count', () => {
  const other = resultOf('2025-01-01', BAD, { modelId: 'clv_model_20240101_000000' });
  expect(cutoffs(other, resultOf('2025-02-01', BAD))).toEqual(['2025-02-01']);
});

test('windows count in their own order, not in the order in which they were measured', () => {
  const late = [resultOf('2025-03-01', BAD), resultOf('2025-01-01', BAD), resultOf('2025-02-01', BAD)];
  expect(cutoffs(...late)).toEqual(['2025-01-01', '2025-02-01', '2025-03-01']);
  const between = [resultOf('2025-03-01', BAD), resultOf('2025-02-01', GOOD), resultOf('2025-01-01', BAD)];
  expect(cutoffs(...between)).toEqual(['2025-01-01']);
});

test('a row that grows asks for one search', () => {
  const history = ['2025-01-01', '2025-02-01', '2025-03-01'].map((cutoff) => resultOf(cutoff, BAD));
  const ids = [2, 3].map((length) => sustainedRequestId(alertsInARow(history.slice(0, length))));
  expect(new Set(ids)).toEqual(new Set(['sustained-drift-clv_model_20250101_000000-20250101']));
});
