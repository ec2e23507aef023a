import { expect, test } from 'vitest';
import { drawHeatMap, type HeatMap } from '../../../src/artefacts/pages/heatMap.ts';
import { colourAt, contrast, inkOn } from '../../../src/artefacts/pages/heatMapColours.ts';

function mapOf(rows: number, columns: number): HeatMap {
  const labels = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i + 1));
  return {
    title: 'RMSE by window, in the currency of the orders',
    subtitle: 'Orders from 2023-01-01 to before 2026-01-01; rolling origins, 4 folds each',
    columns: { name: 'Months predicted', labels: labels(columns) },
    rows: { name: 'Months of history', labels: labels(rows) },
    cells: Array.from({ length: rows * columns }, (_, i) => ({
      column: i % columns,
      row: Math.floor(i / columns),
      value: 1e6 + i,
      lines: ['1,000,000', '± 1,000'],
      isOutlined: i === 0,
    })),
    scale: { name: 'RMSE', best: 'low' },
    legend: 'Outlined: proposed window.  Hatched: skipped.  Darker is better.',
  };
}

/** Width and height as a PNG states them in its header. */
async function sizeOf(map: HeatMap): Promise<{ readonly width: number; readonly height: number }> {
  const png = Buffer.from(await drawHeatMap(map));
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}

test('the text of a cell stands out from every colour', () => {
  for (let share = 0; share <= 1; share += 0.001) {
    const colour = colourAt(share);
    expect(contrast(inkOn(colour), colour), colour).toBeGreaterThan(4.3);
  }
});

test('the best value is dark and the poorest is light, whatever lies in between', () => {
  const luminances = [0, 0.25, 0.5, 0.75, 1].map((share) => contrast(colourAt(share), '#000000'));
  expect(luminances).toEqual(luminances.toSorted((a, b) => a - b));
});

test('a map of one cell is as wide as its title and legend need', async () => {
  const { width, height } = await sizeOf(mapOf(1, 1));
  expect(width).toBe(2 * 760);
  expect(height).toBeGreaterThan(2 * 300);
});

test('a map of many cells stays a picture that can be opened', async () => {
  const { width, height } = await sizeOf(mapOf(20, 40));
  expect(width).toBeGreaterThan(6000);
  expect(width).toBeLessThan(8000);
  expect(height).toBeGreaterThan(20 * 60);
});
