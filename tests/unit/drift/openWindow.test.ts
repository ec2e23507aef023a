import { expect, test } from 'vitest';
import { measureOpenWindow } from '../../../src/domain/drift/openWindow.ts';

const window = { start: '2025-01-01', end: '2025-04-11' };
const facts = { window, asOf: '2025-01-26', predicted: 4000, realised: 900, yearBefore: null };

test('a quarter of the days is expected to bring a quarter of the prediction', () => {
  expect(measureOpenWindow(facts)).toMatchObject({
    days: 100,
    daysPassed: 25,
    sharePassed: 0.25,
    expected: 1000,
    ratio: 0.9,
    seasonalShare: null,
    seasonalRatio: null,
  });
});

test('the year before says which share of the window came by the same day', () => {
  const yearBefore = { toDate: 300, whole: 1000 };
  const progress = measureOpenWindow({ ...facts, yearBefore });
  expect(progress).toMatchObject({
    ratio: 0.9,
    seasonalShare: 0.3,
    seasonalExpected: 1200,
    seasonalRatio: 0.75,
  });
});

test('on the first day nothing is expected, and there is no ratio', () => {
  expect(measureOpenWindow({ ...facts, asOf: window.start, realised: 0 })).toMatchObject({
    daysPassed: 0,
    expected: 0,
    ratio: null,
  });
});

test('a year before without revenue is no yardstick', () => {
  expect(measureOpenWindow({ ...facts, yearBefore: { toDate: 0, whole: 0 } }).seasonalShare).toBeNull();
});

test('a window is not more than over', () => {
  expect(measureOpenWindow({ ...facts, asOf: '2026-01-01' })).toMatchObject({
    daysPassed: 100,
    sharePassed: 1,
    expected: 4000,
  });
});

test('returns that outweigh purchases are no yardstick, neither predicted nor of the year before', () => {
  const yearBefore = { toDate: -10, whole: -50 };
  expect(measureOpenWindow({ ...facts, predicted: -4000, yearBefore })).toMatchObject({
    ratio: null,
    seasonalShare: null,
    seasonalRatio: null,
  });
});
