import { expect, test } from 'vitest';
import { chartFrame } from '../../../src/artefacts/pages/chartParts.ts';

test.each([
  [0, '0'],
  [0.25, '0.25'],
  [-1500, '-1,500'],
  [9_000_000, '9,000,000'],
  [12_500_000, '12.5 million'],
  [-75_000_000_000, '-75 billion'],
])('the vertical axis shows %d as %s, which does not run into its name', (value, shown) => {
  const { yAxis } = chartFrame({ categories: [], xName: '', yName: 'Revenue' });
  expect(yAxis.axisLabel.formatter(value)).toBe(shown);
});
