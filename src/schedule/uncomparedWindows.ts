import type { MaturingWindow } from '../../queues/maturity.ts';
import { readDriftHistory } from '../alerts/driftHistory.ts';
import type { Home } from '../config/home.ts';
import { dueInstant, type MaturityRules } from '../domain/calendar/maturity.ts';
import { predictionSidecars, stageOfPrediction, windowOf } from './maturingWindows.ts';

/**
 * The windows whose months have passed and that nobody has compared with what customers spent. Throws FolderUnreadableError,
 * DriftHistoryDamagedError.
 *
 * @param nowMs since 1970 UTC.
 */
export async function uncomparedWindows(
  home: Home,
  rules: MaturityRules,
  nowMs: number,
): Promise<MaturingWindow[]> {
  const history = await readDriftHistory(home);
  const { sidecars } = await predictionSidecars(home);
  const found: MaturingWindow[] = [];
  for (const sidecar of sidecars.filter((it) => dueInstant(windowOf(it), rules) <= nowMs)) {
    const stage = await stageOfPrediction(home, sidecar, async () => history);
    if (stage === 'maturing' || stage === 'merged') found.push(windowOf(sidecar));
  }
  return found;
}
