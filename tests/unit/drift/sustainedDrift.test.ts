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

test('windows of one cutoff and other horizons are others, in the order of their ends', () => {
  const long = resultOf('2025-01-01', BAD, { predMonths: 12, windowEnd: '2026-01-01' });
  const ofCutoffs = (...history: Parameters<typeof alertsInARow>[0]) =>
    alertsInARow(history).map(({ cutoff, predMonths }) => `${cutoff} ${predMonths}`);
  // The long window begins first and ends last; the one that held ends before it.
  expect(ofCutoffs(resultOf('2025-01-01', BAD), resultOf('2025-03-01', GOOD), long)).toEqual([
    '2025-01-01 12',
  ]);
  expect(ofCutoffs(long, resultOf('2025-01-01', BAD))).toEqual(['2025-01-01 6', '2025-01-01 12']);
});

test('of windows that end on one day the earlier cutoff comes first', () => {
  const [a, b, c] = ['2025-08-29', '2025-08-30', '2025-08-31'];
  expect(cutoffs(resultOf(c, BAD), resultOf(a, BAD), resultOf(b, BAD))).toEqual([a, b, c]);
});
