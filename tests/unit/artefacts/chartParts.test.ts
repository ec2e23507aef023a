import { expect, test } from 'vitest';
import { chartFrame, chartOf, lineSeries } from '../../../src/artefacts/pages/chartParts.ts';

test.each([
  [0, '0'],
  [0.25, '0.25'],
  [-1500, '−1,500'],
  [9_000_000, '9,000,000'],
  [12_500_000, '12.5 million'],
  [-75_000_000_000, '−75 billion'],
])('the vertical axis shows %d as %s, which does not run into its name', (value, shown) => {
  const { yAxis } = chartFrame({ categories: [], xName: '', yName: 'Revenue' }, []);
  expect(yAxis.axisLabel.formatter(value)).toBe(shown);
});

test('a line without points has no dot in the legend either, which would make it look like another', () => {
  const axes = { categories: ['a', 'b'], xName: '', yName: '' };
  const { legend } = chartOf(axes, [
    lineSeries('RMSE', '#000000', [1, 2]),
    lineSeries('Alert above', '#c8402a', [1, 1], { hasPoints: false, dash: 'dashed' }),
  ]);
  expect(legend.data).toEqual([
    { name: 'RMSE', icon: undefined },
    { name: 'Alert above', icon: expect.stringMatching(/^path:/) },
  ]);
});

test('a legend has the room below it that its lines take', () => {
  const names = ['champion', 'btyd', 'boosted', 'forest_btyd', 'forest', 'rate', 'mean'];
  const axes = { categories: [], xName: '', yName: '' };
  const topOf = (isNarrow: boolean) => chartFrame(axes, names, isNarrow).grid.top;
  expect(topOf(false)).toBe(chartFrame(axes, ['RMSE']).grid.top);
  expect(topOf(true)).toBeGreaterThan(chartFrame(axes, ['RMSE'], true).grid.top);
});
