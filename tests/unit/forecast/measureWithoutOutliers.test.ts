import { expect, test } from 'vitest';
import {
  measurePairWithoutOutliers,
  measureWithoutOutliers,
} from '../../../src/domain/evaluation/measureWithoutOutliers.ts';
import { evaluateForecast } from '../../../src/domain/evaluation/metrics.ts';

const actual = Float64Array.from({ length: 300 }, (_, i) => i % 50);
const predicted = actual.map((value, i) => value + (i % 3));

test('a forecast is measured without who spent, or of whom was forecast, far more than of any other', () => {
  const found = measureWithoutOutliers(
    Float64Array.of(10, ...predicted, 1e5),
    Float64Array.of(1e6, ...actual, 7),
  );
  expect(found).toEqual({
    outliers: [
      { row: 0, actual: 1e6, predicted: 10 },
      { row: 301, actual: 7, predicted: 1e5 },
    ],
    metrics: evaluateForecast(predicted, actual),
  });
});

test('where nobody is that large there is nothing to leave out', () => {
  expect(measureWithoutOutliers(predicted, actual)).toBeNull();
  expect(measurePairWithoutOutliers({ first: predicted, second: actual, actual })).toBeNull();
});

test('two forecasts are measured without whom either of them makes an outlier', () => {
  const found = measurePairWithoutOutliers({
    first: Float64Array.of(10, ...predicted, 7),
    second: Float64Array.of(10, ...actual, 1e5),
    actual: Float64Array.of(1e6, ...actual, 7),
  });
  expect(found).toEqual({ rows: [0, 301], rmse: [evaluateForecast(predicted, actual).rmse, 0] });
});
