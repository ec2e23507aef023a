import type { Random } from '../../random.ts';
import type { ForestParams } from '../params.ts';

/**
 * Draws the rows of one tree and counts how often each row is in its bag.
 *
 * @param counts receives one count a row; what was in it before is overwritten.
 * @returns how many different rows were drawn.
 */
export function drawBag(
  random: Random,
  params: Pick<ForestParams, 'bootstrap' | 'rowsShare'>,
  counts: Uint16Array,
): number {
  const rows = counts.length;
  const wanted = Math.max(1, Math.round(rows * params.rowsShare));
  if (!params.bootstrap && wanted === rows) {
    counts.fill(1);
    return rows;
  }
  counts.fill(0);
  if (params.bootstrap) {
    for (let i = 0; i < wanted; i++) counts[random.below(rows)]++;
    let different = 0;
    for (let row = 0; row < rows; row++) different += counts[row] === 0 ? 0 : 1;
    return different;
  }
  // Selection sampling (Knuth, TAOCP 3.4.2, algorithm S).
  for (let row = 0, left = wanted; left > 0; row++) {
    if (random.uniform() * (rows - row) < left) {
      counts[row] = 1;
      left--;
    }
  }
  return wanted;
}
