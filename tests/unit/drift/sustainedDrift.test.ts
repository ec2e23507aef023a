import { expect, test } from 'vitest';
import { alertsInARow, isSustained, sustainedRequestIds } from '../../../src/domain/drift/sustainedDrift.ts';
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
  const id = 'sustained-drift-clv_model_20250101_000000-20250101';
  expect(sustainedRequestIds(history)).toEqual([null, id, id]);
});

/** The requests that windows open which are measured in this order. */
const requests = (...history: Parameters<typeof sustainedRequestIds>[0]) =>
  [...new Set(sustainedRequestIds(history))].filter((id) => id !== null).map((id) => id.slice(-8));

test('a row asks for one search, in whatever order its windows are measured', () => {
  const row = ['2025-01-01', '2025-02-01', '2025-03-01', '2025-04-01'].map((it) => resultOf(it, BAD));
  for (const history of permutations(row)) expect(requests(...history)).toHaveLength(1);
});

test('a row of which a window was asked about that has no row of the history yet does not ask again', () => {
  const [a, b, c] = ['2025-01-01', '2025-02-01', '2025-03-01'].map((cutoff) => resultOf(cutoff, BAD));
  expect(sustainedRequestIds([b, c], [{ id: 'asked', alerts: [a, b] }])).toEqual([null, 'asked']);
  const otherModel = [a, b].map((alert) => ({ ...alert, modelId: 'clv_model_20240101_000000' }));
  expect(sustainedRequestIds([b, c], [{ id: 'asked', alerts: otherModel }])).toEqual([
    null,
    'sustained-drift-clv_model_20250101_000000-20250201',
  ]);
});

test('a window that is measured late, before the row, does not ask again', () => {
  const late = ['2025-02-01', '2025-03-01', '2025-01-01'].map((cutoff) => resultOf(cutoff, BAD));
  expect(requests(...late)).toEqual(['20250201']);
});

test('a window that is measured late and held, within the row, does not make two of it', () => {
  const [a, c, d] = ['2025-01-01', '2025-03-01', '2025-04-01'].map((cutoff) => resultOf(cutoff, BAD));
  expect(requests(a, c, resultOf('2025-02-01', GOOD), d)).toEqual(['20250101']);
});

test('alerts after a window that held, and those of another model, ask anew', () => {
  const [a, b, d, e] = ['2025-01-01', '2025-02-01', '2025-04-01', '2025-05-01'].map((cutoff) =>
    resultOf(cutoff, BAD),
  );
  expect(requests(a, b, resultOf('2025-03-01', GOOD), d, e)).toEqual(['20250101', '20250401']);
  const others = [d, e].map((result) => ({ ...result, modelId: 'clv_model_20250301_000000' }));
  expect(requests(a, b, ...others)).toEqual(['20250101', '20250401']);
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

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
