import { expect, test } from 'vitest';
import { scaleOf } from '../../../src/artefacts/pages/chartScale.ts';

test.each([
  [[12, 315], { min: 0, max: 400, interval: 100 }],
  [[-58, 70], { min: -100, max: 100, interval: 50 }],
  [[51.9e9], { min: 0, max: 60e9, interval: 20e9 }],
  [[0, 0], { min: 0, max: 1, interval: 1 }],
])('an axis of %j ends at a mark, so that no two marks stand close together', (values, scale) => {
  expect(scaleOf(values)).toEqual(scale);
});
