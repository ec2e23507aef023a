import { expect, test } from 'vitest';
import { COLOURS } from '../../../src/artefacts/pages/chartParts.ts';
import { CONTENDERS } from '../../../src/artefacts/pages/trainingReportCharts.ts';

/** What people see of red, green and blue light who see all colours, or have no cones for green, or for red (Machado 2009). */
const SIGHTS = {
  usual: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
};

function lightOf(colour: string): number[] {
  return [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
}

/** Lightness, red against green and yellow against blue of a colour as it is seen: CIELAB. */
function seen(colour: string, sight: readonly number[]): number[] {
  const light = lightOf(colour);
  const [r, g, b] = [0, 3, 6].map((row) =>
    Math.min(1, Math.max(0, light[0] * sight[row] + light[1] * sight[row + 1] + light[2] * sight[row + 2])),
  );
  const [x, y, z] = [
    (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
    0.2126 * r + 0.7152 * g + 0.0722 * b,
    (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
  ].map((it) => (it > 0.008856 ? Math.cbrt(it) : 7.787 * it + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

test.each(Object.entries(SIGHTS))('the forecasts of a report can be told apart with %s sight', (_, sight) => {
  const colours = [COLOURS.predicted, ...CONTENDERS];
  for (const [i, a] of colours.entries()) {
    for (const b of colours.slice(i + 1)) {
      const [from, to] = [seen(a, sight), seen(b, sight)];
      expect(Math.hypot(...from.map((it, k) => it - to[k])), `${a} ${b}`).toBeGreaterThan(18);
    }
  }
});
