import { setImmediate } from 'node:timers/promises';
import type { Logger } from 'pino';
import { chartSvg } from '../../artefacts/pages/chartSvg.ts';
import { Duck } from '../../tables/duck.ts';

/**
 * Loads what only the dashboard needs of a process that serves, so that its first reader does not wait for it. Does so in
 * pieces, between which everything else gets its turn.
 */
export async function warmUp(log: Logger): Promise<void> {
  try {
    await setImmediate();
    const duck = await Duck.open({ threads: 1 });
    await duck.rows('SELECT 1');
    duck.close();
    await setImmediate();
    await chartSvg(
      { xAxis: {}, yAxis: {}, series: [{ type: 'line', data: [1, 2] }] },
      { width: 100, height: 100 },
      'nothing',
    );
  } catch (error) {
    log.debug({ err: error }, 'the dashboard could not be made ready ahead of its first reader');
  }
}
