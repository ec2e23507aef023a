import type { Forest } from '../forest/forest.ts';
import type { Forecaster } from './forecaster.ts';

/**
 * The forest of a model that is nothing else: its forecast is the forest's, or 0 where that is below 0. Null for a model
 * that needs more than the trees of one forest: other contenders, lines in its leaves, a season, a calibration.
 */
export function forestAlone({ contenders, season, calibration }: Forecaster): Forest | null {
  const [only] = contenders;
  const isAlone = contenders.length === 1 && season === null && calibration === 1;
  if (!isAlone || only.name !== 'forest' || only.lines !== null || only.target.kind !== 'identity')
    return null;
  return only.forest;
}
